"""Room: how parties are written in templates."""
