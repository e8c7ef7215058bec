"""Room: finding invoices and claims: by number, else by reference, else by sum or debtor; one question at a time."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import get_language

from ropo_portal import money
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import canonical_reference, normalized_number
from ropo_portal.invoices.models import Claim, ClaimQuerySet, InvoiceQuerySet
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission

State = Submission.State
MOST_DEBTORS, MOST_TAKEN_BACK = 200, 1_000
COUNTED = 10_000
COUNTED_STATES = ("draft", "queued", "accepted", "rejected", "unconfirmed", "held")


# What each filter asks of a row.
ASKED = {
    "due_from": "due_date__gte",
    "due_to": "due_date__lte",
    "date_from": "invoice_date__gte",
    "date_to": "invoice_date__lte",
    "amount_from": "total_amount__gte",
    "amount_to": "total_amount__lte",
    "debtor": "debtor_id",
}


def narrowed(
    invoices: InvoiceQuerySet, filters: Mapping[str, Any], *, environment: CreditorEnvironment, today: dt.date
) -> InvoiceQuerySet:
    """Apply state, days, sums, debtor and search words."""
    if filters.get("state"):
        invoices = in_state(invoices, filters["state"], environment_id=environment.pk)
    invoices = invoices.filter(**{ASKED[name]: value for name, value in filters.items() if name in ASKED})
    if filters.get("late"):
        invoices = invoices.filter(due_date__lte=today - dt.timedelta(days=filters["late"]))
    return _found(invoices, filters["q"], environment.creditor_id) if filters.get("q") else invoices


def in_state(invoices: InvoiceQuerySet, state: str, *, environment_id: uuid.UUID) -> InvoiceQuerySet:
    """Return those whose newest submission is in the state; `draft` is a state of its own: never sent, or taken back."""
    if state != "draft":
        return invoices.standing(state, environment_id=environment_id)
    taken_back = invoices.standing(State.CANCELLED, environment_id=environment_id)
    # Few, or none: named one by one they leave the walk through the drafts to its own index.
    keys = list(taken_back.order_by().values_list("pk", flat=True)[:MOST_TAKEN_BACK])
    return invoices.filter(Q(submission=None) | Q(pk__in=keys) if keys else Q(submission=None))


def to_send(invoices: InvoiceQuerySet, *, environment_id: uuid.UUID) -> Any:
    """Return the keys of everything that may still be sent: drafts, and what was taken back or refused."""
    again = invoices.standing(State.CANCELLED, State.REJECTED, environment_id=environment_id)
    first, second = (found.order_by().values("pk") for found in (invoices.filter(submission=None), again))
    return first.union(second, all=True)


def _found(invoices: InvoiceQuerySet, text: str, creditor_id: uuid.UUID) -> InvoiceQuerySet:
    """Return what the first question that finds anything finds; each of them walks one index."""
    return next(
        (answer for answer in _answers(invoices, text, creditor_id) if answer.exists()), invoices.none()
    )


def _answers(invoices: InvoiceQuerySet, text: str, creditor_id: uuid.UUID) -> Iterator[InvoiceQuerySet]:
    number = normalized_number(text)
    if number:
        yield invoices.filter(number_key__startswith=number)
    reference = canonical_reference(text)
    if reference and reference.isascii() and any(character.isdigit() for character in reference):
        yield invoices.filter(reference__in={reference, reference.lstrip("0")})
    debtors = Debtor.objects.filter(creditor_id=creditor_id).matching(text)
    yield invoices.filter(debtor_id__in=list(debtors.values_list("pk", flat=True)[:MOST_DEBTORS]))


def counts(invoices: InvoiceQuerySet, *, environment_id: uuid.UUID) -> list[tuple[str, int, Decimal]]:
    """Count and sum each state, but never more than ten thousand rows of one."""
    states = {state: in_state(invoices, state, environment_id=environment_id) for state in COUNTED_STATES}
    return [(state, *_counted(found)) for state, found in states.items()]


def _counted(invoices: InvoiceQuerySet) -> tuple[int, Decimal]:
    capped = invoices.order_by().values("pk", "total_amount")[: COUNTED + 1]
    sums = capped.aggregate(number=Count("pk"), total=Sum("total_amount"))
    return sums["number"], money.money(sums["total"]) if sums["total"] else Decimal(0)


def urgent(claims: ClaimQuerySet) -> ClaimQuerySet:
    """Order claims by Ropo's next step, the nearest first; those it does not move come by due date."""
    return claims.with_next_step().order_by(F("next_status_date").asc(nulls_last=True), "due_date", "pk")


def claims_by(text: str, *, environment_id: uuid.UUID) -> ClaimQuerySet:
    """Return the claims a clerk means by a number, a reference or a sum."""
    claims = Claim.objects.filter(environment_id=environment_id).with_parties().with_sums()
    return next((answer for answer in _claim_answers(claims, text) if answer.exists()), claims.none())


def the_claim(text: str, *, environment_id: uuid.UUID) -> Claim | None:
    """Return the one open claim with exactly this reference or number."""
    references = {canonical_reference(text), canonical_reference(text).lstrip("0")}
    exact = Q(number_key=normalized_number(text)) | Q(reference__in=references)
    found = list(Claim.objects.filter(exact, environment_id=environment_id).open()[:2])
    return found[0] if len(found) == 1 else None


def _claim_answers(claims: ClaimQuerySet, text: str) -> Iterator[ClaimQuerySet]:
    number, reference = normalized_number(text), canonical_reference(text)
    if reference:
        yield claims.filter(reference__in={reference, reference.lstrip("0")})
    if number:
        yield claims.filter(number_key__startswith=number)
    try:
        amount = money.parse_amount(text, get_language() or "en")
    except DomainError:
        return
    yield claims.filter(Q(principal=amount) | Q(balance_now=amount))
