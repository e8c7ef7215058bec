"""What may follow an invoice: reminder (1), debt collection (2), bypass payment and a credit note's allocation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ropo_portal.ropo_one.environments import Endpoint
from ropo_portal.ropo_one.messages.invoices import channel_members, row_members
from ropo_portal.ropo_one.messages.optional import Job, optional_members
from ropo_portal.ropo_one.messages.recipients import recipient_members
from ropo_portal.ropo_one.messages.wire import (
    Message,
    MessageError,
    amount_text,
    date_text,
    decimal_of,
    jobs_message,
    without_empty,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal

    from ropo_portal.ropo_one.messages.invoices import Channel, Row
    from ropo_portal.ropo_one.messages.recipients import Recipient
    from ropo_portal.ropo_one.messages.wire import (
        Wire,
    )


@dataclass(frozen=True)
class Reminder:
    """A reminder of an invoice that was sent otherwise; Ropo goes on from here by itself."""

    recipient: Recipient
    number: str
    reference: str
    open_amount: Decimal
    invoice_date: dt.date
    due_date: dt.date
    channel: Channel | str | None = None
    einvoice_payment_id: str = ""
    notice_date: dt.date | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DebtCollection:
    """A receivable handed over for collection, once only; `notice_date` is the day of our own reminder."""

    recipient: Recipient
    number: str
    reference: str
    open_amount: Decimal
    invoice_date: dt.date
    due_date: dt.date
    notice_date: dt.date | None
    rows: tuple[Row, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Payment:
    """Money that went to the creditor's own account; name the job by exactly one of three keys."""

    amount: Decimal
    paid_date: dt.date
    job_id: str = ""
    number: str = ""
    reference: str = ""
    kind: str = "directpayment"
    identifier: str = ""
    credit_note_number: str = ""
    description: str = ""


@dataclass(frozen=True)
class CreditAllocation:
    """A credit note made elsewhere that lowers a receivable; name the job by exactly one of three keys."""

    amount: Decimal
    credit_date: dt.date
    job_id: str = ""
    number: str = ""
    reference: str = ""
    kind: str = "allocated"
    credit_note_number: str = ""
    description: str = ""


def reminder_message(reminder: Reminder) -> Message:
    """The reminder in Ropo's words; it never carries rows."""
    way = {}
    if reminder.channel is not None:
        way = channel_members(reminder.channel, reminder.recipient, reminder.einvoice_payment_id)
    return jobs_message(
        {"jobtype": Job.REMINDER.value}
        | recipient_members(reminder.recipient)
        | _claim(reminder)
        | way
        | optional_members(reminder.extras, job=Job.REMINDER)
    )


def debt_collection_message(case: DebtCollection) -> Message:
    """The collection case in Ropo's words."""
    if case.recipient.country in {"FI", "FIN"} and case.notice_date is None:
        raise MessageError("In Finland a debt collection needs the day of the creditor's own reminder.")
    return jobs_message(
        {"jobtype": Job.DEBT_COLLECTION.value}
        | recipient_members(case.recipient)
        | _claim(case)
        | optional_members(case.extras, job=Job.DEBT_COLLECTION)
        | without_empty({"payrow": [row_members(row) for row in case.rows]})
    )


def _claim(claim: Reminder | DebtCollection) -> Wire:
    if not claim.number or not claim.reference:
        raise MessageError("A receivable needs an invoice number and a reference.")
    return without_empty(
        {
            "billnum": claim.number,
            "checkbillnum": "1",
            "billcode": claim.reference,
            "amount": _positive(claim.open_amount),
            "billdate": date_text(claim.invoice_date),
            "paydate": date_text(claim.due_date),
            "noticedate": date_text(claim.notice_date),
        }
    )


def payment_message(payment: Payment) -> Message:
    """The bypass payment in Ropo's words."""
    content = _job_key(payment) | {
        "amount": _positive(payment.amount),
        "paydate": date_text(payment.paid_date),
        "identifier": payment.identifier,
        "type": payment.kind,
        "creditnotebillnum": payment.credit_note_number,
        "description": payment.description,
    }
    return Message(Endpoint.PAYMENT, without_empty(content))


def credit_allocation_message(credit: CreditAllocation) -> Message:
    """The allocation in Ropo's words; the amount is positive."""
    content = _job_key(credit) | {
        "amount": _positive(credit.amount),
        "date": date_text(credit.credit_date),
        "type": credit.kind,
        "creditnotebillnum": credit.credit_note_number,
        "description": credit.description,
    }
    return Message(Endpoint.CREDIT_NOTE, without_empty(content))


def _job_key(source: Payment | CreditAllocation) -> Wire:
    keys = without_empty({"jobid": source.job_id, "billnum": source.number, "billcode": source.reference})
    if len(keys) != 1:
        raise MessageError("Name the job by its id, by the invoice number or by the reference: exactly one.")
    if "jobid" in keys:
        if not (source.job_id.isascii() and source.job_id.isdigit()):
            raise MessageError("A job's id is a whole number.")
        return {"jobid": int(source.job_id)}
    return keys


def _positive(amount: Decimal) -> str:
    if decimal_of(amount) <= 0:
        raise MessageError("The amount must be above zero.")
    return amount_text(amount)
