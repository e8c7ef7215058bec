"""Room: moving an unpaid claim one legal step on: reminder or debt collection, never both."""
