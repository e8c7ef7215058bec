"""Room: the pages of imports."""
