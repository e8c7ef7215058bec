"""Room: invoices: written by a clerk, posted once, never changed after that."""
