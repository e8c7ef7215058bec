"""Room: the shape of what is typed about creditors and debtors."""
