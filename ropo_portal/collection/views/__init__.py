"""Room: the screens of collection."""
