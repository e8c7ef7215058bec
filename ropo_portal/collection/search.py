"""Room: which claims wait for which step; one question to the database for each list."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.models import Step
from ropo_portal.identifiers import canonical_reference, normalized_number
from ropo_portal.invoices.models import Claim, ClaimQuerySet
from ropo_portal.parties.models import Debtor
from ropo_portal.rules.operations import ClaimFacts, legal_clocks

ONE_DAY = dt.timedelta(days=1)
MOST_DEBTORS = 200
# What each filter asks of a claim.
ASKED = {
    "due_from": "due_date__gte",
    "due_to": "due_date__lte",
    "amount_from": "principal__gte",
    "amount_to": "principal__lte",
    "kind": "debtor__kind",
}


def narrowed(
    claims: ClaimQuerySet, filters: Mapping[str, Any], *, environment: CreditorEnvironment, today: dt.date
) -> ClaimQuerySet:
    """Apply the chip, days, sums and the search words."""
    claims = in_group(claims, filters.get("group", ""), environment=environment, today=today)
    claims = claims.filter(**{ASKED[name]: value for name, value in filters.items() if name in ASKED})
    if filters.get("late"):
        claims = claims.filter(due_date__lte=today - dt.timedelta(days=filters["late"]))
    return _found(claims, filters["q"], environment) if filters.get("q") else claims


def in_group(
    claims: ClaimQuerySet, group: str, *, environment: CreditorEnvironment, today: dt.date
) -> ClaimQuerySet:
    """Return the claims of one chip; an unknown one narrows nothing."""
    if group == "reminder":
        return ripe(claims, Step.REMINDER, environment=environment, today=today)
    if group == "collection":
        return ripe(claims, Step.COLLECTION, environment=environment, today=today)
    if group == "ropo":
        return claims.pursued()
    return claims.filter(invoice=None) if group == "foreign" else claims


def ripe(
    claims: ClaimQuerySet, step: Step, *, environment: CreditorEnvironment, today: dt.date
) -> ClaimQuerySet:
    """Open claims that Ropo does not pursue and whose legal day for the step has come, as far as the due date tells."""
    latest, days = Q(), latest_due_dates(environment.country, today=today)[step]
    for kind, due in days.items():
        latest |= Q(open_item__debtor_kind=kind, open_item__due_date__lte=due)
    # What the database keeps of open claims says it all, so that a count visits one index and no claim.
    waiting = {"environment": environment, "amount__gt": 0, "is_pursued": False, "claim__isnull": False}
    own = {f"open_item__{name}": value for name, value in waiting.items()}
    return (
        claims.filter(latest, **own, open_item__due_date__lte=max(days.values())) if days else claims.none()
    )


def latest_due_dates(country: str, *, today: dt.date) -> dict[Step, dict[str, dt.date]]:
    """Return, by step and kind of debtor, the latest due date from which the step is allowed today."""
    due = today - ONE_DAY
    kinds = list(Debtor.Kind)
    clocks = legal_clocks(
        [ClaimFacts(country, kind, due, due + ONE_DAY, None) for kind in kinds], today=today
    )
    found: dict[Step, dict[str, dt.date]] = {Step.REMINDER: {}, Step.COLLECTION: {}}
    for kind, clock in zip(kinds, clocks, strict=True):
        for step, first in (
            (Step.REMINDER, clock.earliest_reminder),
            (Step.COLLECTION, clock.earliest_collection),
        ):
            if first is not None:
                found[step][kind.value] = min(today - (first - due), due)
    return found


def _found(claims: ClaimQuerySet, text: str, environment: CreditorEnvironment) -> ClaimQuerySet:
    """Return what the first question that finds anything finds."""
    number, reference = normalized_number(text), canonical_reference(text)
    questions: list[Any] = [claims.filter(number_key__startswith=number)] if number else []
    if reference and reference.isascii() and any(character.isdigit() for character in reference):
        questions.append(claims.filter(reference__in={reference, reference.lstrip("0")}))
    debtors = Debtor.objects.filter(creditor_id=environment.creditor_id).matching(text)
    questions.append(claims.filter(debtor_id__in=list(debtors.values_list("pk", flat=True)[:MOST_DEBTORS])))
    return next((answer for answer in questions if answer.exists()), Claim.objects.none())
