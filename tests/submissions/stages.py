"""Submissions in every state, brought there by legal moves only, with attempts and evidence to look at."""

import datetime as dt
from typing import Any

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.submissions.models import Attempt, Evidence, SendingSwitch, Submission
from tests import factories
from tests.factories import AT

State = Submission.State
OUTCOMES = {"accepted": "accepted", "rejected": "rejected", "unconfirmed": "unknown", "held": "unknown"}
FINDINGS = {"accepted": "there", "rejected": "refused"}


def staged(environment: CreditorEnvironment, state: str, *, at: dt.datetime = AT, **facts: Any) -> Submission:
    """Return a submission that is in `state` since `at`; `body` and `status` are of Ropo's answer."""
    body, status = facts.pop("body", b""), facts.pop("status", None)
    changes = facts.pop("changes", {})
    row = factories.queue(environment, at=at, **facts)
    if state == State.QUEUED:
        return row
    if state == State.CANCELLED:
        row.move(state, at=at, settled_at=at)
        return row
    attempt = tried(row, at=at)
    if state == State.SENDING:
        return row
    never = changes.get("held_reason") == "never-sent"
    answered(attempt, "refused" if never else OUTCOMES[state], at=at, body=body, status=status)
    seen(row, FINDINGS.get(state, "nothing"), at=at, kind="answer", source="attempt 1")
    if state == State.HELD:
        changes = {"held_reason": "maybe-sent", **changes}
    if state == State.ACCEPTED:
        changes = {"ropo_job_id": "7700123", "settled_at": at, **changes}
    row.move(state, at=at, **changes)
    return row


def tried(row: Submission, *, at: dt.datetime) -> Attempt:
    """Move to sending and open the next attempt."""
    row.move(State.SENDING, at=at)
    return Attempt.objects.create(
        submission=row, number=row.attempts.count() + 1, payload_hash=row.payload_hash, worker="worker-1:4711",
        host="http://127.0.0.1:8078/rest", started_at=at, deadline_at=at + dt.timedelta(seconds=90),
    )  # fmt: skip


def answered(
    attempt: Attempt, outcome: str, *, at: dt.datetime, body: bytes = b"", status: int | None = None
) -> None:
    """Close an attempt."""
    attempt.outcome, attempt.finished_at, attempt.cause = outcome, at + dt.timedelta(seconds=2), outcome
    attempt.body, attempt.status = body or None, status
    attempt.headers = (
        {"content-type": "application/json", "date": "Mon, 23 Nov 2026 09:00:02 GMT"} if status else {}
    )
    attempt.save()


def seen(row: Submission, finding: str, *, at: dt.datetime, kind: str = "look-up", **facts: Any) -> Evidence:
    """Write a fact down."""
    facts = {"source": "all", **facts}
    return Evidence.objects.create(submission=row, kind=kind, finding=finding, at=at, **facts)


def looked(row: Submission, finding: str, *, at: dt.datetime, number: int = 1) -> None:
    """Write down one whole round of look-ups."""
    part = "there" if finding == "differs" else finding
    for source in ("status updates", "debtor's invoices", "document"):
        seen(row, part, at=at, source=source, round=number)
    seen(
        row,
        finding,
        at=at,
        round=number,
        detail="no source knows it" if finding == "not-there" else "two jobs",
    )


def ripe(environment: CreditorEnvironment, *, now: dt.datetime, **facts: Any) -> Submission:
    """Return a held submission that two people may send again at `now`."""
    SendingSwitch.objects.get_or_create(pk=1)
    row = staged(environment, State.HELD, at=now - dt.timedelta(hours=49), **facts)
    looked(row, "not-there", at=now - dt.timedelta(hours=25), number=1)
    looked(row, "not-there", at=now - dt.timedelta(minutes=10), number=2)
    return row
