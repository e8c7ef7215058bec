"""Room: the order of all work: what is older than allowed first, then by damage, then the oldest; and one's place in it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Field, Q, QuerySet

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.accounts.scope import Scope
from ropo_portal.worklist.kinds import KINDS, TOLD, Desk, Kind, Row
from ropo_portal.worklist.models import WorkClaim

SALT = "worklist.walk"
SIZE = 50
COUNTED = URGENT = 1_000


@dataclass(frozen=True)
class Place:
    """One row's place: older than allowed or not, the kind, since when, which."""

    is_late: bool
    kind: str
    since: Any
    pk: uuid.UUID

    def token(self) -> str:
        """Write it so that it can travel in an address."""
        since = self.since.isoformat()
        return signing.dumps([int(self.is_late), self.kind, since, self.pk.hex], salt=SALT)


@dataclass(frozen=True)
class Tally:
    """How many rows a kind has, and how many of them are older than allowed; counting ends at a thousand."""

    kind: Kind
    number: int
    late: int


@dataclass(frozen=True)
class Look:
    """One page of the list, and the numbers above it."""

    rows: list[Row]
    tallies: list[Tally]
    has_more: bool


def read(token: str | None) -> Place | None:
    """Read a place back; an old, foreign or damaged one is no place."""
    try:
        is_late, name, since, key = signing.loads(token or "", salt=SALT)
        kind = next(one for one in KINDS if one.name == name)
        return Place(bool(is_late), kind.name, _since_of(since), uuid.UUID(key))
    except (signing.BadSignature, StopIteration, ValueError, TypeError, ValidationError):
        return None


def look(
    desk: Desk, *, group: str = "", only_late: bool = False, after: Place | None = None, size: int = SIZE
) -> Look:
    """Give one page after a place, and count everything."""
    keys: list[Key] = []
    tallies: list[Tally] = []
    models: dict[int, Any] = {}
    for rank, kind in enumerate(KINDS):
        if not desk.where(kind.action):
            continue
        line = _Line(desk, rank, kind, only_late=only_late)
        models[rank] = line.found.model
        first = line.keys(None, size)
        tallies.append(line.tally(first, size))
        if group in {"", kind.group}:
            keys += first if after is None else line.keys(after, size)
    keys.sort()
    shown = keys[:size]
    return Look(_rows(desk, shown, models), tallies, has_more=len(keys) > size)


def told(desk: Desk) -> tuple[str, ...]:
    """Name the kinds that the reader is told of."""
    return tuple(kind.name for kind in KINDS if kind.group in TOLD and desk.where(kind.action))


def urgent(names: Sequence[str], *, reader: uuid.UUID, environment_id: uuid.UUID) -> QuerySet[Any]:
    """Return, as one question, what waits of the kinds; it depends on no clock, which is therefore not there."""
    here = CreditorEnvironment(pk=environment_id)
    desk = Desk(Scope(User(pk=reader)), (here,), None)  # type: ignore[arg-type]
    keys = [kind.rows(desk, [here]).order_by().values_list("pk") for kind in KINDS if kind.name in names]
    return keys[0].union(*keys[1:], all=True)


Key = tuple[int, int, Any, uuid.UUID]


class _Line:
    """The rows of one kind, the oldest first; those older than allowed are therefore its beginning."""

    def __init__(self, desk: Desk, rank: int, kind: Kind, *, only_late: bool) -> None:
        self.rank, self.kind, self.only_late = rank, kind, only_late
        self.found: QuerySet[Any] = kind.waiting(desk)
        self.limit = kind.limit(desk, is_day=not _is_moment(self.found.model, kind.since))
        self.late = Q(**{f"{kind.since}__lte": self.limit})

    def keys(self, after: Place | None, size: int) -> list[Key]:
        """Return the first keys after a place."""
        found = self.found.filter(self.late) if self.only_late else self.found
        if after is not None:
            found = found.filter(self._beyond(after))
        rows = found.order_by(self.kind.since, "pk").values_list("pk", self.kind.since)[: size + 1]
        return [(int(since > self.limit), self.rank, since, pk) for pk, since in rows]

    def tally(self, first: list[Key], size: int) -> Tally:
        """Count; a short line was read as a whole already."""
        late = sum(1 for key in first if not key[0])
        if len(first) <= size:
            return Tally(self.kind, len(first), late)
        number = _capped(self.found)
        return Tally(self.kind, number, late if late <= size else _capped(self.found.filter(self.late)))

    def _beyond(self, after: Place) -> Q:
        rank = _rank(after.kind)
        if self.rank == rank:
            since = self.kind.since
            later = Q(**{f"{since}__gt": after.since}) | Q(**{since: after.since, "pk__gt": after.pk})
            return later if after.is_late else later & ~self.late
        if after.is_late:
            return Q() if self.rank > rank else ~self.late
        return ~self.late if self.rank > rank else Q(pk__in=[])


def _rows(desk: Desk, keys: Sequence[Key], models: dict[int, Any]) -> list[Row]:
    """Load what the keys name, one question a kind, and who has taken it."""
    shown: dict[uuid.UUID, Row] = {}
    for rank in sorted({key[1] for key in keys}):
        kind = KINDS[rank]
        wanted = [key[3] for key in keys if key[1] == rank]
        found = models[rank].objects.filter(pk__in=wanted)
        shown |= {row.pk: row for row in kind.show(desk, found)}
    taken = WorkClaim.objects.standing(at=desk.at).filter(subject_id__in=list(shown)).select_related("user")
    claims = {claim.subject_id: claim for claim in taken} if shown else {}
    return [_placed(desk, shown[key[3]], key, claims.get(key[3])) for key in keys if key[3] in shown]


def _placed(desk: Desk, row: Row, key: Key, claim: WorkClaim | None) -> Row:
    fresh, rank, since, pk = key
    row.kind, row.is_late, row.claim = KINDS[rank], not fresh, claim
    row.age = desk.at - _moment(since)
    row.token = Place(not fresh, KINDS[rank].name, since, pk).token()
    return row


def _moment(since: dt.date | dt.datetime) -> dt.datetime:
    return since if isinstance(since, dt.datetime) else dt.datetime.combine(since, dt.time(), dt.UTC)


def _rank(name: str) -> int:
    return next(rank for rank, kind in enumerate(KINDS) if kind.name == name)


def _since_of(text: str) -> dt.date | dt.datetime:
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _is_moment(model: Any, name: str) -> bool:
    field: Field[Any, Any] = model._meta.get_field(name)
    return isinstance(field, DateTimeField)


def _capped(found: QuerySet[Any]) -> int:
    return found.order_by().values("pk")[: COUNTED + 1].count()
