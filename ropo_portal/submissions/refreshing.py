"""Room: asking Ropo where a claim stands and when it moves on; politely, the near ones first."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from ropo_portal.identifiers import normalized_number
from ropo_portal.submissions import gateway, outcomes
from ropo_portal.submissions.models import Kind, StatusUpdate, Submission

Clock = Callable[[], dt.datetime]
# Claims that Ropo carries on by itself, or where money comes in; printed invoices never move.
FOLLOWED = (Kind.MONITORED_INVOICE, Kind.REMINDER, Kind.DEBT_COLLECTION)
NEAR = dt.timedelta(hours=6)
FAR = dt.timedelta(days=7)
NONE = "-1"


def due(*, at: dt.datetime, limit: int) -> list[Submission]:
    """Claims to look at now: never seen, about to move on, with news, or not seen for a week."""
    tomorrow = at.date() + dt.timedelta(days=1)
    news = StatusUpdate.objects.trusted().filter(
        submission=OuterRef("pk"), received_at__gt=OuterRef("ropo_looked_at")
    )
    never = Q(ropo_looked_at=None)
    moves = Q(ropo_next_status_date__lte=tomorrow, ropo_looked_at__lt=at - NEAR) & ~Q(ropo_next_status=NONE)
    # A job that cannot be read, or news that keeps coming, is not asked about more often.
    rest = dt.timedelta(seconds=settings.REFRESH_REST)
    told = Q(ropo_looked_at__lt=at - rest) & Exists(news)
    old = Q(ropo_looked_at__lt=at - FAR) & ~Q(ropo_next_status=NONE)
    rows = Submission.objects.filter(
        never | moves | told | old, state=Submission.State.ACCEPTED, kind__in=FOLLOWED, ropo_job_id__gt=""
    ).filter(Q(environment__blocked_until=None) | Q(environment__blocked_until__lte=at))
    first = (F("ropo_next_status_date").asc(nulls_last=True), F("ropo_looked_at").asc(nulls_first=True), "id")
    return list(rows.select_related("environment__creditor").order_by(*first)[:limit])


def refresh(submission: Submission, *, clock: Clock) -> str:
    """Ask about one job and keep what it says; return the trouble, or nothing. An older look never wins."""
    asked_at = clock()
    try:
        found = gateway.job(submission)
    except gateway.InsideTransaction:
        raise
    except Exception as error:  # noqa: BLE001 -- a look that fails changes nothing, whatever the failure
        return outcomes.refusal_of_read(error)
    if found is None:
        return _seen(submission, asked_at, {}) or "unknown"
    if found.number and normalized_number(found.number) != submission.number_key:
        return _seen(submission, asked_at, {}) or "another number"
    return _seen(submission, asked_at, {
        "ropo_status": found.status_code[:10],
        "ropo_status_text": found.status_text[:100],
        "ropo_next_status": found.next_status_code[:10],
        "ropo_next_status_text": found.next_status_text[:100],
        "ropo_next_status_date": found.next_status_date,
        "ropo_due_date": found.current_due_date,
    })  # fmt: skip


def _seen(submission: Submission, asked_at: dt.datetime, facts: dict[str, object]) -> str:
    changes = {**facts, "ropo_looked_at": asked_at}
    newer: models.Q = Q(ropo_looked_at=None) | Q(ropo_looked_at__lt=asked_at)
    if Submission.objects.filter(newer, pk=submission.pk).update(**changes):
        for name, value in changes.items():
            setattr(submission, name, value)
    return ""
