"""What Ropo's known status codes and words mean; an unknown one is information, never an error."""

from __future__ import annotations

from enum import StrEnum


class StatusKind(StrEnum):
    """The two kinds of status update that were ever seen."""

    PAYMENT = "payment"
    COMMENT = "comment"


class CustomerInvoiceState(StrEnum):
    """Where a debtor's invoice stands, in the words of the look-up by customer."""

    INVOICING = "invoicing"
    DUE = "due"
    REMINDER = "reminder"
    COLLECTION = "collection"
    PAID = "paid"


# Codes stay opaque text: the list is known to be incomplete.
MESSAGE = "98"
CAPITAL_PAID = "101"
UPDATE_CODES: dict[str, str] = {MESSAGE: "Message", CAPITAL_PAID: "Capital paid"}

PAID_TO_PRINCIPAL = "1"
CASH_DISCOUNT = "8"
PAYMENT_KINDS: dict[str, str] = {PAID_TO_PRINCIPAL: "Paid to the creditor", CASH_DISCOUNT: "Cash discount"}

# The scale of a job's current and next status; 2 is inferred from the job types.
JOB_STATUSES: dict[str, str] = {
    "-1": "No next status",
    "0": "Invoicing",
    "1": "Reminder",
    "2": "Debt collection",
}


def update_meaning(code: str) -> str:
    """The meaning of a status update's code, or nothing when the code is not known."""
    return UPDATE_CODES.get(code.strip(), "")


def payment_meaning(kind: str) -> str:
    """The meaning of the number a payment update carries as its text."""
    return PAYMENT_KINDS.get(kind.strip(), "")


def job_meaning(status: str) -> str:
    """The meaning of a job's current or next status."""
    return JOB_STATUSES.get(status.strip(), "")
