"""Room: one try at the wire: claim, say, settle; no transaction is open while the network is."""

import datetime as dt
import hashlib
import logging
import os
import socket
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.history.operations import record
from ropo_portal.submissions import gateway, outcomes
from ropo_portal.submissions.models import Attempt, Evidence, StateHasChanged, Submission
from ropo_portal.submissions.outcomes import Verdict
from ropo_portal.submissions.points import point

logger = logging.getLogger(__name__)

State = Submission.State
Clock = Callable[[], dt.datetime]
SETTLE_PATIENCE = 60.0
# What the database says of a debtor with a flag; `causes` says it to a clerk.
FLAGGED = "flag: the debtor is not to be sent this"
BACK_OFF_FIRST, BACK_OFF_MOST = 5.0, 600.0


class TooLate(Exception):
    """The deadline passed before the first byte, so nothing is written."""


def deliver(submission_id: uuid.UUID, *, clock: Clock) -> str | None:
    """Send one due submission once; return its new state, or None when it was not its turn."""
    point("K3")
    attempt = claim(submission_id, at=clock())
    if attempt is None:
        return None
    point("K7")
    result = _say(attempt)
    point("K11")
    state = settle(attempt, result, clock=clock)
    point("K13")
    return state


def claim(submission_id: uuid.UUID, *, at: dt.datetime) -> Attempt | None:
    """Move a due submission to `sending` and write its attempt, in one durable transaction."""
    try:
        with transaction.atomic(durable=True):
            submission = Submission.objects.with_parties().due(at=at).filter(pk=submission_id).first()
            if submission is None:
                return None
            submission.move(State.SENDING, at=at)
            attempt = Attempt.objects.create(
                submission=submission,
                number=submission.attempts.count() + 1,
                payload_hash=submission.payload_hash,
                host=gateway.host(submission.environment),
                worker=f"{socket.gethostname()}:{os.getpid()}",
                started_at=at,
                deadline_at=at + dt.timedelta(seconds=settings.SEND_DEADLINE),
            )
            point("K6")
    except (StateHasChanged, DatabaseError) as reason:
        # Another worker, a switch, or a flag: the database refused, so nothing was promised and nothing is sent.
        logger.info("submission %s was not claimed: %s", submission_id, type(reason).__name__)
        if _is_flag(reason):
            _set_aside(submission_id, at=at)
        return None
    return attempt


def _is_flag(error: BaseException) -> bool:
    """Tell whether the database kept a debtor from being sent anything."""
    return isinstance(error, DatabaseError) and str(error).startswith(FLAGGED.partition(" ")[0])


@transaction.atomic(durable=True)
def _set_aside(submission_id: uuid.UUID, *, at: dt.datetime) -> None:
    """Hold what a flag stopped in the queue: when the flag ends, a person looks before it leaves."""
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    if submission.state != State.QUEUED:
        return
    submission.move(State.HELD, at=at, held_reason=Submission.HeldReason.NEVER_SENT, trouble=FLAGGED)
    record(
        verb="submission.held",
        subject=submission,
        creditor_id=submission.creditor_id,
        before={"state": State.QUEUED},
        after={"state": State.HELD, "cause": FLAGGED},
        actor=None,
        at=at,
    )


def _say(attempt: Attempt) -> object:
    """Post the frozen bytes; return the answer or the exception, whatever it is."""
    give_up = time.monotonic() + settings.SEND_DEADLINE
    leaving = False

    def before_first_byte() -> None:
        nonlocal leaving
        if time.monotonic() > give_up or not _is_still_open(attempt):
            raise TooLate
        point("K8")
        leaving = True

    try:
        result = gateway.register(
            attempt.submission,
            identifier=f"{attempt.submission_id}/{attempt.number}",
            before_first_byte=before_first_byte,
        )
    except Exception as error:  # noqa: BLE001 -- every failure is judged by the table in outcomes
        return error if leaving else outcomes.NeverLeft(error)
    point("K10")
    return result


def _is_still_open(attempt: Attempt) -> bool:
    """Tell whether the sweeper has left this attempt alone; a frozen worker that wakes must not write."""
    return Attempt.objects.filter(pk=attempt.pk, outcome=Attempt.Outcome.OPEN).exists()


def settle(attempt: Attempt, result: object, *, clock: Clock) -> str:
    """Write down what the try came to; keeps trying for a minute when the database is away."""
    judged = outcomes.verdict(result, number=attempt.submission.number)
    patience = time.monotonic() + SETTLE_PATIENCE
    while True:
        try:
            return _settle_once(attempt.pk, judged, at=clock())
        except (OperationalError, InterfaceError):
            if time.monotonic() > patience:
                raise
            connection.close()
            time.sleep(0.5)


