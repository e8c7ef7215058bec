"""Submissions brought to an end by the book: with the attempt and the evidence the database asks for."""

import datetime as dt
from typing import Any

from django.db import transaction

from ropo_portal.submissions.models import Attempt, Evidence, Submission
from tests.factories import AT

FINDINGS = {"accepted": "there", "rejected": "refused"}
OUTCOMES = {"accepted": "accepted", "rejected": "rejected", "unconfirmed": "unknown"}


def settle(submission: Submission, state: str, *, at: dt.datetime = AT, **fields: Any) -> Submission:
    """Send a queued submission and let it end as told: sending, accepted, rejected, unconfirmed or held."""
    rows = Submission.objects.filter(pk=submission.pk)
    with transaction.atomic():
        if state == "held":
            rows.update(state="held", held_reason=fields.pop("held_reason", "never-sent"), **fields)
        else:
            _send(submission, rows, state, at, fields)
    return rows.get()


def _send(submission: Submission, rows: Any, state: str, at: dt.datetime, fields: dict[str, Any]) -> None:
    rows.update(state="sending", sending_since=at)
    attempt = Attempt.objects.create(
        submission=submission, number=1, payload_hash=submission.payload_hash, host="127.0.0.1", worker="test",
        started_at=at, deadline_at=at + dt.timedelta(seconds=90),
    )  # fmt: skip
    if state == "sending":
        return
    Attempt.objects.filter(pk=attempt.pk).update(outcome=OUTCOMES[state], finished_at=at)
    if state in FINDINGS:
        Evidence.objects.create(
            submission=submission, kind="answer", source="answer", finding=FINDINGS[state], at=at
        )
    rows.update(state=state, sending_since=None, settled_at=at if state in FINDINGS else None, **fields)
