"""Room: commands about files of invoices."""
