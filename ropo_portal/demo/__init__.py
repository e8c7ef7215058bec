"""Room: the demonstration: invented creditors, a first set of invoices, and the whole portal in one command."""
