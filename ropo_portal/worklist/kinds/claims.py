"""Room: work that time makes: claims ready for their next legal step, and claims in a race with Ropo's next step."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.models import DebtCollectionCase, Step
from ropo_portal.collection.search import latest_due_dates
from ropo_portal.errors import sentence
from ropo_portal.invoices.models import BypassPayment, Claim
from ropo_portal.rules.operations import ClaimFacts, LegalClock, legal_clocks
from ropo_portal.worklist.kinds.kind import Desk, Kind, Row, Words, either
from ropo_portal.worklist.models import OpenItem

RACE = _("Tell Ropo One of the money before it moves the claim on")


def _ripe(desk: Desk, environments: Sequence[CreditorEnvironment], step: Step) -> Q:
    """Return the condition under which the legal day of a step has come, as far as the due date tells."""
    known: dict[tuple[str, dt.date], dict[str, dt.date]] = {}
    conditions = []
    for environment in environments:
        key = environment.country, desk.today(environment.pk)
        latest = known.setdefault(key, {}) or latest_due_dates(step, key[0], today=key[1])
        known[key] = latest
        conditions += [
            Q(environment=environment, claim__debtor__kind=kind, due_date__lte=due)
            for kind, due in latest.items()
        ]
    return either(conditions)


def _waiting(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    """Open claims that Ropo does not pursue and that nobody has proposed yet; the first day is past for none later."""
    latest = max((desk.today(one.pk) for one in environments), default=desk.at.date())
    proposed = DebtCollectionCase.objects.kept().filter(claim=OuterRef("claim"), proposed_by__isnull=False)
    found = OpenItem.objects.to_pursue().filter(environment__in=environments, due_date__lt=latest)
    return found.filter(~Exists(proposed))


def _for_reminder(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    further = _ripe(desk, environments, Step.COLLECTION)
    return _waiting(desk, environments).filter(_ripe(desk, environments, Step.REMINDER)).exclude(further)


def _for_collection(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    return _waiting(desk, environments).filter(_ripe(desk, environments, Step.COLLECTION))


def _clocks(desk: Desk, items: Sequence[OpenItem]) -> list[LegalClock]:
    """Ask the legal clocks of a whole page at once; each by its own day."""
    facts = [
        ClaimFacts(
            desk.by_id[item.environment_id].country,
            item.claim.debtor.kind,
            item.due_date,
            item.due_date + ONE_DAY,
        )
        for item in items
        if item.claim
    ]
    return legal_clocks(
        facts, today=max((desk.today(one.environment_id) for one in items), default=desk.at.date())
    )


ONE_DAY = dt.timedelta(days=1)


def _step_of(step: Step) -> Callable[[LegalClock], Words]:
    def words(clock: LegalClock) -> Words:
        milestone = clock.reminder if step == Step.REMINDER else clock.collection
        return milestone.sentence

    return words


def _showing(step: Step) -> Callable[[Desk, Iterable[Any]], list[Row]]:
    say = _step_of(step)

    def show(desk: Desk, found: Iterable[Any]) -> list[Row]:
        items = list(found.select_related("claim__debtor"))  # type: ignore[attr-defined]
        return [
            _row(desk, item.pk, item.claim, item.environment_id, say(clock), item.amount)
            for item, clock in zip(items, _clocks(desk, items), strict=True)
        ]

    return show


def _row(desk: Desk, pk: Any, claim: Any, environment_id: Any, next_step: Words, amount: Any) -> Row:
    environment = desk.by_id[environment_id]
    return Row(
        pk=pk,
        environment=environment,
        number=claim.number,
        debtor=claim.debtor.name,
        url=reverse("collection:claim", args=[claim.pk]),
        next_step=next_step,
        amount=amount,
        currency=environment.currency,
        days=max((desk.today(environment_id) - claim.due_date).days, 0),
        note=claim.debtor.get_kind_display(),
    )


def _racing(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    latest = max((desk.today(one.pk) for one in environments), default=desk.at.date())
    return Claim.objects.filter(environment__in=environments).in_a_race(on=latest)


def _show_racing(desk: Desk, found: Iterable[Any]) -> list[Row]:
    claims = found.with_parties().with_next_step()  # type: ignore[attr-defined]
    rows = []
    for claim in claims:
        row = _row(desk, claim.pk, claim, claim.environment_id, RACE, claim.open_amount)
        row.note = sentence(_("Ropo One: %(next)s"), next=claim.next_status_text or claim.next_status or "–")
        rows.append(row)
    return rows


def _unseen(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    return BypassPayment.objects.filter(claim__environment__in=environments).without_effect(at=desk.at)


def _show_unseen(desk: Desk, found: Iterable[Any]) -> list[Row]:
    rows = []
    for payment in found.select_related("claim__debtor"):  # type: ignore[attr-defined]
        claim = payment.claim
        row = _row(
            desk,
            payment.pk,
            claim,
            claim.environment_id,
            _("Ask Ropo One whether it was booked"),
            payment.amount,
        )
        row.url = reverse("invoices:payment", args=[payment.pk])
        rows.append(row)
    return rows


RACING = Kind("race", "race", _("Race alarm"), 0, "invoice_date", _racing, _show_racing)
REMINDER = Kind(
    "reminder", "reminder", _("Due for reminder"), 14 * 24, "due_date", _for_reminder, _showing(Step.REMINDER)
)
COLLECTION = Kind(
    "collection", "collection", _("Ready for collection"), 45 * 24, "due_date", _for_collection,
    _showing(Step.COLLECTION),
)  # fmt: skip
UNSEEN = Kind("unseen", "unseen", _("Payment not booked"), 7 * 24, "created_at", _unseen, _show_unseen)
