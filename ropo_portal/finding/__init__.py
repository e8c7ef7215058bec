"""Room: finding things in every room at once, and the lists one comes back to."""
