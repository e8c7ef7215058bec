"""Room: practice: a place where everything may go wrong, because nothing leaves the house."""
