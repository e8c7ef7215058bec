"""Claims that Ropo pursues, and the payments and credits of them, for tests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.invoices.creditable import RowCredit
from ropo_portal.invoices.models import BypassPayment, Claim, CreditNote, Invoice
from ropo_portal.invoices.operations import (
    claim_of,
    note_payment,
    post_credit_note,
    post_payment,
    write_credit_note,
)
from ropo_portal.submissions.models import Channel, Kind, StatusPage, StatusUpdate, Submission
from tests.collection.conftest import make_claim, make_sent_invoice
from tests.factories import AT, make_user, queue
from tests.invoices.settling import settle

PAID = dt.date(2026, 11, 20)
TOTAL = Decimal("125.50")


def somebody() -> User:
    """Return anybody: making people costs a password each."""
    return User.objects.order_by("pk").first() or make_user()


def pursued(environment: CreditorEnvironment, *, state: str = "accepted", **fields: Any) -> Claim:
    """Return a claim that was invoiced elsewhere and that Ropo has as a reminder."""
    job = fields.pop("job", "7700123")
    claim = make_claim(environment, **fields)
    row = queue(environment, number=claim.number, kind=Kind.REMINDER, actor=somebody())
    if state != "queued":
        settle(row, state, **({"ropo_job_id": job} if state == "accepted" else {}))
    return claim


def own_claim(environment: CreditorEnvironment, **fields: Any) -> Claim:
    return claim_of(invoice=make_sent_invoice(environment, **fields), actor=somebody(), at=AT)


def noted(claim: Claim, amount: str = "100.00", **fields: Any) -> BypassPayment:
    facts: dict[str, Any] = {"paid_date": PAID, "actor": somebody(), "at": AT, **fields}
    return note_payment(claim=claim, amount=Decimal(amount), **facts)


def sent(claim: Claim, amount: str = "100.00", *, state: str = "queued", **fields: Any) -> BypassPayment:
    """Return a payment whose submission has come to a state."""
    payment = noted(claim, amount, **fields)
    row = post_payment(payment=payment, actor=somebody(), at=AT)
    return ended(payment, row, state)


def ended(document: Any, row: Submission, state: str, **changes: Any) -> Any:
    if state == "cancelled":
        with transaction.atomic():
            row.move("cancelled", at=AT, settled_at=AT)
    elif state != "queued":
        settle(row, state, **changes)
    document.refresh_from_db()
    return document


def whole(invoice: Invoice) -> list[RowCredit]:
    return [RowCredit(row.pk, row.quantity, row.unit_price) for row in invoice.rows.all()]


def credit(invoice: Invoice, rows: list[RowCredit] | None = None, **fields: Any) -> CreditNote:
    facts: dict[str, Any] = {
        "rows": whole(invoice) if rows is None else rows, "reason": "Wrong price", "date": AT.date(),
        "actor": somebody(), "at": AT, **fields,
    }  # fmt: skip
    return write_credit_note(invoice=invoice, **facts)


def credited(
    invoice: Invoice, rows: list[RowCredit] | None = None, *, state: str = "accepted", **fields: Any
) -> CreditNote:
    note = credit(invoice, rows, **fields)
    return ended(note, post_credit_note(note=note, actor=somebody(), at=AT), state)


def told(
    claim: Claim, amount: str, *, day: dt.date | None = PAID, update_id: str = "u1", **facts: Any
) -> StatusUpdate:
    """Let Ropo tell of a payment; by default polled an hour after everything else."""
    received = facts.pop("received_at", AT + dt.timedelta(hours=1))
    page = StatusPage.objects.create(
        environment=claim.environment, source=Channel.POLL, received_at=received, sha256="", body=b"[]"
    )
    whole = {
        "source": StatusUpdate.POLLED, "kind": "payment", "amount": Decimal(amount), "paid_date": day,
        "number": claim.number, "number_key": claim.number_key, "at": received, "received_at": received,
        "content_hash": update_id, **facts,
    }  # fmt: skip
    return StatusUpdate.objects.create(environment=claim.environment, page=page, update_id=update_id, **whole)
