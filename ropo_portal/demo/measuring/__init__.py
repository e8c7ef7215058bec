"""Room: measurements against targets, on databases made for them and dropped."""
