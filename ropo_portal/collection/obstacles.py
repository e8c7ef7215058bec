"""Room: what keeps a claim from being moved on: it is paid, Ropo has it, it is not due or too early."""

import datetime as dt
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days
from ropo_portal.collection.clock import clock_of, notice_date_of
from ropo_portal.collection.models import DebtCollectionCase, Override, Reminder, Step, StepDocument
from ropo_portal.errors import DomainError, sentence
from ropo_portal.invoices.closing import closing_words
from ropo_portal.invoices.models import Claim
from ropo_portal.parties.flags import CLAIM, in_the_way
from ropo_portal.submissions.causes import STATUSES, status_said
from ropo_portal.submissions.models import Submission

NO_NEXT_STEP = "-1"
CLOSED = (Submission.State.REJECTED, Submission.State.CANCELLED)


class CannotMove(DomainError):
    """The claim may not be moved on now."""


class AlreadyRunning(CannotMove):
    """Ropo One pursues the claim already, or is about to; `other` is the submission that says so."""

    def __init__(self, other: Submission) -> None:
        super().__init__(_running_words(other), code="already_running")
        self.other = other


class TooEarly(CannotMove):
    """The law does not allow the step yet; two people may override it."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message, field=field, code="too_early")


def obstacles(
    claim: Claim, step: str, *, today: dt.date, own: StepDocument | None = None
) -> list[CannotMove]:
    """
    Return everything that stands in the way of a step, the hardest first.

    `own` is the document that is to be sent: its submission does not count, its notice date does. Without it, the
    question is whether such a document may be begun.
    """
    return [
        *_nothing_open(claim),
        *_running(claim, own),
        *_flagged(claim, today),
        *_not_due(claim, today),
        *_other_step(claim, step),
        *_too_early(claim, step, today, own),
    ]


def running(claim: Claim, *, apart_from: StepDocument | None = None) -> Submission | None:
    """Return the live reminder, debt collection or monitored invoice of the claim's number."""
    found = Submission.objects.filter(
        environment_id=claim.environment_id, number_key=claim.number_key, opening="claim"
    ).exclude(state__in=CLOSED)
    if apart_from is not None:
        found = found.exclude(document_id=apart_from.pk)
    return found.defer("payload").first()


def _running(claim: Claim, own: StepDocument | None) -> Iterator[CannotMove]:
    other = running(claim, apart_from=own)
    if other is not None:
        yield AlreadyRunning(other)


def _flagged(claim: Claim, today: dt.date) -> Iterator[CannotMove]:
    for flag in in_the_way(claim.debtor, CLAIM, today=today):
        yield CannotMove(flag.message, code="flagged")


def _running_words(other: Submission) -> str | Promise:
    # Where Ropo One says that it stands elsewhere by now, that is what it runs as: one state in all places.
    kind = STATUSES.get(other.ropo_status) or other.get_kind_display()
    if not other.ropo_job_id:
        message = _(
            "It already runs as “%(kind)s” (%(state)s). Ropo One moves a claim on by itself; nothing is sent twice."
        )
        return sentence(message, kind=kind, state=other.get_state_display())
    if other.ropo_next_status_date and other.ropo_next_status != NO_NEXT_STEP:
        message = _(
            "It already runs at Ropo One as “%(kind)s”, job %(job)s, which moves on by itself: %(next)s on %(day)s."
        )
        day = days.format_date(other.ropo_next_status_date, get_language() or "en")
        coming = status_said(other.ropo_next_status, other.ropo_next_status_text).sentence
        return sentence(message, kind=kind, job=other.ropo_job_id, next=coming or "–", day=day)
    if other.ropo_next_status == NO_NEXT_STEP:
        message = _(
            "Ropo One has it as “%(kind)s”, job %(job)s, and names no next step; ask there what comes."
        )
        return sentence(message, kind=kind, job=other.ropo_job_id)
    message = _("It already runs at Ropo One as “%(kind)s”, job %(job)s, which moves on by itself.")
    return sentence(message, kind=kind, job=other.ropo_job_id)


def _nothing_open(claim: Claim) -> Iterator[CannotMove]:
    if not claim.open_amount:
        yield CannotMove(closing_words(claim), code="nothing_open")


def _not_due(claim: Claim, today: dt.date) -> Iterator[CannotMove]:
    if today <= claim.due_date:
        message = _("It is not overdue: the due date is %(due)s, today is %(today)s.")
        language = get_language() or "en"
        values = {"due": claim.due_date, "today": today}
        shown = {name: days.format_date(day, language) for name, day in values.items()}
        yield CannotMove(sentence(message, **shown), code="not_due")


def _other_step(claim: Claim, step: str) -> Iterator[CannotMove]:
    """A claim is moved one step, never two: while one is being written, the other waits."""
    models: dict[str, type[StepDocument]] = {Step.REMINDER: DebtCollectionCase, Step.COLLECTION: Reminder}
    other = models[step]
    written = other.objects.kept().filter(claim=claim).select_related("submission")  # type: ignore[attr-defined]
    if any(document.is_editable for document in written):
        message = _("The other step is being written: %(other)s. Send it or discard it first.")
        yield CannotMove(sentence(message, other=other._meta.verbose_name), code="other_step")


def _too_early(claim: Claim, step: str, today: dt.date, own: StepDocument | None) -> Iterator[CannotMove]:
    if today <= claim.due_date or is_overridden(claim, step):
        return
    notice_date = own.notice_date if isinstance(own, DebtCollectionCase) else None
    if own is None:
        # No reminder of the creditor's own can count before this day, so nothing earlier is worth beginning.
        notice_date = notice_date_of(claim) or claim.due_date + dt.timedelta(days=1)
    refusal = clock_of(claim, today=today, notice_date=notice_date).refusal(step, today)
    if refusal is not None:
        yield TooEarly(refusal)


def is_overridden(claim: Claim, step: str) -> bool:
    """Tell whether two people have agreed to take the step before its day."""
    return Override.objects.confirmed().filter(claim=claim, step=step).exists()
