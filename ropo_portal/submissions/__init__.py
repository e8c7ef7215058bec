"""Room: the outbox: what was promised, every try at sending it, and what is known of its fate."""
