"""Room: what news proves about a submission whose fate is open; only in the harmless direction, from the journal."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from ropo_portal.history.operations import record
from ropo_portal.submissions.models import Attempt, Evidence, StatusUpdate, Submission

State = Submission.State
HeldReason = Submission.HeldReason
OPEN = (State.SENDING, State.UNCONFIRMED, State.HELD)
# Said to be elsewhere; a poll that says "it is there" makes it a person's matter.
DENIED = (State.QUEUED, State.REJECTED, State.CANCELLED)
LIMIT = 500


@dataclass(frozen=True)
class News:
    """What the journal holds about one submission, and what of it was weighed before."""

    updates: list[StatusUpdate]
    weighed: set[str]
    is_told: bool

    @property
    def fresh(self) -> list[StatusUpdate]:
        return [update for update in self.updates if _source(update) not in self.weighed]

    @property
    def polled(self) -> list[StatusUpdate]:
        return [update for update in self.fresh if update.source == StatusUpdate.POLLED]

    @property
    def job_id(self) -> str:
        return next((update.job_id for update in self.updates if update.job_id), "")


def weigh(*, at: dt.datetime) -> int:
    """Weigh the news about everything whose fate is open or denied; return how many have moved."""
    news = StatusUpdate.objects.trusted().filter(submission=OuterRef("pk"))
    states = Q(state__in=(*OPEN, *DENIED)) | Q(state=State.ACCEPTED, ropo_job_id="")
    rows = Submission.objects.filter(states).exclude(opening="").filter(Exists(news))
    ids = list(rows.order_by("queued_at").values_list("pk", flat=True)[:LIMIT])
    return sum(_weigh_one(submission_id, at) for submission_id in ids)


@transaction.atomic(durable=True)
def _weigh_one(submission_id: uuid.UUID, at: dt.datetime) -> bool:
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    news = _news(submission)
    if submission.state == State.ACCEPTED:
        return _learn_job(submission, news)
    if submission.state == State.SENDING:
        if news.fresh and not news.is_told:
            _write_down(submission, news.fresh[0], Evidence.Finding.THERE, at)
        return False
    denied = submission.state in DENIED or submission.held_reason == HeldReason.NEVER_SENT
    if denied:
        return bool(news.polled) and _doubt(submission, news.polled[0], at)
    if not (news.fresh or news.is_told):
        return False
    return _accept(submission, news, at)


def _news(submission: Submission) -> News:
    facts = Evidence.objects.filter(submission=submission, kind=Evidence.Kind.EVENT)
    told = dict(facts.values_list("source", "finding"))
    rows = StatusUpdate.objects.trusted().filter(submission=submission).order_by("received_at", "id")
    return News(list(rows), set(told), is_told=Evidence.Finding.THERE in told.values())


def _source(update: StatusUpdate) -> str:
    return f"{update.source} {update.update_id}"[:60]


def _write_down(submission: Submission, update: StatusUpdate, finding: str, at: dt.datetime) -> None:
    Evidence.objects.create(
        submission=submission,
        kind=Evidence.Kind.EVENT,
        source=_source(update),
        finding=finding,
        detail=update.job_id,
        at=at,
    )


def _accept(submission: Submission, news: News, at: dt.datetime) -> bool:
    """Number and environment agree, and Ropo speaks of a job: it is there."""
    before = submission.state
    if news.fresh:
        _write_down(submission, news.fresh[0], Evidence.Finding.THERE, at)
    submission.attempts.filter(outcome=Attempt.Outcome.UNKNOWN).update(outcome=Attempt.Outcome.ACCEPTED)
    job = submission.ropo_job_id or news.job_id
    submission.move(State.ACCEPTED, at=at, ropo_job_id=job, settled_at=at, next_look_up_at=None, trouble="")
    _witness("submission.accepted", submission, before, news.updates[0], at)
    return True


def _doubt(submission: Submission, update: StatusUpdate, at: dt.datetime) -> bool:
    """Ropo speaks of what was never sent, or was refused: a look-up and a person find out which."""
    before = submission.state
    _write_down(submission, update, Evidence.Finding.DIFFERS, at)
    facts = {"held_reason": HeldReason.MAYBE_SENT, "trouble": "news from Ropo One", "next_look_up_at": at}
    try:
        with transaction.atomic():
            if before == State.HELD:
                Submission.objects.filter(pk=submission.pk).update(**facts)
                submission.refresh_from_db()
            else:
                submission.move(State.HELD, at=at, **facts)
    except IntegrityError:  # a newer posting is alive; this one stays as it is, with the evidence beside it
        return False
    _witness("submission.held", submission, before, update, at)
    return True


def _learn_job(submission: Submission, news: News) -> bool:
    """An answer may have counted without naming the job; a poll names it."""
    jobs = {update.job_id for update in news.updates if update.source == StatusUpdate.POLLED} - {""}
    if len(jobs) != 1:
        return False
    Submission.objects.filter(pk=submission.pk, ropo_job_id="").update(ropo_job_id=jobs.pop())
    return True


def _witness(verb: str, submission: Submission, before: str, update: StatusUpdate, at: dt.datetime) -> None:
    record(
        verb=verb,
        subject=submission,
        creditor_id=submission.creditor_id,
        before={"state": before},
        after={"state": submission.state, "update": update.update_id, "source": update.source},
        actor=None,
        at=at,
    )
