"""Room: the screens of finding."""
