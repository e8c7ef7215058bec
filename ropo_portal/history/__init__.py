"""Room: who did what, when, and why; append-only and chained by hash for each creditor."""
