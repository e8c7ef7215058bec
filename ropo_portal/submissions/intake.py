"""Room: what Ropo knows about a submission, looked up and written down as evidence; nothing is sent from here."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction

from ropo_portal.accounts.models import User
from ropo_portal.history.operations import record
from ropo_portal.submissions import gateway, outcomes
from ropo_portal.submissions.models import SETTLING, Attempt, Evidence, Kind, Submission
from ropo_portal.submissions.points import point

Clock = Callable[[], dt.datetime]
State = Submission.State
Finding = Evidence.Finding
# The source name of a whole round.
WHOLE_ROUND = "all"


@dataclass(frozen=True)
class Answer:
    """What one source said: sightings under our number, or nothing usable."""

    source: str
    seen: list[gateway.Sighting]
    trouble: str = ""


def look_up(submission: Submission, *, actor: User | None = None, clock: Clock) -> str:
    """Ask every source about one submission, keep the answers, and let it move where they prove something."""
    answers = [_ask(submission, source) for source in _sources(submission)]
    point("K14")
    return _conclude(submission.pk, answers, actor=actor, at=clock())


def _sources(submission: Submission) -> list[gateway.Source]:
    """Leave out the document when another job of ours has the same number: it would be found whatever happened."""
    if submission.kind in SETTLING:
        return [gateway.SETTLEMENTS]
    shared = _siblings(submission).exists() or submission.kind not in {Kind.INVOICE, Kind.LOCAL_PRINT}
    return [source for source in gateway.SOURCES if not (shared and source.name == "document")]


def _siblings(submission: Submission) -> models.QuerySet[Submission]:
    """Other accepted submissions of the same number."""
    same = Submission.objects.filter(
        environment_id=submission.environment_id, number_key=submission.number_key
    )
    return same.filter(state=State.ACCEPTED).exclude(pk=submission.pk)


def _ask(submission: Submission, source: gateway.Source) -> Answer:
    try:
        return Answer(source.name, gateway.sightings(submission, source))
    except Exception as error:  # noqa: BLE001 -- a look-up that fails is no evidence, whatever the failure
        return Answer(source.name, [], trouble=outcomes.refusal_of_read(error))


@transaction.atomic(durable=True)
def _conclude(submission_id: uuid.UUID, answers: list[Answer], *, actor: User | None, at: dt.datetime) -> str:
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    if submission.state not in {State.UNCONFIRMED, State.HELD}:
        return submission.state
    before = submission.state
    known = set(_siblings(submission).exclude(ropo_job_id="").values_list("ropo_job_id", flat=True))
    for answer in answers:
        _write_down(submission, answer, known, actor, at)
    seen = [
        (sighting.source, sighting.job_id, sighting.amount)
        for answer in answers
        for sighting in _ours(submission, answer, known)
    ]
    silent = [answer.source for answer in answers if answer.trouble]
    fate = outcomes.fate(seen, amount=submission.amount, silent=silent)
    _write_whole(submission, fate, actor, at)
    _move(submission, fate, at)
    record(
        verb="submission.looked_up",
        subject=submission,
        creditor_id=submission.creditor_id,
        before={"state": before},
        after={"state": submission.state, "finding": fate.finding, "detail": fate.detail},
        actor=actor,
        at=at,
    )
    return submission.state


def _ours(submission: Submission, answer: Answer, known: set[str]) -> list[gateway.Sighting]:
    """What cannot be another document of ours; of payments alike, those that are known to be there come off first."""
    if submission.kind not in SETTLING:
        return [sighting for sighting in answer.seen if sighting.job_id not in known]
    alike = _siblings(submission).filter(kind=submission.kind, amount=submission.amount)
    return answer.seen[alike.count() :]


def _write_down(
    submission: Submission, answer: Answer, known: set[str], actor: User | None, at: dt.datetime
) -> None:
    ours = _ours(submission, answer, known)
    found = Finding.THERE if ours else Finding.NOT_THERE
    Evidence.objects.create(
        submission=submission,
        kind=Evidence.Kind.LOOK_UP,
        source=answer.source,
        # A single source only reports; the whole round decides.
        finding=Finding.NOTHING if answer.trouble else found,
        detail=(
            answer.trouble or ", ".join(sorted({sighting.job_id for sighting in ours if sighting.job_id}))
        )[:300],
        raw=(answer.seen[0].raw or None) if answer.seen else None,
        round=submission.look_up_count + 1,
        at=at,
        actor=actor,
    )


def _write_whole(submission: Submission, fate: outcomes.Fate, actor: User | None, at: dt.datetime) -> None:
    Evidence.objects.create(
        submission=submission,
        kind=Evidence.Kind.LOOK_UP,
        source=WHOLE_ROUND,
        finding=fate.finding,
        detail=fate.detail[:300],
        round=submission.look_up_count + 1,
        at=at,
        actor=actor,
    )


def _move(submission: Submission, fate: outcomes.Fate, at: dt.datetime) -> None:
    if fate.finding == Finding.THERE:
        _accept(submission, fate, at)
    elif fate.finding == Finding.DIFFERS:
        _hold(submission, fate.detail, at)
    else:
        _plan_next(submission, fate, at)


def _accept(submission: Submission, fate: outcomes.Fate, at: dt.datetime) -> None:
    _settle_attempt(submission, Attempt.Outcome.ACCEPTED)
    job = fate.job_id or submission.ropo_job_id
    submission.move(State.ACCEPTED, at=at, ropo_job_id=job, settled_at=at, next_look_up_at=None, trouble="")


def _settle_attempt(submission: Submission, outcome: str) -> None:
    """Close the attempt whose end was unknown; a refused or unsent one keeps its own truth."""
    submission.attempts.filter(outcome=Attempt.Outcome.UNKNOWN).update(outcome=outcome)


def _hold(submission: Submission, trouble: str, at: dt.datetime) -> None:
    changes: dict[str, object] = {
        "trouble": trouble,
        "next_look_up_at": None,
        "look_up_count": submission.look_up_count + 1,
    }
    # Whatever the attempt came to: what Ropo knows something about is no longer "never sent".
    changes["held_reason"] = Submission.HeldReason.MAYBE_SENT
    if submission.state == State.HELD:
        Submission.objects.filter(pk=submission.pk).update(**changes)
        return
    changes["last_activity_at"] = submission.last_activity_at
    submission.move(State.HELD, at=at, **changes)


def _plan_next(submission: Submission, fate: outcomes.Fate, at: dt.datetime) -> None:
    """Count a round only when every source answered; after the last planned one a person decides."""
    answered = fate.finding == Finding.NOT_THERE
    count = submission.look_up_count + (1 if answered else 0)
    steps = settings.LOOK_UP_SCHEDULE
    if submission.state == State.HELD:
        Submission.objects.filter(pk=submission.pk).update(look_up_count=count, next_look_up_at=None)
    elif count >= len(steps):
        _hold(submission, submission.trouble, at)
    else:
        due = submission.last_activity_at + dt.timedelta(seconds=steps[count])
        soon = at + dt.timedelta(seconds=steps[0])
        following = max(due, soon) if not answered else max(due, at)
        Submission.objects.filter(pk=submission.pk).update(look_up_count=count, next_look_up_at=following)


def give_up_silent(*, at: dt.datetime) -> int:
    """Call attempts unconfirmed whose deadline and grace have passed without an outcome; return how many."""
    limit = at - dt.timedelta(seconds=settings.SWEEP_GRACE)
    silent = Attempt.objects.filter(outcome=Attempt.Outcome.OPEN, deadline_at__lt=limit).values_list(
        "pk", flat=True
    )
    return sum(_give_up(attempt_id, at=at) for attempt_id in list(silent[:500]))


@transaction.atomic(durable=True)
def _give_up(attempt_id: uuid.UUID, *, at: dt.datetime) -> bool:
    attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
    submission = Submission.objects.select_for_update().get(pk=attempt.submission_id)
    if attempt.outcome != Attempt.Outcome.OPEN or submission.state != State.SENDING:
        return False
    attempt.outcome, attempt.finished_at, attempt.cause = (
        Attempt.Outcome.UNKNOWN,
        at,
        "no word from the worker",
    )
    attempt.save()
    first = at + dt.timedelta(seconds=settings.LOOK_UP_SCHEDULE[0])
    submission.move(State.UNCONFIRMED, at=at, next_look_up_at=first, trouble=attempt.cause)
    record(
        verb="submission.unconfirmed",
        subject=submission,
        creditor_id=submission.creditor_id,
        before={"state": State.SENDING},
        after={"state": State.UNCONFIRMED, "attempt": attempt.number, "cause": attempt.cause},
        actor=None,
        at=at,
    )
    return True


def set_aside_expired(*, at: dt.datetime) -> int:
    """Hold queued submissions that should have left long ago: nothing old leaves by surprise."""
    old = Submission.objects.filter(state=State.QUEUED, expires_at__lt=at).values_list("pk", flat=True)
    return sum(_set_aside(submission_id, at=at) for submission_id in list(old[:500]))


@transaction.atomic(durable=True)
def _set_aside(submission_id: uuid.UUID, *, at: dt.datetime) -> bool:
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    if submission.state != State.QUEUED:
        return False
    reason = Submission.HeldReason.NEVER_SENT
    submission.move(State.HELD, at=at, held_reason=reason, trouble="it could not leave in time")
    record(
        verb="submission.held",
        subject=submission,
        creditor_id=submission.creditor_id,
        before={"state": State.QUEUED},
        after={"state": State.HELD, "cause": submission.trouble},
        actor=None,
        at=at,
    )
    return True


def promised_look_ups(*, at: dt.datetime, limit: int) -> Iterator[Submission]:
    """Take look-ups that are due, one by one, each for one worker: whoever postpones the row does the work."""
    due = (
        Submission.objects.to_look_up(at=at)
        .select_related("environment__creditor")
        .order_by("next_look_up_at")
    )
    return (row for row in due[:limit] if _take(row, at))


def _take(submission: Submission, at: dt.datetime) -> bool:
    mine = Submission.objects.filter(pk=submission.pk, next_look_up_at=submission.next_look_up_at)
    return bool(mine.update(next_look_up_at=at + dt.timedelta(seconds=settings.LOOK_UP_PROMISE)))
