"""Room: words the templates of the outbox speak."""
