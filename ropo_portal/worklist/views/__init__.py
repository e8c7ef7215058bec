"""Room: the screens of the work list and of the dashboard."""
