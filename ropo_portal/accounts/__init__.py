"""Room: who may act, for whom, with which keys."""
