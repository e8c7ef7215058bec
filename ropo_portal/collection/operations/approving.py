"""Room: debt collections need two people: one proposes, another approves exactly what was proposed."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection import refusals
from ropo_portal.collection.messages import case_message
from ropo_portal.collection.models import DebtCollectionCase
from ropo_portal.collection.operations.guards import locked, refuse_stale, tell
from ropo_portal.collection.operations.posting import (
    StepIncomplete,
    built,
    queued,
    refuse_obstacles,
    refuse_posted,
    refuse_promise,
    withdrawn,
)
from ropo_portal.errors import DomainError
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import CannotPost


class NotApproved(CannotPost):
    """Two people have to agree first."""


class ApprovalVoid(CannotPost):
    """What was proposed or approved is no longer what would be sent."""

    def __init__(self) -> None:
        message = _(
            "This has changed since it was proposed, so the proposal is void. It must be proposed again."
        )
        super().__init__(message, code="approval_void")


class SamePerson(DomainError):
    """Whoever proposed it cannot approve it."""

    def __init__(self) -> None:
        super().__init__(_("You proposed it; another person approves."), code="same_person")


@transaction.atomic
def propose_case(
    *, case: DebtCollectionCase, revision: int, despite_promise: bool = False, actor: User, at: dt.datetime
) -> DebtCollectionCase:
    """
    Propose a debt collection as it stands; its fingerprint is kept, and nothing is sent before another approves.

    Refuses `AlreadyPosted`, `StepHasChanged`, `CannotMove` and `StepIncomplete` as posting would, and
    `PromiseStands` unless somebody goes on `despite_promise`.
    """
    case = locked(case)
    message = _ready(case, at, revision=revision)
    refuse_promise(case, at, despite=despite_promise)
    case.void_approval()
    case.proposed_by, case.proposed_at, case.returned_reason = actor, at, ""
    case.fingerprint = _fingerprint(case, message)
    case.save()
    tell("proposed", case, after={"fingerprint": case.fingerprint}, actor=actor, at=at)
    return case


@transaction.atomic
def return_case(*, case: DebtCollectionCase, reason: str, actor: User, at: dt.datetime) -> DebtCollectionCase:
    """Give a proposal back with the reason; refuses without a reason, and when nothing is proposed."""
    if not reason.strip():
        raise DomainError(_("Say why it is given back."), field="reason", code="no_reason")
    case = locked(case)
    refuse_posted(case)
    if case.stage != "proposed":
        raise NotApproved(_("Nobody has proposed this."), code="not_proposed")
    case.void_approval()
    case.returned_reason = reason.strip()
    case.save()
    tell("returned", case, reason=reason.strip(), actor=actor, at=at)
    return case


@transaction.atomic
def approve_case(*, case: DebtCollectionCase, fingerprint: str, actor: User, at: dt.datetime) -> Submission:
    """
    Approve as the second person what was proposed, and put it into the outbox; `fingerprint` is what she saw.

    Refuses `NotApproved` when nothing is proposed, `SamePerson` for the proposer, `ApprovalVoid` when anything
    that would be sent or proves it has changed, and all that `propose_case` refuses.
    """
    case = locked(case)
    refuse_posted(case)
    if case.stage != "proposed":
        raise NotApproved(_("Nobody has proposed this."), code="not_proposed")
    if case.proposed_by_id == actor.pk:
        raise SamePerson
    message = _ready(case, at)
    if not case.fingerprint == fingerprint == _fingerprint(case, message):
        raise ApprovalVoid
    case.approved_by, case.approved_at = actor, at
    case.save(update_fields=["approved_by", "approved_at"])
    tell("approved", case, after={"fingerprint": fingerprint}, actor=actor, at=at)
    return queued(case, Kind.DEBT_COLLECTION, message, actor, at)


@transaction.atomic
def post_case(*, case: DebtCollectionCase, revision: int, actor: User, at: dt.datetime) -> Submission:
    """
    Send an approved debt collection that was taken back or rejected, if nothing of it has changed since.

    Refuses `NotApproved`, `ApprovalVoid`, and all that `propose_case` refuses.
    """
    case = locked(case)
    message = _ready(case, at, revision=revision)
    if case.stage != "approved":
        raise NotApproved(_("A debt collection needs two people: it must be proposed and approved first."))
    if case.fingerprint != _fingerprint(case, message):
        raise ApprovalVoid
    return queued(case, Kind.DEBT_COLLECTION, message, actor, at)


@transaction.atomic
def withdraw_case(*, case: DebtCollectionCase, actor: User, at: dt.datetime) -> DebtCollectionCase:
    """Take a queued debt collection back before it leaves; its approval stands while nothing changes."""
    return withdrawn(case, actor, at)


def fingerprint_of(case: DebtCollectionCase) -> str:
    """Return the fingerprint of what would be sent now and of what proves it."""
    return _fingerprint(case, built(case_message, case))


def _fingerprint(case: DebtCollectionCase, message: Any) -> str:
    proofs = sorted(case.proofs.values_list("sha256", flat=True))
    notice = [str(case.notice_date or ""), case.notice_channel, case.notice_address, *proofs]
    return hashlib.sha256(message.to_bytes() + json.dumps(notice).encode()).hexdigest()


def _ready(case: DebtCollectionCase, at: dt.datetime, *, revision: int | None = None) -> Any:
    """Refuse what cannot be sent, in the order in which a clerk can do something about it; return the message."""
    refuse_posted(case)
    if revision is not None:
        refuse_stale(case, revision)
    today = case.environment.today(at)
    found = refusals.posting_case(case, has_proof=case.proofs.exists(), today=today)
    if found:
        raise StepIncomplete(found)
    refuse_obstacles(case, at)
    return built(case_message, case)
