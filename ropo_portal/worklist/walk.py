"""Room: the order of all work: what is older than allowed first, then by damage, then the oldest; and one's place in it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.accounts.scope import Scope
from ropo_portal.worklist.kinds import KINDS, TOLD, Desk, Row
from ropo_portal.worklist.lines import Key, Line, Tally
from ropo_portal.worklist.models import WorkClaim

SALT = "worklist.walk"
SIZE = 50
URGENT = 1_000


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
    lines = _lines(desk)
    for line in lines:
        first, tally = line.first(size, only_late=only_late)
        tallies.append(tally)
        if group in {"", line.kind.group}:
            wanted = _beyond(line, after) if after else None
            keys += first if wanted is None else line.beyond(wanted, size, only_late=only_late)
    keys.sort()
    shown = keys[:size]
    return Look(_rows(desk, shown, _models(lines)), tallies, has_more=len(keys) > size)


def ahead(
    desk: Desk, *, group: str = "", only_late: bool = False, after: Place | None = None, size: int = SIZE
) -> list[Row]:
    """Give the next rows after a place; nothing is counted."""
    lines = [line for line in _lines(desk) if group in {"", line.kind.group}]
    keys = [
        key
        for line in lines
        for key in line.beyond(_beyond(line, after) if after else Q(), size, only_late=only_late)
    ]
    return _rows(desk, sorted(keys)[:size], _models(lines))


def _lines(desk: Desk) -> list[Line]:
    return [Line(desk, rank, kind) for rank, kind in enumerate(KINDS) if desk.where(kind.action)]


def _models(lines: Sequence[Line]) -> dict[int, Any]:
    return {line.rank: line.model for line in lines}


def told(desk: Desk) -> tuple[str, ...]:
    """Name the kinds that the reader is told of."""
    return tuple(kind.name for kind in KINDS if kind.group in TOLD and desk.where(kind.action))


def urgent(names: Sequence[str], *, reader: uuid.UUID, environment_id: uuid.UUID) -> QuerySet[Any]:
    """Return, as one question, what waits of the kinds; it depends on no clock, which is therefore not there."""
    here = CreditorEnvironment(pk=environment_id)
    desk = Desk(Scope(User(pk=reader)), (here,), None)  # type: ignore[arg-type]
    keys = [kind.rows(desk, [here]).order_by().values_list("pk") for kind in KINDS if kind.name in names]
    return keys[0].union(*keys[1:], all=True)


def _beyond(line: Line, after: Place) -> Q:
    """Return which rows of a line stand after a place."""
    rank = _rank(after.kind)
    if line.rank == rank:
        since = line.kind.since
        later = Q(**{f"{since}__gt": after.since}) | Q(**{since: after.since, "pk__gt": after.pk})
        return later if after.is_late else later & ~line.late
    if after.is_late:
        return Q() if line.rank > rank else ~line.late
    return ~line.late if line.rank > rank else Q(pk__in=[])


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
