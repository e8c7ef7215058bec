"""Room: credit notes of invoices of ours: written row by row, sent as negative invoices, never above what is left."""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import money
from ropo_portal.accounts.models import User
from ropo_portal.errors import sentence
from ropo_portal.identifiers import check_text, new_id, normalized_number
from ropo_portal.invoices import payable
from ropo_portal.invoices.creditable import CannotCredit, CreditedRow, RowCredit, credited, remainders
from ropo_portal.invoices.messages import credit_note_message
from ropo_portal.invoices.models import Claim, CreditNote, CreditNoteRow, Invoice
from ropo_portal.invoices.numbering import (
    free_number,
    free_reference,
    lock_series,
    made_reference,
    next_number,
)
from ropo_portal.invoices.operations.claims import claim_of
from ropo_portal.invoices.operations.settling import (
    built,
    locked_claim,
    queued,
    refuse_posted,
    taken_back,
    tell,
)
from ropo_portal.submissions.models import Submission

LONGEST_REASON = 500


@transaction.atomic
def write_credit_note(
    *,
    invoice: Invoice,
    rows: Iterable[RowCredit],
    reason: str,
    date: dt.date,
    is_placed: bool = True,
    is_refund: bool = False,
    number: str = "",
    pk: uuid.UUID | None = None,
    actor: User,
    at: dt.datetime,
) -> CreditNote:
    """
    Write a credit note of rows of the invoice; with `is_refund` what is above the open amount goes back to the debtor.
    Without a `number` of its own it takes the next one.

    Refuses (`CannotCredit`, `CannotSettle`) invoices that Ropo One has not taken, rows that grow or are not on the
    invoice, more than is left or open, notes without a reason, and a second one while something is unfinished.
    """
    claim = _creditable_claim(invoice, actor, at)
    reason = check_text(reason, LONGEST_REASON, field="reason")
    if not reason.strip():
        raise CannotCredit(
            _("Say why it is credited; the debtor reads it."), field="reason", code="no_reason"
        )
    payable.refuse_day(claim, date, today=claim.environment.today(at), field="date")
    payable.refuse_unfinished(claim)
    _refuse_place(claim, is_placed=is_placed)
    priced = credited(remainders(invoice), rows)
    total = sum((row.total for row in priced), Decimal(0))
    note = CreditNote(
        id=pk or new_id(),
        creditor_id=claim.creditor_id,
        environment=claim.environment,
        invoice=invoice,
        date=date,
        reason=reason.strip(),
        is_placed=is_placed,
        net_amount=sum((row.net for row in priced), Decimal(0)),
        vat_amount=sum((row.vat for row in priced), Decimal(0)),
        total_amount=total,
        credited_amount=_lowering(claim, total, is_refund=is_refund),
        written_by=actor,
        created_at=at,
    )
    _number(note, number)
    _write_rows(note, priced)
    tell("written", note, after=_facts(note), actor=actor, at=at)
    return note


@transaction.atomic
def post_credit_note(*, note: CreditNote, actor: User, at: dt.datetime) -> Submission:
    """
    Put a credit note into the outbox. Refuses `AlreadyPosted`, and what `write_credit_note` refuses of the sums
    and of the claim as they stand now.
    """
    note, claim = _locked(note)
    refuse_posted(note)
    payable.refuse_unfinished(claim, but=note)
    _refuse_place(claim, is_placed=note.is_placed)
    if note.credited_amount > claim.open_amount:
        raise _above_open(claim)
    wanted = [RowCredit(row.row_id, row.quantity, row.unit_price) for row in note.rows.all()]
    credited(remainders(note.invoice, but=note), wanted)
    return queued(note, claim, built(credit_note_message, note), note.total_amount, actor, at)


@transaction.atomic
def withdraw_credit_note(*, note: CreditNote, actor: User, at: dt.datetime) -> CreditNote:
    """Take a credit note back that has not left, or that Ropo One refused; its number stays used."""
    found: CreditNote = taken_back(_locked(note)[0], actor, at)
    return found


def _creditable_claim(invoice: Invoice, actor: User, at: dt.datetime) -> Claim:
    if invoice.state != Submission.State.ACCEPTED:
        message = _("There is nothing to credit: Ropo One has not taken this invoice.")
        raise CannotCredit(message, code="nothing_to_credit")
    return locked_claim(claim_of(invoice=invoice, actor=actor, at=at))


def _locked(note: CreditNote) -> tuple[CreditNote, Claim]:
    claim = locked_claim(note.invoice.claim)
    rows = CreditNote.objects.select_for_update(of=("self",)).with_parties()
    return rows.get(pk=note.pk), claim


def _refuse_place(claim: Claim, *, is_placed: bool) -> None:
    job = payable.job_of(claim)
    if is_placed and not payable.takes_notes(job):
        message = _(
            "Ropo One pursues this claim, so the credit note is placed afterwards, as a step of its own."
        )
        raise CannotCredit(message, field="is_placed", code="place_later")


def _lowering(claim: Claim, total: Decimal, *, is_refund: bool) -> Decimal:
    if total <= 0:
        raise CannotCredit(
            _("A credit note takes something back; this adds up to nothing."), code="not_positive"
        )
    if total > claim.open_amount and not is_refund:
        raise _above_open(claim)
    return min(total, claim.open_amount)


def _above_open(claim: Claim) -> CannotCredit:
    shown = money.format_money(claim.open_amount, claim.currency, get_language() or "en")
    message = _("Only %(open)s is open of this claim. Credit less, or note that the debtor gets money back.")
    return CannotCredit(sentence(message, open=shown), code="above_open")


def _number(note: CreditNote, number: str) -> None:
    """Give the note its number and a reference of its own: payments are looked up by reference first."""
    series = lock_series(note.environment)
    if number:
        note.number = free_number(number, environment=series)
        note.reference = free_reference(made_reference(note.number, series), environment=series)
    else:
        note.number, note.reference = next_number(series)
    note.number_key = normalized_number(note.number)


def _write_rows(note: CreditNote, priced: Iterable[CreditedRow]) -> None:
    note.save(force_insert=True)
    CreditNoteRow.objects.bulk_create(
        CreditNoteRow(
            note=note, row=row.row, quantity=row.quantity, unit_price=row.unit_price, net=row.net, vat=row.vat
        )
        for row in priced
    )


def _facts(note: CreditNote) -> dict[str, str]:
    names = ("number", "reference", "date", "total_amount", "credited_amount", "is_placed", "reason")
    return {"invoice": note.invoice.number, **{name: str(getattr(note, name)) for name in names}}
