"""Room: how history is told in templates."""
