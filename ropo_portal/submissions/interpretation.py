"""Room: from kept pages to the journal: repeatable, one row a piece of news, whatever the order of arrival."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.history.operations import record
from ropo_portal.identifiers import normalized_number
from ropo_portal.ropo_one.answers import StatusUpdate as Told
from ropo_portal.ropo_one.events import event_batch
from ropo_portal.ropo_one.reading import status_page
from ropo_portal.ropo_one.transport import RawAnswer
from ropo_portal.submissions.models import (
    Channel,
    PageReading,
    StatusIncident,
    StatusLine,
    StatusPage,
    StatusUpdate,
    Submission,
)
from ropo_portal.submissions.points import point

logger = logging.getLogger(__name__)
DEAD = (Submission.State.REJECTED, Submission.State.CANCELLED)
CHUNK = 200
LARGEST = Decimal(10) ** 12
LONGEST_ID, LONGEST_JOB, LONGEST_NUMBER = 100, 40, 40
# How long news without a submission waits for one.
ATTACHABLE = dt.timedelta(days=30)


@dataclass
class Count:
    """What a page came to."""

    new: int = 0
    known: int = 0
    unreadable: int = 0
    trouble: str = ""


def unread_pages(*, limit: int) -> QuerySet[StatusPage]:
    """Give pages nobody has read yet, oldest first."""
    waiting = StatusPage.objects.filter(reading=None).select_related("environment__creditor")
    return waiting.order_by("received_at", "id")[:limit]


def interpret(page: StatusPage, *, at: dt.datetime) -> Count:
    """Write a page's news into the journal; reading it again changes nothing."""
    count = Count()
    told = _told(page, count)
    for start in range(0, len(told), CHUNK):
        _write_chunk(page, told[start : start + CHUNK], count, at)
        point("K18")
    _note(page, count, at)
    return count


def interpret_or_set_aside(page: StatusPage, *, at: dt.datetime) -> None:
    """Read a page; one that cannot even be written is noted, so that it does not stop those behind it."""
    try:
        interpret(page, at=at)
    except OperationalError:
        raise  # the database is away: the page waits
    except Exception as error:
        logger.exception("the page %s cannot be interpreted", page.pk)
        _note(page, Count(trouble=type(error).__name__), at)


@transaction.atomic(durable=True)
def _note(page: StatusPage, count: Count, at: dt.datetime) -> None:
    if count.trouble or count.unreadable:
        _alarm(page, StatusIncident.Kind.UNREADABLE, "", page.sha256, at)
    facts = {
        "read_at": at,
        "new_count": count.new,
        "known_count": count.known,
        "unreadable_count": count.unreadable,
        "trouble": count.trouble[:200],
    }
    PageReading.objects.update_or_create(page=page, defaults=facts)


def _told(page: StatusPage, count: Count) -> list[Told]:
    """Read the bytes; what cannot be read is counted, and never an error."""
    body = bytes(page.body)
    try:
        if page.source == Channel.EVENT:
            batch = event_batch(body)
            count.unreadable = batch.unreadable
            return list(batch.messages)
        found = status_page(RawAnswer(200, {}, body, 0.0))
    except Exception as error:  # noqa: BLE001 -- a page that breaks the reader must not stop the pages behind it
        count.trouble = str(error) or type(error).__name__
        return []
    count.unreadable = found.unreadable if found else 0
    return list(found.updates) if found else []


@transaction.atomic(durable=True)
def _write_chunk(page: StatusPage, told: list[Told], count: Count, at: dt.datetime) -> None:
    """One writer at a time for an environment, so that "not there yet" stays true until the commit."""
    line, _made = StatusLine.objects.get_or_create(environment=page.environment)
    StatusLine.objects.select_for_update().get(pk=line.pk)
    source = StatusUpdate.EVENT if page.source == Channel.EVENT else StatusUpdate.POLLED
    ids = [_id(each) for each in told]
    rows = StatusUpdate.objects.filter(environment=page.environment, source=source, update_id__in=ids)
    known = dict(rows.values_list("update_id", "content_hash"))
    places = Places(page.environment, told)
    for each in told:
        update_id, content = _id(each), _content(each)
        if update_id not in known:
            _write(page, source, each, places, at)
            known[update_id] = content
            count.new += 1
            continue
        count.known += 1
        if known[update_id] != content:
            _alarm(page, StatusIncident.Kind.CONTRADICTION, update_id, content, at)


def _write(page: StatusPage, source: str, told: Told, places: "Places", at: dt.datetime) -> None:
    submission = places.submission_of(told)
    is_foreign = submission is None and places.is_foreign(told)
    StatusUpdate.objects.create(
        environment=page.environment,
        page=page,
        source=source,
        update_id=_id(told),
        submission=submission,
        job_id=told.job_id[:LONGEST_JOB],
        number=told.number[:LONGEST_NUMBER],
        number_key=_key(told),
        kind=told.kind[:60],
        code=told.code[:40],
        heading=told.heading[:200],
        text=told.text,
        amount=_amount(told),
        paid_date=told.paid_date,
        time_text=told.time_text[:40],
        at=_moment(told, page),
        received_at=page.received_at,
        content_hash=_content(told),
        is_foreign=is_foreign,
    )
    if is_foreign:
        _alarm(page, StatusIncident.Kind.FOREIGN, _id(told), _content(told), at)


