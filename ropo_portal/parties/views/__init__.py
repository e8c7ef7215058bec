"""Room: the pages on which creditors and debtors are kept."""
