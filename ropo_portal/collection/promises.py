"""Room: what a debtor has promised, and how a promise is said."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal.collection.models import Promise
from ropo_portal.days import format_date
from ropo_portal.errors import sentence
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.money import format_money
from ropo_portal.parties.models import Debtor

MOST_SHOWN = 10
# Older promises say nothing to those who look through a list.
OLDEST_DAYS = 366


def promises_about(claim: Claim) -> Q:
    """Return the condition of promises about a claim: on itself, or on all that its debtor owes."""
    whose = [claim.debtor_id, claim.debtor.merged_into_id]
    return Q(claim=claim) | Q(claim=None, environment=claim.environment_id, debtor_id__in=whose)


def standing_promise(claim: Claim, *, today: dt.date) -> Promise | None:
    """Return the promise about a claim that the debtor may still keep; the last day first."""
    found = Promise.objects.filter(promises_about(claim)).open(on=today)
    return found.select_related("environment__creditor").order_by("-date", "-id").first()


def promise_words(promise: Promise) -> "str | Lazy":
    """Say what was promised, before the claim is moved on all the same."""
    language = get_language() or "en"
    text = _("The debtor has promised to pay %(amount)s by %(day)s. Say below that you go on all the same.")
    return sentence(
        text,
        amount=format_money(promise.amount, promise.environment.currency, language),
        day=format_date(promise.date, language),
    )


@dataclass(frozen=True)
class Mark:
    """What a list shows of a promise: `open` or `broken`, and its day."""

    state: str
    day: dt.date


def promises_of(claim: Claim, *, today: dt.date) -> list[tuple[Promise, str]]:
    """Return the promises about a claim with how they stand, the latest day first."""
    found = Promise.objects.filter(promises_about(claim)).with_standing()
    found = found.select_related("noted_by").order_by("-date", "-id")[:MOST_SHOWN]
    return [(promise, promise.standing(on=today)) for promise in found]


def marks_of_claims(claims: Sequence[Claim], *, at: dt.datetime) -> dict[uuid.UUID, Mark]:
    """Return the marks of claims of one environment that are still open."""
    return _marks(
        [claim for claim in claims if claim.open_amount], {claim.pk: claim.pk for claim in claims}, at
    )


def marks_of_invoices(invoices: Sequence[Invoice], *, at: dt.datetime) -> dict[uuid.UUID, Mark]:
    """Return the marks of invoices of one environment whose claims are still open."""
    if not _newest([invoice.debtor for invoice in invoices], at):
        return {}
    claims = Claim.objects.filter(invoice__in=[invoice.pk for invoice in invoices]).open()
    known = list(claims.select_related("debtor", "environment__creditor"))
    return _marks(known, {claim.pk: claim.invoice_id for claim in known}, at)


def _marks(claims: Sequence[Claim], names: dict[uuid.UUID, Any], at: dt.datetime) -> dict[uuid.UUID, Mark]:
    found = _newest([claim.debtor for claim in claims], at)
    marks = {}
    for claim in claims:
        whose = {claim.debtor_id, claim.debtor.merged_into_id}
        for promise in found:
            on_all = promise.claim_id is None and promise.environment_id == claim.environment_id
            if promise.claim_id == claim.pk or (on_all and promise.debtor_id in whose):
                marks[names[claim.pk]] = Mark(promise.standing(on=claim.environment.today(at)), promise.date)
    return {pk: mark for pk, mark in marks.items() if mark.state != "kept"}


def _newest(debtors: Sequence[Debtor], at: dt.datetime) -> list[Promise]:
    """Return what the debtors have promised, the latest day last, so that it wins."""
    whose = {pk for debtor in debtors for pk in (debtor.pk, debtor.merged_into_id) if pk}
    since = at.date() - dt.timedelta(days=OLDEST_DAYS)
    keys = list(
        Promise.objects.kept_up().filter(debtor_id__in=whose, date__gte=since).values_list("pk", flat=True)
    )
    # Hardly anybody on a page has promised anything, and what was paid since is asked of those alone.
    return list(Promise.objects.filter(pk__in=keys).with_standing().order_by("date", "id")) if keys else []
