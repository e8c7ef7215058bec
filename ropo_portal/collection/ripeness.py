"""Room: which open claims are ready for which step: the legal clock's answer for a whole list, by one question."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from ropo_portal.collection.models import DebtCollectionCase, Reminder, Step
from ropo_portal.collection.refusals import NOTICE_COUNTRY
from ropo_portal.parties.models import Debtor, Flag
from ropo_portal.rules.operations import Reach, reaches


@dataclass(frozen=True)
class Names:
    """How the rows of a list call what is asked of a claim."""

    claim: str
    debtor: str
    kind: str
    due_date: str


OF_CLAIM = Names("pk", "debtor", "open_item__debtor_kind", "open_item__due_date")
# The same claims, asked by what is kept of open ones: counted so, they are visited in one index, but in no order.
OF_CLAIM_COUNTED = Names(
    "open_item__claim", "open_item__debtor", "open_item__debtor_kind", "open_item__due_date"
)
OF_ITEM = Names("claim", "debtor", "debtor_kind", "due_date")
NOTHING = Q(pk__in=[])


class Ripeness:
    """
    What the rules of a country let move on, on a day.

    Ready for collection is what the law lets be collected, with a notice that a debt collection has written down where
    one is needed, and of which no reminder is being written. All else that may be reminded is due for its reminder,
    unless a notice was given: then its days are running.
    """

    def __init__(self, country: str, *, today: dt.date) -> None:
        self.country, self.today = country, today
        self._reaches = reaches(country, today=today)

    @property
    def kinds(self) -> list[str]:
        """The kinds of debtors that rules speak of."""
        return sorted({kind for _step, kind in self._reaches})

    def due_dates(self, step: Step) -> dict[str, dt.date]:
        """Return, by kind of debtor, the latest due date that may be ripe; a kind that never is is left out."""
        return {kind: reach.due_until for (one, kind), reach in self._reaches.items() if one == step}

    def last_due_date(self, step: Step) -> dt.date | None:
        """Return the latest due date that may be ripe, None when none is."""
        return max(self.due_dates(step).values(), default=None)

    def needs_notice(self) -> bool:
        """Tell whether nobody is collected from without a notice."""
        return all(
            reach.needs_notice for (step, _kind), reach in self._reaches.items() if step == Step.COLLECTION
        )

    def of(self, step: Step, names: Names) -> Q:
        """Return which rows of a list wait for the step; the rows are open, and Ropo does not pursue them."""
        ways = self._collection if step == Step.COLLECTION else self._reminder
        found = NOTHING
        for kind in self.kinds:
            found |= Q(**{names.kind: kind}) & ways(kind, names)
        return found

    def _collection(self, kind: str, names: Names) -> Q:
        reach = self._reaches.get((Step.COLLECTION, kind))
        if reach is None:
            return NOTHING
        ready = self._collectable(reach, names)
        # Where a notice is needed, whoever wrote one down has begun no reminder.
        return ready if reach.needs_notice else ready & ~Q(_begun(names))

    def _reminder(self, kind: str, names: Names) -> Q:
        reach, further = (self._reaches.get((step, kind)) for step in (Step.REMINDER, Step.COLLECTION))
        if reach is None:
            return NOTHING
        due = Q(**{f"{names.due_date}__lte": reach.due_until})
        quiet = ~Q(noticed(names, until=self.today))
        if further is None or further.needs_notice:
            return due & quiet
        return due & (~self._collectable(further, names) & quiet | Q(_begun(names)))

    def _collectable(self, reach: Reach, names: Names) -> Q:
        due = Q(**{f"{names.due_date}__lte": reach.due_until})
        if reach.needs_notice:
            return due & Q(noticed(names, until=reach.notice_until or self.today))
        if self.country != NOTICE_COUNTRY:
            due &= ~Q(_abroad(names)) | Q(noticed(names, until=self.today))
        if reach.notice_until is None:
            return due
        return due & ~Q(Exists(_cases(names).filter(notice_date__gt=reach.notice_until)))


def noticed(names: Names, *, until: dt.date) -> Exists:
    """Whether a debt collection has written down a notice that counts, given on a day or before."""
    given = _cases(names).filter(notice_date__lte=until)
    return Exists(given.filter(notice_date__gt=F("claim__due_date")))


def free(rows: Any, names: Names, *, on: dt.date) -> Any:
    """Return the rows that nobody has proposed yet, and whose debtor no flag protects."""
    # Few are flagged, so that they are collected once and not asked of each row.
    flagged = Flag.objects.standing(on=on).values("debtor")
    doubles = Debtor.objects.filter(merged_into__in=flagged).values("pk")
    rows = rows.filter(~Exists(_cases(names).filter(proposed_by__isnull=False)))
    return rows.exclude(**{f"{names.debtor}__in": flagged}).exclude(**{f"{names.debtor}__in": doubles})


def _cases(names: Names) -> Any:
    return DebtCollectionCase.objects.kept().filter(claim=OuterRef(names.claim))


def _begun(names: Names) -> Exists:
    return Exists(Reminder.objects.kept().filter(claim=OuterRef(names.claim)))


def _abroad(names: Names) -> Exists:
    """Whether the debtor lives where collection needs a notice whatever the creditor's own country says."""
    own = Q(merged_into=None, country=NOTICE_COUNTRY) | Q(merged_into__country=NOTICE_COUNTRY)
    return Exists(Debtor.objects.filter(own, pk=OuterRef(names.debtor)))
