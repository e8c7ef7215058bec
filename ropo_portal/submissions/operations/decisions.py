"""Room: what people decide when the machine cannot: it is there, send again, write off."""

import datetime as dt

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError
from ropo_portal.submissions.conditions import resend_conditions
from ropo_portal.submissions.models import Attempt, Evidence, ResendProposal, StateHasChanged, Submission
from ropo_portal.submissions.operations.queueing import (
    TooLate,
    locked,
    minding_flags,
    ring_on_commit,
    witness,
)

State = Submission.State
MAYBE = Submission.HeldReason.MAYBE_SENT


class DecisionRefused(DomainError):
    """A rule of the decision screen stands in the way."""


def _word(submission: Submission, finding: str, detail: str, actor: User, at: dt.datetime) -> Evidence:
    return Evidence.objects.create(
        submission=submission,
        kind=Evidence.Kind.PERSON,
        source=str(actor)[:60],
        finding=finding,
        detail=detail[:300],
        at=at,
        actor_id=actor.pk,
    )


@transaction.atomic
def confirm_there(*, submission: Submission, proof: str, actor: User, at: dt.datetime) -> Submission:
    """
    Accept on a person's word: `proof` is Ropo's job number or the ticket of Ropo's support.

    Refuses with `DecisionRefused` without proof, with `TooLate` when the submission is settled already.
    """
    proof = proof.strip()
    if not proof:
        raise DecisionRefused(_("Give Ropo's job number or the number of the support ticket."), field="proof")
    row = locked(submission)
    if not row.may_have_arrived or row.state == State.SENDING:
        raise TooLate
    before = row.state
    _word(row, Evidence.Finding.THERE, proof, actor, at)
    row.attempts.filter(outcome=Attempt.Outcome.UNKNOWN).update(outcome=Attempt.Outcome.ACCEPTED)
    job = proof if proof.isdecimal() else row.ropo_job_id
    row.move(State.ACCEPTED, at=at, ropo_job_id=job[:40], settled_at=at, next_look_up_at=None, trouble="")
    witness("submission.confirmed_there", row, before, actor, at, proof=proof)
    return row


@transaction.atomic
def propose_resend(*, submission: Submission, reason: str, actor: User, at: dt.datetime) -> ResendProposal:
    """
    Propose to send again what was not found; somebody else must confirm.

    Refuses with `DecisionRefused`: without a reason, by whoever posted it, before the wait is over, without two
    look-ups that found nothing; with `TooLate` when it is not held as "may have been sent", or is written off.
    """
    if not reason.strip():
        raise DecisionRefused(_("Say why it should be sent again."), field="reason")
    row = locked(submission)
    _refuse_hasty(row, actor, at)
    try:
        with transaction.atomic():
            proposal = ResendProposal.objects.create(
                submission=row, reason=reason.strip(), proposed_by_id=actor.pk, proposed_at=at
            )
    except IntegrityError as error:
        raise DecisionRefused(
            _("Somebody has already proposed this; it waits for a second person.")
        ) from error
    witness("submission.resend_proposed", row, row.state, actor, at, reason=reason.strip())
    return proposal


def _refuse_hasty(row: Submission, actor: User, at: dt.datetime) -> None:
    if row.state != State.HELD or row.held_reason != MAYBE or row.written_off_at is not None:
        raise TooLate
    for condition in resend_conditions(row, actor_id=actor.pk, at=at):
        if not condition.is_met:
            raise DecisionRefused(condition.refusal, code=condition.code)


@transaction.atomic
def confirm_resend(*, proposal: ResendProposal, actor: User, at: dt.datetime) -> Submission:
    """
    Confirm as the second person: the attempt is set aside and the same bytes are queued once more.

    Refuses with `DecisionRefused` for the proposer and for whoever posted it, and when a rule no longer holds.
    """
    row = locked(proposal.submission)
    open_one = ResendProposal.objects.select_for_update().get(pk=proposal.pk)
    if open_one.confirmed_at or open_one.withdrawn_at:
        raise TooLate
    if open_one.proposed_by_id == actor.pk:
        raise DecisionRefused(_("You proposed it; another person confirms."))
    _refuse_hasty(row, actor, at)
    open_one.confirmed_by_id, open_one.confirmed_at = actor.pk, at
    open_one.save(update_fields=["confirmed_by", "confirmed_at"])
    row.attempts.filter(outcome=Attempt.Outcome.UNKNOWN).update(outcome=Attempt.Outcome.VOIDED)
    _requeue(row, at)
    witness("submission.resend_confirmed", row, State.HELD, actor, at, reason=open_one.reason)
    ring_on_commit(row, at)
    return row


def _requeue(row: Submission, at: dt.datetime) -> None:
    """Queue again; the database checks the two people and the two look-ups once more."""
    expires = at + dt.timedelta(seconds=settings.QUEUE_DEADLINE)
    try:
        with minding_flags():
            row.move(
                State.QUEUED,
                at=at,
                due_at=at,
                expires_at=expires,
                not_sent_count=0,
                look_up_count=0,
                next_look_up_at=None,
            )
    except (DatabaseError, StateHasChanged) as error:
        raise DecisionRefused(
            _("The rules for sending again do not hold any more. Open the page anew.")
        ) from error


@transaction.atomic
def withdraw_proposal(*, proposal: ResendProposal, actor: User, at: dt.datetime) -> ResendProposal:
    """Take back a proposal that nobody has confirmed."""
    row = ResendProposal.objects.select_for_update().get(pk=proposal.pk)
    if row.confirmed_at or row.withdrawn_at:
        raise TooLate
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    witness("submission.resend_withdrawn", row.submission, row.submission.state, actor, at)
    return row


@transaction.atomic
def write_off(*, submission: Submission, reason: str, actor: User, at: dt.datetime) -> Submission:
    """
    Close a held submission for good: never-sent becomes cancelled; maybe-sent stays what it is, and is closed.

    Refuses with `DecisionRefused` without a reason, with `TooLate` when it is not held.
    """
    if not reason.strip():
        raise DecisionRefused(_("Say why it is written off."), field="reason")
    row = locked(submission)
    if row.state != State.HELD or row.written_off_at is not None:
        raise TooLate
    if row.held_reason == MAYBE:
        Submission.objects.filter(pk=row.pk).update(written_off_at=at, next_look_up_at=None)
        row.written_off_at = at
    else:
        row.move(State.CANCELLED, at=at, written_off_at=at, settled_at=at, next_look_up_at=None)
    _word(row, Evidence.Finding.NOTHING, reason, actor, at)
    witness("submission.written_off", row, State.HELD, actor, at, reason=reason.strip())
    return row
