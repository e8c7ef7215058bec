"""The stand-in Ropo One: a separate process with a memory, real HTTP, and faults on request."""
