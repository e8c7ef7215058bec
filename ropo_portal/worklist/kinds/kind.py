"""Room: what a kind of work is: which rows wait, since when, how long they may, and how one is shown."""

import datetime as dt
import uuid
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.accounts.scope import Scope

Words = str | Promise


@dataclass(frozen=True)
class Desk:
    """Who looks at the list, for which environments, and when."""

    scope: Scope
    environments: tuple[CreditorEnvironment, ...]
    at: dt.datetime

    def where(self, action: str) -> list[CreditorEnvironment]:
        """Return the environments in which the reader may do the action."""
        return [one for one in self.environments if self.scope.may(action, one.creditor_id)]

    @property
    def user_id(self) -> uuid.UUID:
        """The reader."""
        found: uuid.UUID = self.scope.user.pk  # type: ignore[assignment]
        return found

    @cached_property
    def known(self) -> dict[Any, Any]:
        """What one look at the list found out already; several kinds ask the same."""
        return {}

    @cached_property
    def by_id(self) -> dict[uuid.UUID, CreditorEnvironment]:
        """The environments by id."""
        return {one.pk: one for one in self.environments}

    def today(self, environment_id: uuid.UUID) -> dt.date:
        """Return an environment's own day."""
        return self.by_id[environment_id].today(self.at)


@dataclass
class Row:
    """One piece of work as the list shows it."""

    pk: uuid.UUID
    environment: CreditorEnvironment | None
    number: str
    debtor: str
    url: str
    next_step: Words
    amount: Decimal | None = None
    currency: str = ""
    days: int | None = None
    note: Words = ""
    # Filled in by the walk.
    kind: "Kind | None" = None
    is_late: bool = False
    age: dt.timedelta = field(default_factory=dt.timedelta)
    token: str = ""
    claim: Any = None
    hold: str = ""

    def held_by(self, reader: uuid.UUID, may_take: Container[uuid.UUID]) -> str:
        """Tell whether the reader finds it free, mine or theirs; named where she may not take it over."""
        if (
            self.environment
            and self.kind
            and self.kind.can_be_taken
            and self.environment.creditor_id in may_take
        ):
            if self.claim is None:
                return "free"
            return "mine" if self.claim.user_id == reader else "theirs"
        return "" if self.claim is None else "named"


@dataclass(frozen=True)
class Kind:
    """A source of work. `since` names the field that says since when a row waits; the oldest come first."""

    name: str
    group: str
    label: Words
    hours: int
    since: str
    rows: Callable[[Desk, Sequence[CreditorEnvironment]], QuerySet[Any]]
    show: Callable[[Desk, Iterable[Any]], list[Row]]
    action: str = "document.view"
    can_be_taken: bool = True
    # Whether its question depends on environments, reader and moment alone: never on a day, a rule or a setting.
    is_lasting: bool = False

    @property
    def most_hours(self) -> int:
        """Hours after which a row is older than allowed."""
        return int(settings.WORK_HOURS.get(self.name, self.hours))

    def waiting(self, desk: Desk) -> QuerySet[Any]:
        """Return the rows that wait for this reader."""
        return self.rows(desk, desk.where(self.action))

    def limit(self, desk: Desk, *, is_day: bool) -> dt.date | dt.datetime:
        """Return since when a row may have waited at most."""
        moment = desk.at - dt.timedelta(hours=self.most_hours)
        return moment.date() if is_day else moment


def either(conditions: Iterable[Q]) -> Q:
    """Return what fits one of the conditions, or nothing at all."""
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found
