"""Room: debtors, and the pages on which creditors and debtors are kept."""
