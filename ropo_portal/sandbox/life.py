"""Where a job stands in its life, computed from the clock whenever somebody asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .records import Job

INVOICING, REMINDER, COLLECTION, NONE = 0, 1, 2, -1
REMIND_AFTER = dt.timedelta(days=14)
COLLECT_AFTER = dt.timedelta(days=14)
RESTING = {"300", "301"}


@dataclass(frozen=True)
class Standing:
    """The present stage, the next one and its day; -1 is "none"."""

    status: int
    next_status: int
    next_on: dt.date | None
    pay_by: dt.date


@dataclass(frozen=True)
class Step:
    """A stage and the day on which it began; stage 0 here means "now overdue"."""

    status: int
    on: dt.date


def standing(job: Job, today: dt.date, zone: dt.tzinfo) -> Standing:
    """Types 300 and 301 never move; 0 is reminded, then collected; 1 is collected; 2 is collection already."""
    due = due_day(job, today)
    if job.jobtype == "2":
        return Standing(COLLECTION, NONE, None, due)
    if _rests(job):
        return Standing(REMINDER if job.jobtype == "1" else INVOICING, NONE, None, due)
    return _moving(today, due, _remind_on(job, today, zone))


def steps(job: Job, today: dt.date, zone: dt.tzinfo) -> list[Step]:
    """What has happened to a moving job up to today, each on its own day: overdue, reminded, collected."""
    if job.jobtype == "2" or _rests(job):
        return []
    remind_on = _remind_on(job, today, zone)
    whole = [Step(COLLECTION, remind_on + COLLECT_AFTER)]
    if job.jobtype == "0":
        overdue = Step(INVOICING, due_day(job, today) + dt.timedelta(days=1))
        whole = [overdue, Step(REMINDER, remind_on), *whole]
    return [step for step in whole if step.on <= today]


def due_day(job: Job, otherwise: dt.date) -> dt.date:
    return _day(job.paydate, otherwise)


def _rests(job: Job) -> bool:
    rests = job.jobtype in RESTING or job.dataset.get("collectionprocess") == "T1"
    return rests or job.is_paid or job.amount < 0


def registered_on(job: Job, zone: dt.tzinfo) -> dt.date:
    """The day on which the job came in, as its account's country counts days."""
    return dt.datetime.fromisoformat(job.clock_at).astimezone(zone).date()


def _remind_on(job: Job, today: dt.date, zone: dt.tzinfo) -> dt.date:
    return registered_on(job, zone) if job.jobtype == "1" else due_day(job, today) + REMIND_AFTER


def _moving(today: dt.date, due: dt.date, remind_on: dt.date) -> Standing:
    collect_on = remind_on + COLLECT_AFTER
    if today < remind_on:
        return Standing(INVOICING, REMINDER, remind_on, due)
    if today < collect_on:
        return Standing(REMINDER, COLLECTION, collect_on, collect_on)
    return Standing(COLLECTION, NONE, None, collect_on)


def word(job: Job, today: dt.date, zone: dt.tzinfo) -> str:
    """The status as `findbyendcustomer` says it."""
    if job.is_paid:
        return "paid"
    now = standing(job, today, zone)
    if now.status == INVOICING:
        return "due" if today > now.pay_by else "invoicing"
    return "reminder" if now.status == REMINDER else "collection"


def _day(value: str, otherwise: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return otherwise
