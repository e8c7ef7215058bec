"""Room: invoices that come in files."""
