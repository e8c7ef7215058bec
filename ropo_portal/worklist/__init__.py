"""Room: what is to be done today, and how the money stands."""
