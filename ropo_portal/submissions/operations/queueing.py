"""Room: queueing: promise a document, hurry it, take it back, release it."""

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.identifiers import normalized_number
from ropo_portal.submissions import tasks
from ropo_portal.submissions.models import (
    DOORS,
    OPENING,
    SETTLING,
    UNFINISHED,
    Kind,
    StateHasChanged,
    Submission,
)

logger = logging.getLogger(__name__)
State = Submission.State


class Postable(Protocol):
    """A message that a `messages` room has built."""

    @property
    def endpoint(self) -> str:
        """The endpoint's name."""

    def to_bytes(self) -> bytes:
        """The bytes to freeze."""


class CannotPost(DomainError):
    """The document may not be posted now."""


class AlreadyPosted(CannotPost):
    """The document is already on its way, or arrived."""

    def __init__(self, submission: Submission | None) -> None:
        super().__init__(_("It has already been sent. Nothing was sent twice."), code="already-posted")
        self.submission = submission


class NumberAlreadyLive(CannotPost):
    """Another document with the same number is on its way, or arrived."""

    def __init__(self, other: Submission | None) -> None:
        text = _("The number %(number)s is already used by another document that was sent to Ropo One.")
        super().__init__(
            sentence(text, number=other.number if other else ""), field="number", code="number-live"
        )
        self.other = other


class SettlementUnfinished(CannotPost):
    """Another payment or credit of the same claim has no end yet, and two could not be told apart."""

    def __init__(self, other: Submission) -> None:
        text = _("Another payment or credit of %(number)s is not finished; this one waits until it is.")
        super().__init__(sentence(text, number=other.number), code="unfinished")
        self.other = other


class EnvironmentClosed(CannotPost):
    """The environment has no credentials, or production is still locked."""


class DebtorProtected(CannotPost):
    """A flag on the debtor stops it; the database said so."""

    def __init__(self) -> None:
        text = _("A flag on the debtor stops this. It stands on the debtor's page, with its reason.")
        super().__init__(text, code="flagged")


class TooLate(DomainError):
    """It has left, or somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__(
            _("Too late: it is already on its way to Ropo One, or has been settled."), code="too-late"
        )


def enqueue(
    *,
    kind: Kind,
    document_id: uuid.UUID,
    environment: CreditorEnvironment,
    number: str,
    message: Postable,
    amount: Decimal,
    recipient: str,
    customer_number: str,
    previous: Submission | None,
    not_before: dt.datetime | None = None,
    actor: User,
    at: dt.datetime,
) -> Submission:
    """
    Freeze a document's message and promise to send it once, after the creditor's hold and `not_before`.

    Runs inside the caller's transaction, whose document row is locked. Amount in the environment's currency.
    Refuses with `AlreadyPosted`, `NumberAlreadyLive`, `DebtorProtected` or `EnvironmentClosed`.
    """
    _refuse_closed(environment)
    payload = message.to_bytes()
    leaves = max(at + dt.timedelta(seconds=environment.creditor.hold_seconds), not_before or at)
    submission = Submission(
        creditor_id=environment.creditor_id,
        environment=environment,
        kind=kind,
        document_id=document_id,
        sequence=Submission.objects.filter(document_id=document_id).count() + 1,
        previous=previous,
        number=number,
        number_key=normalized_number(number),
        opening=OPENING.get(kind, ""),
        recipient=recipient[:70],
        customer_number=customer_number,
        amount=amount,
        currency=environment.currency,
        endpoint=DOORS.get(kind, str(message.endpoint)),
        payload=payload,
        payload_hash=hashlib.sha256(payload).hexdigest(),
        due_at=leaves,
        queued_at=at,
        expires_at=leaves + dt.timedelta(seconds=settings.QUEUE_DEADLINE),
        last_activity_at=at,
        posted_by_id=actor.pk,
    )
    _insert(submission)
    witness("submission.queued", submission, "", actor, at, payload_hash=submission.payload_hash)
    ring_on_commit(submission, at)
    return submission


def _refuse_closed(environment: CreditorEnvironment) -> None:
    if not environment.cid or not environment.apicode:
        text = _(
            "This environment has no Ropo credentials yet. An administrator enters them on the creditor's page."
        )
        raise EnvironmentClosed(text, code="no-credentials")
    if not environment.is_open:
        text = _("Production is locked for this creditor: nothing was sent.")
        raise EnvironmentClosed(text, code="locked")


@contextmanager
def minding_flags() -> Iterator[None]:
    """Say in words that the database keeps a debtor from being sent anything."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if not str(error).startswith("flag:"):
            raise
        raise DebtorProtected from error


