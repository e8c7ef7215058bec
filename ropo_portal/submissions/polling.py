"""Room: reading Ropo's queue of news: each page is kept before the next is asked for; nothing is interpreted here."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.ropo_one.reading import status_page
from ropo_portal.ropo_one.transport import RawAnswer
from ropo_portal.submissions import gateway, outcomes
from ropo_portal.submissions.models import Channel, StatusLine, StatusPage
from ropo_portal.submissions.points import point

Clock = Callable[[], dt.datetime]
# How long a turn lasts without a page; a poller that is killed is replaced after that.
LEASE = dt.timedelta(minutes=5)
# Pages of a thousand in one turn; what is left waits for the next.
MOST_PAGES = 100
# Failures before which nothing can have left Ropo's queue.
HARMLESS = frozenset({"login", "unreachable"})
DAY = dt.timedelta(days=1)
WEEK, MONTH = 7 * DAY, 30 * DAY


@dataclass
class Round:
    """What one poll came to."""

    is_busy: bool = False
    pages: int = 0
    trouble: str = ""
    is_drained: bool = False
    is_replayed: bool = False


@dataclass(frozen=True)
class Turn:
    """The right to be the only one who polls an environment for a while."""

    environment: CreditorEnvironment
    line: StatusLine
    key: str
    owed: dt.date | None
    marked: dt.date
    clock: Clock = field(repr=False)

    @property
    def row(self) -> Q:
        """The row as long as it is ours."""
        return Q(pk=self.line.pk, lease_key=self.key)


class NotOurTurn(Exception):
    """The lease ran out and somebody else polls now."""


def polled_environments(*, at: dt.datetime) -> Iterator[CreditorEnvironment]:
    """Give every environment that can be asked: with credentials, open, in use, and not resting."""
    rows = CreditorEnvironment.objects.filter(
        Q(blocked_until=None) | Q(blocked_until__lte=at), cid__gt="", creditor__is_active=True
    )
    found = rows.select_related("creditor").order_by("pk")
    return (row for row in found if row.apicode and row.is_open)


def owe(environment: CreditorEnvironment, *, at: dt.datetime) -> None:
    """Note that the last days shall be asked for again: seven of them, and thirty once a week."""
    line = line_of(environment)
    today = environment.today(at)
    month_is_due = line.replayed_month_on is None or today - line.replayed_month_on >= WEEK
    first = today - (MONTH if month_is_due else WEEK)
    rows = StatusLine.objects.filter(Q(replay_from=None) | Q(replay_from__gt=first), pk=line.pk)
    rows.update(replay_from=first)


def line_of(environment: CreditorEnvironment) -> StatusLine:
    """Return the environment's line, made when first asked for."""
    return StatusLine.objects.get_or_create(environment=environment)[0]


def poll(environment: CreditorEnvironment, *, clock: Clock) -> Round:
    """Read the queue to its end; after a failure, or when days are owed, ask for those days again."""
    turn = _take_turn(environment, clock)
    if turn is None:
        return Round(is_busy=True)
    done = Round()
    try:
        _drain(turn, done)
        if turn.owed or done.trouble not in {"", *HARMLESS}:
            _replay(turn, done)
        _note_end(turn, done)
    except NotOurTurn:
        done.is_busy = True
    finally:
        StatusLine.objects.filter(turn.row).update(lease_until=None, lease_key="")
    return done


def _take_turn(environment: CreditorEnvironment, clock: Clock) -> Turn | None:
    """Take the lease if it is free, and mark the days that a sudden end would owe."""
    line, at = line_of(environment), clock()
    key = uuid.uuid4().hex
    free = StatusLine.objects.filter(Q(lease_until=None) | Q(lease_until__lte=at), pk=line.pk)
    if not free.update(lease_key=key, lease_until=at + LEASE, last_polled_at=at):
        return None
    line.refresh_from_db()
    yesterday = environment.today(at) - DAY
    marked = min(line.replay_from or yesterday, yesterday)
    StatusLine.objects.filter(pk=line.pk, lease_key=key).update(replay_from=marked)
    return Turn(environment, line, key, line.replay_from, marked, clock)


