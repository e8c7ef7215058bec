"""Room: the screens of the outbox."""
