"""Room: posting a reminder and taking it back; and what posting a debt collection shares with it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection import refusals
from ropo_portal.collection.messages import reminder_message
from ropo_portal.collection.models import Promise, Reminder
from ropo_portal.collection.obstacles import AlreadyRunning, obstacles
from ropo_portal.collection.operations.guards import CannotChange, Document, locked, refuse_stale, tell
from ropo_portal.collection.promises import promise_words, standing_promise
from ropo_portal.errors import DomainError
from ropo_portal.parties.flags import locked_debtor
from ropo_portal.submissions import operations as submissions
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import AlreadyPosted, CannotPost, NumberAlreadyLive


class StepIncomplete(CannotPost):
    """The document cannot be posted as it stands; `refusals` are all the reasons."""

    def __init__(self, refused: Sequence[DomainError]) -> None:
        super().__init__(refused[0].message, field=refused[0].field, code="incomplete")
        self.refusals = tuple(refused)


class PromiseStands(CannotPost):
    """The debtor has promised to pay, and the day has not passed; a person may go on all the same."""

    def __init__(self, promise: Promise) -> None:
        super().__init__(promise_words(promise), field="despite_promise", code="promise_stands")
        self.promise = promise


def post_reminder(
    *, reminder: Reminder, revision: int, despite_promise: bool = False, actor: User, at: dt.datetime
) -> Submission:
    """
    Put the reminder into the outbox, frozen; the worker sends it when the hold window is over.

    Refuses `AlreadyPosted`, `StepHasChanged`, `CannotMove` for what the claim's standing forbids,
    `PromiseStands` unless somebody goes on `despite_promise`, and `StepIncomplete` with every reason of the document itself.
    """
    with transaction.atomic():
        reminder = locked(reminder)
        refuse_posted(reminder)
        refuse_stale(reminder, revision)
        refuse_obstacles(reminder, at)
        refuse_promise(reminder, at, despite=despite_promise)
        found = refusals.posting_reminder(reminder)
        if found:
            raise StepIncomplete(found)
        message = built(reminder_message, reminder)
        return queued(reminder, Kind.REMINDER, message, actor, at)


@transaction.atomic
def withdraw_reminder(*, reminder: Reminder, actor: User, at: dt.datetime) -> Reminder:
    """Take a queued reminder back, which makes it a draft again; refuses when it has left or never was posted."""
    return withdrawn(reminder, actor, at)


def refuse_posted(document: Any) -> None:
    if document.submission and document.submission.is_live:
        raise AlreadyPosted(document.submission)
    if document.discarded_at:
        raise CannotPost(_("This was discarded."), code="discarded")


def refuse_obstacles(document: Any, at: dt.datetime) -> None:
    """Refuse what stands in the way; the debtor's lock keeps a flag from being set before it is queued."""
    locked_debtor(document.claim.debtor.merged_into_id or document.claim.debtor_id)
    today = document.environment.today(at)
    for obstacle in obstacles(document.claim, document.step, today=today, own=document):
        raise obstacle


def refuse_promise(document: Any, at: dt.datetime, *, despite: bool) -> None:
    """Ask once whether the claim is moved on although a promise stands."""
    promise = None if despite else standing_promise(document.claim, today=document.environment.today(at))
    if promise is not None:
        raise PromiseStands(promise)


def built(build: Any, document: Any) -> Any:
    """Build the message; what Ropo would never take is a refusal, not a crash."""
    try:
        return build(document)
    except ValueError as error:
        raise CannotPost(str(error), code="no_message") from error


def queued(document: Any, kind: Kind, message: Any, actor: User, at: dt.datetime) -> Submission:
    """Promise the message, point the document to its submission, and leave the line."""
    claim = document.claim
    try:
        submission = submissions.enqueue(
            kind=kind,
            document_id=document.pk,
            environment=claim.environment,
            number=claim.number,
            message=message,
            amount=document.amount,
            recipient=claim.debtor.name,
            customer_number=claim.debtor.customer_number,
            previous=document.submission,
            actor=actor,
            at=at,
        )
    except NumberAlreadyLive as error:
        if error.other is None:
            raise
        raise AlreadyRunning(error.other) from error
    document.submission = submission
    document.save(update_fields=["submission"])
    after = {"amount": str(document.amount), "revision": document.revision, "posting": submission.sequence}
    tell("posted", document, after=after, actor=actor, at=at)
    return submission


def withdrawn(document: Document, actor: User, at: dt.datetime) -> Document:
    document = locked(document)
    if document.submission is None:
        message = _("This has not been sent, so there is nothing to take back.")
        raise CannotChange(message, code="not_posted")
    submissions.withdraw(submission=document.submission, actor=actor, at=at)
    tell("withdrawn", document, actor=actor, at=at)
    return locked(document)
