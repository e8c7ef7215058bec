"""Room: which claims wait for which step; one question to the database for each list."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.models import Step
from ropo_portal.collection.ripeness import OF_CLAIM, OF_CLAIM_COUNTED, Names, Ripeness, free, noticed
from ropo_portal.identifiers import canonical_reference, normalized_number
from ropo_portal.invoices.models import Claim, ClaimQuerySet
from ropo_portal.parties.models import Debtor

MOST_DEBTORS = 200
STEPS = {"reminder": Step.REMINDER, "collection": Step.COLLECTION}
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
    if group in STEPS:
        ripeness = Ripeness(environment.country, today=today)
        return _ripe(claims, STEPS[group], ripeness, OF_CLAIM, environment=environment)
    if group == "ropo":
        return claims.pursued()
    return claims.filter(invoice=None) if group == "foreign" else claims


def counted(*, environment: CreditorEnvironment, today: dt.date) -> dict[str, ClaimQuerySet]:
    """Return the questions by which the chips of what is ripe are counted."""
    ripeness, claims = (
        Ripeness(environment.country, today=today),
        Claim.objects.filter(environment=environment),
    )
    return {
        group: _ripe(claims, step, ripeness, OF_CLAIM_COUNTED, environment=environment)
        for group, step in STEPS.items()
    }


def _ripe(
    claims: ClaimQuerySet, step: Step, ripeness: Ripeness, names: Names, *, environment: CreditorEnvironment
) -> ClaimQuerySet:
    """Return the claims that wait for the step, as Today counts them: see `Ripeness`."""
    last = ripeness.last_due_date(step)
    if last is None:
        return claims.none()
    # What the database keeps of open claims says it all, so that a count visits one index and no claim.
    waiting = {"environment": environment, "amount__gt": 0, "is_pursued": False, "claim__isnull": False}
    own = {f"open_item__{name}": value for name, value in waiting.items()}
    found = claims.filter(ripeness.of(step, names), **own, open_item__due_date__lte=last)
    if step == Step.COLLECTION and ripeness.needs_notice():
        found = found.filter(noticed(names, until=ripeness.today))
    waiting_now: ClaimQuerySet = free(found, names, on=ripeness.today)
    return waiting_now


def _found(claims: ClaimQuerySet, text: str, environment: CreditorEnvironment) -> ClaimQuerySet:
    """Return what the first question that finds anything finds."""
    number, reference = normalized_number(text), canonical_reference(text)
    questions: list[Any] = [claims.filter(number_key__startswith=number)] if number else []
    if reference and reference.isascii() and any(character.isdigit() for character in reference):
        questions.append(claims.filter(reference__in={reference, reference.lstrip("0")}))
    debtors = Debtor.objects.filter(creditor_id=environment.creditor_id).matching(text)
    questions.append(claims.filter(debtor_id__in=list(debtors.values_list("pk", flat=True)[:MOST_DEBTORS])))
    return next((answer for answer in questions if answer.exists()), Claim.objects.none())
