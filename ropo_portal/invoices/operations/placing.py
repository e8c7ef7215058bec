"""Room: telling Ropo One that a credit note lowers a claim it pursues, or was paid back."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import money
from ropo_portal.accounts.models import User
from ropo_portal.errors import sentence
from ropo_portal.identifiers import check_text
from ropo_portal.invoices import payable
from ropo_portal.invoices.messages import allocation_message
from ropo_portal.invoices.models import Claim, CreditAllocation, CreditNote
from ropo_portal.invoices.operations.settling import (
    built,
    locked,
    locked_claim,
    queued,
    refuse_posted,
    taken_back,
    tell,
)
from ropo_portal.invoices.payable import CannotSettle
from ropo_portal.submissions.models import Submission

LONGEST_NUMBER, LONGEST_DESCRIPTION = 40, 200
Kind = CreditAllocation.Kind


@transaction.atomic
def note_allocation(
    *,
    claim: Claim,
    amount: Decimal,
    date: dt.date,
    credit_note: CreditNote | None = None,
    credit_note_number: str = "",
    kind: str = Kind.ALLOCATED,
    description: str = "",
    actor: User,
    at: dt.datetime,
) -> CreditAllocation:
    """
    Write down that a credit note, of ours or made elsewhere, belongs to a claim; nothing is sent yet.

    Refuses (`CannotSettle`) credit notes of other claims, more than the note has left or than is open, days to come
    or before the invoice, and a second one while something is unfinished.
    """
    claim = locked_claim(claim)
    allocation = CreditAllocation(
        claim=claim,
        amount=amount,
        date=date,
        kind=kind,
        credit_note=credit_note,
        credit_note_number=credit_note.number if credit_note else _foreign_number(credit_note_number),
        description=check_text(description, LONGEST_DESCRIPTION, field="description"),
        open_before=claim.open_amount,
        written_by=actor,
        created_at=at,
    )
    if kind not in Kind.values:
        raise CannotSettle(_("Choose the kind from the list."), field="kind", code="kind_unknown")
    payable.refuse_day(claim, date, today=claim.environment.today(at), field="date")
    payable.refuse_unfinished(claim)
    _refuse_excess(allocation)
    allocation.save(force_insert=True)
    tell("noted", allocation, after=_facts(allocation), actor=actor, at=at)
    return allocation


@transaction.atomic
def post_allocation(*, allocation: CreditAllocation, actor: User, at: dt.datetime) -> Submission:
    """
    Put an allocation into the outbox. Refuses `AlreadyPosted`, and (`CannotSettle`) what `note_allocation` refuses
    as things stand now, and claims that Ropo One does not have or has not accepted.
    """
    allocation = locked(allocation)
    refuse_posted(allocation)
    claim = allocation.claim
    payable.refuse_untold(claim)
    _refuse_excess(allocation)
    payable.refuse_unfinished(claim, but=allocation)
    message = built(allocation_message, allocation)
    return queued(allocation, claim, message, allocation.amount, actor, at)


@transaction.atomic
def withdraw_allocation(*, allocation: CreditAllocation, actor: User, at: dt.datetime) -> CreditAllocation:
    """Take an allocation back that has not left, or that Ropo One refused."""
    found: CreditAllocation = taken_back(locked(allocation), actor, at)
    return found


def unplaced(note: CreditNote, kind: str = Kind.ALLOCATED, *, but: CreditAllocation | None = None) -> Decimal:
    """Return what of a credit note of ours Ropo One has not been told of."""
    whole = note.credited_amount if kind == Kind.ALLOCATED else note.refunded_amount
    told = (
        CreditAllocation.objects.kept()
        .filter(credit_note=note, kind=kind)
        .exclude(pk=but.pk if but else None)
    )
    told = told.exclude(submission__state__in=payable.DEAD)
    return whole - (told.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))


def _foreign_number(text: str) -> str:
    number = check_text(text, LONGEST_NUMBER, field="credit_note_number")
    if not number.strip():
        message = _("Enter the number of the credit note.")
        raise CannotSettle(message, field="credit_note_number", code="no_credit_note")
    return number.strip()


def _refuse_excess(allocation: CreditAllocation) -> None:
    claim, note = allocation.claim, allocation.credit_note
    if note is None:
        if allocation.kind == Kind.ALLOCATED:
            payable.refuse_amount(claim, allocation.amount)
        elif not 0 < allocation.amount <= claim.principal:
            raise _above(claim.principal, claim)
        return
    if note.invoice_id != claim.invoice_id or note.is_placed or note.state != Submission.State.ACCEPTED:
        message = _("This credit note is not waiting to be placed on this claim.")
        raise CannotSettle(message, field="credit_note", code="not_to_be_placed")
    left = unplaced(note, allocation.kind, but=allocation)
    if not 0 < allocation.amount <= left:
        raise _above(left, claim)


def _above(left: Decimal, claim: Claim) -> CannotSettle:
    shown = money.format_money(left, claim.currency, get_language() or "en")
    message = sentence(_("An amount above zero and at most %(left)s can be placed."), left=shown)
    return CannotSettle(message, field="amount", code="above_note")


def _facts(allocation: CreditAllocation) -> dict[str, str]:
    names = ("credit_note_number", "amount", "date", "kind", "open_before")
    return {"claim": allocation.claim.number, **{name: str(getattr(allocation, name)) for name in names}}
