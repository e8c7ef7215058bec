"""Room: work that time makes: claims ready for their next legal step, and claims in a race with Ropo's next step."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.models import DebtCollectionCase, Promise, Reminder, Step
from ropo_portal.collection.ripeness import OF_ITEM, Ripeness, free, noticed
from ropo_portal.errors import sentence
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote
from ropo_portal.parties.models import Debtor
from ropo_portal.rules.operations import ClaimFacts, LegalClock, legal_clocks
from ropo_portal.submissions.causes import status_said
from ropo_portal.submissions.models import Submission
from ropo_portal.worklist.kinds.kind import Desk, Kind, Row, Words, either
from ropo_portal.worklist.models import OpenItem

RACE = _("Tell Ropo One of the money before it moves the claim on")


def _ripeness(desk: Desk, environment: CreditorEnvironment) -> Ripeness:
    key = environment.country, desk.today(environment.pk)
    if key not in desk.known:
        desk.known[key] = Ripeness(key[0], today=key[1])
    found: Ripeness = desk.known[key]
    return found


def _waiting(step: Step) -> Callable[[Desk, Sequence[CreditorEnvironment]], QuerySet[Any]]:
    """Return open claims that wait for a step, as the list of claims counts them too."""

    def rows(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
        by_rule: dict[Ripeness, list[CreditorEnvironment]] = {}
        for one in environments:
            by_rule.setdefault(_ripeness(desk, one), []).append(one)
        last = max((day for one in by_rule if (day := one.last_due_date(step))), default=None)
        if last is None:
            return OpenItem.objects.none()
        ripe = either(Q(environment__in=there) & one.of(step, OF_ITEM) for one, there in by_rule.items())
        found = OpenItem.objects.to_pursue().filter(ripe, environment__in=environments, due_date__lte=last)
        today = max(one.today for one in by_rule)
        if step == Step.COLLECTION and all(one.needs_notice() for one in by_rule):
            # The few with a notice are where the question begins.
            found = found.filter(noticed(OF_ITEM, until=today))
        waiting: QuerySet[Any] = free(found, OF_ITEM, on=today)
        return waiting

    return rows


def _unclaimed(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    """Return overdue invoices of which nobody has made a claim yet: they may be reminded all the same."""
    due_dates = {one.pk: _ripeness(desk, one).due_dates(Step.REMINDER) for one in environments}
    conditions = [
        Q(environment=key, debtor_kind=kind, due_date__lte=due)
        for key, days in due_dates.items()
        for kind, due in days.items()
    ]
    last = max((due for days in due_dates.values() for due in days.values()), default=dt.date.min)
    found = OpenItem.objects.open().filter(environment__in=environments, claim=None, is_pursued=False)
    return found.filter(either(conditions), due_date__lte=last)


# A promise that was broken longer ago is history; the claim stands in its own list.
BROKEN_DAYS = dt.timedelta(days=60)


def _clocks(desk: Desk, items: Sequence[OpenItem], cases: dict[Any, DebtCollectionCase]) -> list[LegalClock]:
    """Ask the legal clocks of a whole page at once, with the notices that were written down."""
    facts = [
        ClaimFacts(
            desk.by_id[item.environment_id].country, item.claim.debtor.kind, item.due_date, notice, notice
        )
        for item in items
        if item.claim
        for notice in [cases[item.claim.pk].notice_date if item.claim.pk in cases else None]
    ]
    return legal_clocks(
        facts, today=max((desk.today(one.environment_id) for one in items), default=desk.at.date())
    )


def _showing(step: Step) -> Callable[[Desk, Iterable[Any]], list[Row]]:
    def show(desk: Desk, found: Iterable[Any]) -> list[Row]:
        items = list(found.select_related("claim__debtor"))  # type: ignore[attr-defined]
        begun: list[dict[Any, Any]] = [
            {
                one.claim_id: one
                for one in model.objects.kept().filter(claim__in=[item.claim_id for item in items])
            }
            for model in (Reminder, DebtCollectionCase)
        ]
        clocks = _clocks(desk, items, begun[1])
        return [
            _row(
                desk,
                item.pk,
                item.claim,
                item.environment_id,
                _next(step, clock, item.claim_id, *begun),
                item.amount,
            )
            for item, clock in zip(items, clocks, strict=True)
        ]

    return show


def _next(step: Step, clock: LegalClock, key: Any, reminders: dict[Any, Any], cases: dict[Any, Any]) -> Words:
    """Say what to do: go on with what is being written, else what the law allows."""
    if key in reminders:
        return _("Go on with the reminder")
    if key in cases:
        return _("Go on with the debt collection")
    return (clock.reminder if step == Step.REMINDER else clock.collection).sentence


def _show_unclaimed(desk: Desk, found: Iterable[Any]) -> list[Row]:
    rows = []
    for item in found.select_related("invoice__debtor"):  # type: ignore[attr-defined]
        row = _row(desk, item.pk, item.invoice, item.environment_id, _("Begin its reminder"), item.amount)
        row.url = reverse("collection:of-invoice", args=[item.invoice_id])
        rows.append(row)
    return rows


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
        note=Debtor.Kind(claim.debtor.kind).label,
    )


def _untold(environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    """Return the claims of money that Ropo may not know of: few, so that the question about races begins with them."""
    told = Q(submission__state=Submission.State.ACCEPTED)
    payments, credits_ = (
        model.objects.kept()
        .filter(claim__environment__in=environments)
        .exclude(told)
        .order_by()
        .values("claim")
        for model in (BypassPayment, CreditAllocation)
    )
    notes = CreditNote.objects.kept().filter(environment__in=environments, invoice__claim__isnull=False)
    lonely = notes.exclude(told & Q(is_placed=True)).order_by().values("invoice__claim")
    return payments.union(credits_, lonely)


def _racing(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    latest = max((desk.today(one.pk) for one in environments), default=desk.at.date())
    return Claim.objects.filter(pk__in=_untold(environments)).in_a_race(on=latest)


def _show_racing(desk: Desk, found: Iterable[Any]) -> list[Row]:
    claims = found.with_parties().with_next_step()  # type: ignore[attr-defined]
    rows = []
    for claim in claims:
        row = _row(desk, claim.pk, claim, claim.environment_id, RACE, claim.open_amount)
        row.note = sentence(
            _("Ropo One: %(next)s"),
            next=status_said(claim.next_status, claim.next_status_text).sentence or "–",
        )
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


def _broken(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    """Promises whose day has passed without the money, until the claim is pursued or nothing is open."""
    by_day = [Q(environment=one, date__lt=desk.today(one.pk)) for one in environments]
    latest = max((desk.today(one.pk) for one in environments), default=desk.at.date())
    since = desk.at.date() - BROKEN_DAYS
    owed = OpenItem.objects.open().filter(claim__isnull=False)
    own = Exists(owed.filter(claim=OuterRef("claim")))
    others = Exists(owed.filter(environment=OuterRef("environment"), debtor=OuterRef("debtor")))
    return Promise.objects.broken(on=latest).filter(either(by_day), own | others, date__gte=since)


def _show_broken(desk: Desk, found: Iterable[Any]) -> list[Row]:
    rows = []
    for promise in found.select_related("debtor", "claim"):  # type: ignore[attr-defined]
        environment = desk.by_id[promise.environment_id]
        rows.append(
            Row(
                pk=promise.pk,
                environment=environment,
                number=promise.claim.number if promise.claim else str(_("All that is owed")),
                debtor=promise.debtor.name,
                url=reverse("parties:debtor-detail", args=[promise.debtor_id]),
                next_step=_("Ring the debtor, or move the claim on"),
                amount=promise.amount,
                currency=environment.currency,
                days=max((desk.today(promise.environment_id) - promise.date).days, 0),
                note=promise.note,
            )
        )
    return rows


RACING = Kind("race", "race", _("Race alarm"), 0, "invoice_date", _racing, _show_racing)
REMINDER = Kind(
    "reminder",
    "reminder",
    _("Due for reminder"),
    14 * 24,
    "due_date",
    _waiting(Step.REMINDER),
    _showing(Step.REMINDER),
)
UNCLAIMED = Kind(
    "unclaimed", "reminder", _("Overdue, no claim yet"), 14 * 24, "due_date", _unclaimed, _show_unclaimed
)
COLLECTION = Kind(
    "collection", "collection", _("Ready for collection"), 45 * 24, "due_date", _waiting(Step.COLLECTION),
    _showing(Step.COLLECTION),
)  # fmt: skip
BROKEN = Kind("broken", "broken", _("Promise broken"), 7 * 24, "date", _broken, _show_broken)
UNSEEN = Kind(
    "unseen",
    "unseen",
    _("Payment not booked"),
    7 * 24,
    "created_at",
    _unseen,
    _show_unseen,
    is_lasting=True,
)
