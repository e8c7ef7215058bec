"""Every route, every role, every creditor: compared with the table of who may do what."""
