"""Room: the pages on which rules are read and kept."""
