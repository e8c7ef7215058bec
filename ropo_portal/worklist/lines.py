"""Room: the rows of one kind of work, the oldest first, and how many there are: one question for both."""

import datetime as dt
import uuid
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, Field, Q, QuerySet, UUIDField

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.accounts.scope import Scope
from ropo_portal.worklist.kinds import Desk, Kind

COUNTED = 1_000
Key = tuple[int, int, Any, uuid.UUID]
# The oldest rows, beside each how many there are and how many are late; counting ends where nobody cares any more.
_COUNTING = (
    "WITH found(pk, since) AS ({words}) SELECT pk, since, COUNT(*) OVER (), "
    "SUM(CASE WHEN since <= %s THEN 1 ELSE 0 END) OVER () FROM found ORDER BY since, pk LIMIT %s"
)
_UUID: Any = UUIDField()
_MOMENT: Any = DateTimeField()
# No moment of ours is near it: what is near it in a question was reckoned from it.
_STAND_IN, _NEAR = dt.datetime(3000, 1, 1, tzinfo=dt.UTC), dt.timedelta(days=2000)


@dataclass(frozen=True)
class Tally:
    """How many rows a kind has, and how many of them are older than allowed; counting ends at a thousand."""

    kind: Kind
    number: int
    late: int


@dataclass(frozen=True)
class Words:
    """A question in SQL for the keys and moments of what waits; without text it has no answer."""

    model: Any
    text: str = ""
    values: tuple[Any, ...] = ()
    converters: Any = None

    @classmethod
    def of(cls, found: QuerySet[Any], since: str) -> "Words":
        """Write the question down."""
        oldest = found.order_by(since, "pk").values_list("pk", since)[: COUNTED + 1]
        compiler = oldest.query.get_compiler(connection.alias)
        try:
            text, values = compiler.as_sql()
        except EmptyResultSet:
            return cls(found.model)
        converters = compiler.get_converters([one[0] for one in compiler.select])
        return cls(found.model, text, tuple(values), converters)

    def ask(self, late: Any, most: int) -> list[list[Any]]:
        """Return the oldest: key, moment, how many of its kind, and how many of those are late."""
        if not self.text:
            return []
        with connection.cursor() as cursor:
            cursor.execute(_COUNTING.format(words=self.text), [*self.values, late, most])
            rows = [list(row) for row in cursor.fetchall()]
        for place, (steps, expression) in self.converters.items():
            for row in rows:
                for step in steps:
                    row[place] = step(row[place], expression, connection)
        return rows


class Line:
    """The rows of one kind; those older than allowed are its beginning."""

    def __init__(self, desk: Desk, rank: int, kind: Kind) -> None:
        self.desk, self.rank, self.kind = desk, rank, kind
        self.words = lasting(kind, desk) if kind.is_lasting else Words.of(self.found, kind.since)
        self.model = self.words.model
        self.field: Field[Any, Any] = self.model._meta.get_field(kind.since)
        self.limit = kind.limit(desk, is_day=not isinstance(self.field, DateTimeField))

    @cached_property
    def found(self) -> QuerySet[Any]:
        """All its rows."""
        return self.kind.waiting(self.desk)

    @cached_property
    def late(self) -> Q:
        """The condition of those older than allowed."""
        return Q(**{f"{self.kind.since}__lte": self.limit})

    def first(self, size: int, *, only_late: bool) -> tuple[list[Key], Tally]:
        """Return the first keys, and the numbers."""
        rows = self.words.ask(self.field.get_db_prep_value(self.limit, connection), size + 1)
        number, late = (int(rows[0][2]), int(rows[0][3])) if rows else (0, 0)
        keys = [self._key(pk, since) for pk, since, _number, _late in rows]
        if not only_late:
            return keys, Tally(self.kind, number, late)
        return [key for key in keys if not key[0]], Tally(self.kind, late, late)

    def beyond(self, condition: Q, size: int, *, only_late: bool) -> list[Key]:
        """Return the first keys of those that fit the condition."""
        found = self.found.filter(condition, self.late if only_late else Q())
        rows = found.order_by(self.kind.since, "pk").values_list("pk", self.kind.since)[: size + 1]
        return [self._key(pk, since) for pk, since in rows]

    def _key(self, pk: Any, since: Any) -> Key:
        return int(since > self.limit), self.rank, since, pk


# By kind, hours and number of environments: the words, and what stands where in their values.
_written: dict[Hashable, tuple[Words, dict[int, int | dt.timedelta]]] = {}


def lasting(kind: Kind, desk: Desk) -> Words:
    """Return the question of a kind that depends on places, reader and moment alone; its words are written once."""
    keys = [desk.user_id, *(one.pk for one in desk.where(kind.action))]
    shape = (connection.vendor, kind.name, kind.most_hours, len(keys))
    if shape not in _written:
        _written[shape] = _write(kind, len(keys) - 1)
    words, places = _written[shape]
    values = list(words.values)
    for at, place in places.items():
        moment = desk.at + place if isinstance(place, dt.timedelta) else None
        key = keys[place] if isinstance(place, int) else None
        values[at] = (_MOMENT if moment else _UUID).get_db_prep_value(moment or key, connection)
    return replace(words, values=tuple(values))


def _write(kind: Kind, many: int) -> tuple[Words, dict[int, int | dt.timedelta]]:
    """Write a question with stand-ins, and find them again among its values."""
    here = [CreditorEnvironment(pk=uuid.uuid4()) for _number in range(many)]
    desk = Desk(Scope(User(pk=uuid.uuid4())), tuple(here), _STAND_IN)
    words = Words.of(kind.rows(desk, here), kind.since)
    known = {
        _UUID.get_db_prep_value(key, connection): place
        for place, key in enumerate([desk.user_id, *(one.pk for one in here)])
    }
    places: dict[int, int | dt.timedelta] = {}
    for at, value in enumerate(words.values):
        moment = _moment(value)
        if isinstance(value, str | uuid.UUID) and value in known:
            places[at] = known[value]
        elif moment is not None and abs(moment - _STAND_IN) < _NEAR:
            places[at] = moment - _STAND_IN
    return words, places


def _moment(value: Any) -> dt.datetime | None:
    """Read a moment among the values of a question; SQLite wants it as text."""
    if isinstance(value, str) and value[4:5] == "-" and value[10:11] == " ":
        return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
    return value if isinstance(value, dt.datetime) else None