@transaction.atomic(durable=True)
def _settle_once(attempt_id: uuid.UUID, judged: Verdict, *, at: dt.datetime) -> str:
    attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
    submission = Submission.objects.select_for_update().get(pk=attempt.submission_id)
    before = submission.state
    if attempt.outcome not in {Attempt.Outcome.OPEN, Attempt.Outcome.UNKNOWN, Attempt.Outcome.VOIDED}:
        return before
    _keep_evidence(submission, attempt, judged, at=at)
    if before == State.SENDING:
        _close(attempt, judged, at=at)
        _move(submission, judged, at=at)
    else:
        _move_late(submission, attempt, judged, at=at)
    _mind_the_line(submission.environment_id, judged, at=at)
    record(
        verb=f"submission.{submission.state}",
        subject=submission,
        creditor_id=submission.creditor_id,
        before={"state": before},
        after={
            "state": submission.state,
            "attempt": attempt.number,
            "status": judged.status,
            "cause": judged.cause,
        },
        actor=None,
        at=at,
    )
    point("K12")
    return submission.state


def _keep_evidence(submission: Submission, attempt: Attempt, judged: Verdict, *, at: dt.datetime) -> None:
    Evidence.objects.create(
        submission=submission,
        kind=Evidence.Kind.ANSWER,
        source=f"attempt {attempt.number}",
        finding=judged.finding,
        detail=judged.cause[:300],
        raw=judged.body or None,
        at=at,
    )


def _close(attempt: Attempt, judged: Verdict, *, at: dt.datetime) -> None:
    attempt.outcome = judged.outcome
    attempt.cause = judged.cause[:200]
    attempt.finished_at = at
    attempt.status = judged.status
    attempt.headers = judged.headers
    attempt.body = judged.body or None
    attempt.body_hash = hashlib.sha256(judged.body).hexdigest() if judged.body else ""
    attempt.save()


def _move(submission: Submission, judged: Verdict, *, at: dt.datetime) -> None:
    """Take the step the verdict names, from `sending`."""
    if judged.state == State.QUEUED:
        _wait_again(submission, judged, at=at)
        return
    changes: dict[str, object] = {"trouble": judged.trouble, "held_reason": judged.held_reason}
    if judged.state in {State.ACCEPTED, State.REJECTED}:
        changes |= {"settled_at": at, "next_look_up_at": None}
    if judged.state == State.ACCEPTED:
        changes |= {
            "ropo_job_id": judged.job_id,
            "ropo_reference": judged.reference[:40],
            "ropo_amount": judged.amount,
        }
    if judged.state in {State.UNCONFIRMED, State.HELD}:
        first = 0.0 if judged.look_up_now else settings.LOOK_UP_SCHEDULE[0]
        changes["next_look_up_at"] = at + dt.timedelta(seconds=first)
        changes["trouble"] = judged.cause
    submission.move(judged.state, at=at, **changes)


def _wait_again(submission: Submission, judged: Verdict, *, at: dt.datetime) -> None:
    """Put back what certainly never left: later each time, and to a person after too many, or under a flag."""
    count = submission.not_sent_count + 1
    pause = min(BACK_OFF_FIRST * 2 ** min(count - 1, 10), BACK_OFF_MOST)
    changes = {"not_sent_count": count, "trouble": judged.cause, "due_at": at + dt.timedelta(seconds=pause)}
    try:
        with transaction.atomic():
            submission.move(State.QUEUED, at=at, **changes)
    except DatabaseError as error:
        if not _is_flag(error):
            raise
        changes |= {"held_reason": Submission.HeldReason.NEVER_SENT, "trouble": FLAGGED, "due_at": at}
        submission.move(State.HELD, at=at, **changes)
        return
    if count >= settings.NOT_SENT_LIMIT:
        submission.move(State.HELD, at=at, held_reason=Submission.HeldReason.NEVER_SENT, trouble=judged.cause)


def _move_late(submission: Submission, attempt: Attempt, judged: Verdict, *, at: dt.datetime) -> None:
    """Use an answer that came after the sweeper had given the attempt up."""
    certain = judged.state in {State.ACCEPTED, State.REJECTED}
    if not certain or judged.state not in Submission.MOVES[submission.state]:
        return
    if attempt.outcome == Attempt.Outcome.VOIDED and judged.state == State.REJECTED:
        return
    _close(attempt, judged, at=at)
    _move(submission, judged, at=at)


def _mind_the_line(environment_id: uuid.UUID, judged: Verdict, *, at: dt.datetime) -> None:
    """Stop or rest the environment's line when the answer says that further tries are pointless now."""
    environment = CreditorEnvironment.objects.filter(pk=environment_id)
    if judged.stop:
        environment.update(sending_paused=True, paused_reason=judged.cause[:200])
    elif judged.rest_seconds:
        environment.update(blocked_until=at + dt.timedelta(seconds=judged.rest_seconds))


def due_ids(*, at: dt.datetime, limit: int) -> list[uuid.UUID]:
    """Ids of due submissions, oldest promise first."""
    return list(Submission.objects.due(at=at).order_by("due_at", "id").values_list("pk", flat=True)[:limit])