def _insert(submission: Submission) -> None:
    """Save, and say which rule of the database refused."""
    live = Submission.objects.exclude(state__in=[State.REJECTED, State.CANCELLED])
    try:
        with minding_flags():
            submission.save(force_insert=True)
    except IntegrityError as error:
        same = live.filter(document_id=submission.document_id).first()
        if same is not None:
            raise AlreadyPosted(same) from error
        there = live.filter(environment_id=submission.environment_id, number_key=submission.number_key)
        if submission.kind in SETTLING:
            overlapping = there.filter(kind__in=SETTLING, state__in=UNFINISHED, written_off_at=None).first()
            if overlapping is None:
                raise
            raise SettlementUnfinished(overlapping) from error
        other = there.filter(opening=submission.opening).first()
        if other is None or not submission.opening:
            raise
        raise NumberAlreadyLive(other) from error


def ring_on_commit(submission: Submission, at: dt.datetime) -> None:
    """Ring when it may leave at once; the sweep finds the rest. A silent broker costs only time."""
    if submission.due_at <= at:
        transaction.on_commit(lambda: ring(submission.pk), robust=True)


def ring(submission_id: uuid.UUID) -> None:
    """Ring the bell; an absent broker is logged and forgotten."""
    try:
        tasks.deliver_submission.apply_async(
            kwargs={"submission_id": str(submission_id)}, expires=600, retry=False
        )
    except Exception as error:  # noqa: BLE001 -- kombu raises many kinds; the row is safe and the sweep will find it
        logger.warning("bell for %s did not ring: %s", submission_id, type(error).__name__)


def locked(submission: Submission) -> Submission:
    return Submission.objects.select_for_update().get(pk=submission.pk)


def witness(
    verb: str,
    submission: Submission,
    before: str,
    actor: User | None,
    at: dt.datetime,
    reason: str = "",
    **after: object,
) -> None:
    record(
        verb=verb,
        subject=submission,
        creditor_id=submission.creditor_id,
        before={"state": before} if before else {},
        after={"state": submission.state, **after},
        reason=reason,
        actor=actor,
        at=at,
    )


@transaction.atomic
def send_now(*, submission: Submission, actor: User, at: dt.datetime) -> Submission:
    """End the hold of a queued submission. Refuses with `TooLate` when it is no longer queued."""
    row = locked(submission)
    if row.state != State.QUEUED:
        raise TooLate
    Submission.objects.filter(pk=row.pk).update(due_at=min(row.due_at, at))
    row.due_at = min(row.due_at, at)
    witness("submission.hurried", row, row.state, actor, at)
    ring_on_commit(row, at)
    return row


@transaction.atomic
def withdraw(*, submission: Submission, actor: User, at: dt.datetime) -> Submission:
    """Take a queued submission back before it leaves. Refuses with `TooLate` once it is on the wire."""
    row = locked(submission)
    if row.state != State.QUEUED:
        raise TooLate
    row.move(State.CANCELLED, at=at, settled_at=at)
    witness("submission.withdrawn", row, State.QUEUED, actor, at)
    return row


@transaction.atomic
def release(*, submission: Submission, actor: User, at: dt.datetime) -> Submission:
    """Queue a held submission again that certainly never left. Refuses with `TooLate` in any other case."""
    row = locked(submission)
    if row.state != State.HELD or row.held_reason != Submission.HeldReason.NEVER_SENT:
        raise TooLate
    expires = at + dt.timedelta(seconds=settings.QUEUE_DEADLINE)
    try:
        with minding_flags():
            row.move(
                State.QUEUED, at=at, due_at=at, expires_at=expires, not_sent_count=0, next_look_up_at=None
            )
    except StateHasChanged as error:
        raise TooLate from error
    witness("submission.released", row, State.HELD, actor, at)
    ring_on_commit(row, at)
    return row
