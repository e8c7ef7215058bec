"""Room: the screens of invoices."""