class Places:
    """Whose jobs and numbers a chunk of news names, read at once."""

    def __init__(self, environment: CreditorEnvironment, told: Iterable[Told]) -> None:
        self.environment = environment
        told = list(told)
        self._jobs = {each.job_id[:LONGEST_JOB] for each in told} - {""}
        self._keys = {_key(each) for each in told} - {""}

    @cached_property
    def _by_job(self) -> dict[str, Submission]:
        rows = Submission.objects.filter(environment=self.environment, ropo_job_id__in=self._jobs)
        # Payments and credits bear the job they were about: the job's own submission comes last and wins.
        return {row.ropo_job_id: row for row in sorted(rows, key=lambda row: bool(row.opening))}

    @cached_property
    def _by_number(self) -> dict[str, list[Submission]]:
        found: dict[str, list[Submission]] = {}
        rows = Submission.objects.filter(environment=self.environment, number_key__in=self._keys)
        for row in rows.exclude(opening=""):
            found.setdefault(row.number_key, []).append(row)
        return found

    @cached_property
    def _foreign_jobs(self) -> set[str]:
        """Jobs of others at the same Ropo One; numbers of two Ropo Ones say nothing about each other."""
        others = Submission.objects.filter(
            ropo_job_id__in=self._jobs, environment__name=self.environment.name
        ).exclude(environment=self.environment)
        return set(others.values_list("ropo_job_id", flat=True))

    def submission_of(self, told: Told) -> Submission | None:
        """By job number, else by invoice number when only one submission can be meant."""
        job = told.job_id[:LONGEST_JOB]
        if job in self._by_job:
            return self._by_job[job]
        if job and job in self._foreign_jobs:
            return None
        # One that bears another job number is not meant.
        meant = [row for row in self._by_number.get(_key(told), []) if not (row.ropo_job_id and job)]
        living = [row for row in meant if row.state not in DEAD]
        candidates = living or meant
        return candidates[0] if len(candidates) == 1 else None

    def is_foreign(self, told: Told) -> bool:
        """Whether it names a job that another creditor's credentials registered."""
        return told.job_id[:LONGEST_JOB] in self._foreign_jobs


def attach_late(*, at: dt.datetime) -> int:
    """Attach news that came before its job was known; return how many."""
    own = Submission.objects.filter(environment=OuterRef("environment"), ropo_job_id=OuterRef("job_id"))
    lonely = StatusUpdate.objects.trusted().filter(submission=None, received_at__gt=at - ATTACHABLE)
    rows = lonely.exclude(job_id="").filter(Exists(own)).only("pk", "environment_id", "job_id")
    attached = 0
    for row in rows[:1000]:
        owners = Submission.objects.filter(environment_id=row.environment_id, ropo_job_id=row.job_id)
        owner = owners.exclude(opening="").first() or owners.first()
        attached += StatusUpdate.objects.filter(pk=row.pk, submission=None).update(submission=owner)
    return attached


def _id(told: Told) -> str:
    if len(told.update_id) <= LONGEST_ID:
        return told.update_id
    return "sha256:" + hashlib.sha256(told.update_id.encode()).hexdigest()


def _key(told: Told) -> str:
    return normalized_number(told.number)[:LONGEST_NUMBER]


def _amount(told: Told) -> Decimal | None:
    if told.amount is None or abs(told.amount) >= LARGEST:
        return None
    try:
        return told.amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def _content(told: Told) -> str:
    """The fingerprint of what makes a difference; not of spelling, spaces, or the language of a heading."""
    amount = _amount(told)
    facts = (told.job_id, _key(told), told.kind, told.code, told.text, told.time_text, told.paid_date, amount)
    return hashlib.sha256("\x1f".join(map(str, facts)).encode("utf-8", "replace")).hexdigest()


def _moment(told: Told, page: StatusPage) -> dt.datetime:
    """Take a time without a zone for the environment's own; without a readable time the arrival has to do."""
    try:
        moment = dt.datetime.fromisoformat(told.time_text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=page.environment.time_zone)).astimezone(
            dt.UTC
        )
    except (ValueError, OverflowError):
        return page.received_at


def _alarm(page: StatusPage, kind: str, update_id: str, content: str, at: dt.datetime) -> None:
    """Write an incident down once, with a line in the history and a flag on the environment's line."""
    _row, is_new = StatusIncident.objects.get_or_create(
        environment=page.environment,
        kind=kind,
        update_id=update_id,
        content_hash=content,
        defaults={"page": page, "at": at},
    )
    if not is_new:
        return
    words = StatusIncident.Kind(kind).label
    StatusLine.objects.update_or_create(
        environment=page.environment, defaults={"alarm": f"{words}: {update_id}"[:200], "alarmed_at": at}
    )
    record(
        verb=f"status.{kind}",
        subject=page.environment,
        creditor_id=page.environment.creditor_id,
        after={"update": update_id, "source": page.source, "page": str(page.pk)},
        actor=None,
        at=at,
    )