def _drain(turn: Turn, done: Round) -> None:
    before = ""
    while not done.trouble and done.pages < MOST_PAGES:
        body = _ask(turn, done)
        page = "" if body is None else _kept(turn, done, body, Channel.POLL)
        if not page:
            done.is_drained = not done.trouble
            return
        if page == before:
            done.trouble = "the same page came twice"
        before = page


def _replay(turn: Turn, done: Round) -> None:
    """Ask for every owed day up to today; what is asked for by day does not leave Ropo's queue."""
    trouble, done.trouble = done.trouble, ""
    day, today = turn.marked, turn.environment.today(turn.clock())
    while day <= today and not done.trouble:
        body = _ask(turn, done, day=day)
        if body is not None:
            _kept(turn, done, body, Channel.REPLAY, day=day)
        day += DAY
    done.is_replayed = not done.trouble
    done.trouble = done.trouble or trouble
    if done.is_replayed:
        _note_replay(turn, today)


def _ask(turn: Turn, done: Round, *, day: dt.date | None = None) -> bytes | None:
    try:
        return gateway.status_page(turn.environment, day=day)
    except gateway.InsideTransaction:
        raise
    except gateway.NoCredentials:
        done.trouble = "login"
    except Exception as error:  # noqa: BLE001 -- whatever the failure, a page may be lost and is asked for again
        done.trouble = outcomes.refusal_of_read(error)[:200] or "unclear"
    return None


def _kept(turn: Turn, done: Round, body: bytes, source: Channel, *, day: dt.date | None = None) -> str:
    """Commit the bytes if they hold anything; the fingerprint, or nothing for an answer without news."""
    point("K15")
    sha256 = hashlib.sha256(body).hexdigest()
    if _is_empty(body, done) or (day and _is_known(turn, sha256)):
        return ""
    with transaction.atomic(durable=True):
        at = turn.clock()
        StatusPage.objects.create(
            environment=turn.environment, source=source, day=day, received_at=at, sha256=sha256, body=body
        )
        is_ours = StatusLine.objects.filter(turn.row).update(lease_until=at + LEASE)
    point("K17")
    done.pages += 1
    if not is_ours:  # the bytes are kept all the same: they may be gone from Ropo's queue
        raise NotOurTurn
    return sha256


def _is_empty(body: bytes, done: Round) -> bool:
    """Whether the answer says that there is nothing; what cannot be read is kept, and is trouble."""
    try:
        return status_page(RawAnswer(200, {}, body, 0.0)) is None
    except Exception as error:  # noqa: BLE001 -- bytes that left the queue are kept whatever reading makes of them
        done.trouble = str(error)[:200] or type(error).__name__
        return False


def _is_known(turn: Turn, sha256: str) -> bool:
    """Whether the same answer to the same question lies here already: replays of quiet days repeat themselves."""
    return StatusPage.objects.filter(environment=turn.environment, sha256=sha256).exists()


def _note_end(turn: Turn, done: Round) -> None:
    """Clear the mark after a clean end; a longer debt that came meanwhile stays."""
    changes: dict[str, object] = {"trouble": done.trouble}
    if done.is_drained:
        changes["last_drained_at"] = turn.clock()
    StatusLine.objects.filter(turn.row).update(**changes)
    lost_nothing = done.trouble in {"", *HARMLESS} and not turn.owed
    if done.is_replayed or lost_nothing:
        StatusLine.objects.filter(turn.row, replay_from=turn.marked).update(replay_from=None)


def _note_replay(turn: Turn, today: dt.date) -> None:
    span = today - turn.marked
    changes = {
        name: today for name, days in (("replayed_on", WEEK), ("replayed_month_on", MONTH)) if span >= days
    }
    if changes:
        StatusLine.objects.filter(turn.row).update(**changes)
