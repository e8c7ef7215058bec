"""Room: invoices that need two people: one asks, another approves exactly what was asked."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.history.operations import record
from ropo_portal.invoices.models import Approval, Invoice
from ropo_portal.invoices.operations.guards import locked
from ropo_portal.invoices.operations.posting import (
    MessageHasChanged,
    Way,
    checked_reason,
    queue,
    ready_message,
)
from ropo_portal.invoices.paper import fingerprint_of
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import CannotPost

Verdict = Approval.Verdict
OPEN = (Verdict.WAITING, Verdict.APPROVED)
# Who did one of these has written the invoice; the database knows the same list.
WRITTEN = ("invoice.created", "invoice.changed", "invoice.file_attached", "invoice.file_removed")
LONGEST_REASON = 500


class NothingToApprove(CannotPost):
    """Nobody waits for an answer."""

    def __init__(self) -> None:
        super().__init__(
            _("This does not wait for approval any more: it was decided, changed or sent."), code="not_asked"
        )


class AlreadyAsked(CannotPost):
    """The same question waits already."""

    def __init__(self) -> None:
        super().__init__(_("It waits for approval already."), code="already_asked")


class ApprovalVoid(CannotPost):
    """What was asked is no longer what would be sent."""

    def __init__(self) -> None:
        message = _("This has changed since approval was asked for. Somebody has to ask again.")
        super().__init__(message, code="approval_void")


class SamePerson(DomainError):
    """Whoever wrote it or asked for it cannot approve it."""

    def __init__(self) -> None:
        super().__init__(_("You wrote it or asked for it; another person approves."), code="same_person")


@transaction.atomic
def ask_approval(
    *,
    invoice: Invoice,
    revision: int,
    confirmed: Collection[str] | None = None,
    fingerprint: str | None = None,
    is_printed_here: bool = False,
    leave_on: dt.date | None = None,
    reason: str = "",
    actor: User,
    at: dt.datetime,
) -> Approval:
    """
    Ask a second person to approve the invoice as it stands; nothing is sent before.

    Refuses all that `post_invoice` refuses, and `AlreadyAsked` while the same question waits.
    """
    invoice = locked(invoice)
    way, reason = Way(is_printed_here, leave_on), checked_reason(reason)
    message = ready_message(
        invoice,
        revision=revision,
        confirmed=confirmed,
        reason=reason,
        fingerprint=fingerprint,
        way=way,
        at=at,
    )
    seen = fingerprint_of(message)
    _end_earlier(invoice, revision, seen, at)
    approval = Approval.objects.create(
        invoice=invoice,
        revision=invoice.revision,
        fingerprint=seen,
        confirmed=sorted(confirmed or ()),
        confirmed_reason=reason,
        is_printed_here=is_printed_here,
        leave_on=leave_on,
        asked_by=actor,
        asked_at=at,
    )
    facts = {"fingerprint": seen, "revision": invoice.revision, "total": str(invoice.total_amount)}
    _tell("approval_asked", invoice, actor, at, facts, reason)
    return approval


@transaction.atomic
def approve_invoice(
    *,
    approval: Approval,
    fingerprint: str,
    confirmed: Collection[str] = (),
    reason: str = "",
    actor: User,
    at: dt.datetime,
) -> Submission:
    """
    Approve as the second person what was asked, and put it into the outbox; `fingerprint` is what she saw.

    Refuses `NothingToApprove`, `SamePerson` for everybody who wrote it or asked, `ApprovalVoid` when what would be
    sent has changed, and all that `post_invoice` refuses; doubts that are new must be among `confirmed`, with a
    `reason` where they take one.
    """
    invoice, approval = _locked(approval)
    if is_author(invoice, actor) or approval.asked_by_id == actor.pk:
        raise SamePerson
    if approval.revision != invoice.revision:
        raise ApprovalVoid
    day, reason = approval.leave_on, checked_reason(reason) or approval.confirmed_reason
    way = Way(approval.is_printed_here, day if day and day >= invoice.environment.today(at) else None)
    try:
        message = ready_message(
            invoice,
            revision=approval.revision,
            confirmed={*approval.confirmed, *confirmed},
            reason=reason,
            fingerprint=approval.fingerprint,
            way=way,
            at=at,
        )
    except MessageHasChanged as error:
        raise ApprovalVoid from error
    if fingerprint != approval.fingerprint:
        raise ApprovalVoid
    approval.end(Verdict.APPROVED, by=actor, at=at)
    _tell("approved", invoice, actor, at, {"fingerprint": fingerprint, "revision": invoice.revision})
    return queue(invoice, message, way=way, reason=reason, actor=actor, at=at)


@transaction.atomic
def return_invoice(*, approval: Approval, reason: str, actor: User, at: dt.datetime) -> Approval:
    """Give it back with the reason, which makes it a draft again; refuses without a reason."""
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise DomainError(_("Say why it is given back."), field="reason", code="no_reason")
    invoice, approval = _locked(approval)
    approval.end(Verdict.RETURNED, by=actor, at=at, reason=reason)
    _tell("approval_returned", invoice, actor, at, {"revision": approval.revision}, reason)
    return approval


@transaction.atomic
def withdraw_question(*, approval: Approval, actor: User, at: dt.datetime) -> Approval:
    """Take the question back before anybody has answered it; refuses `NothingToApprove` once somebody has."""
    invoice, approval = _locked(approval)
    approval.end(Verdict.VOID, by=actor, at=at)
    _tell("approval_withdrawn", invoice, actor, at, {"revision": approval.revision})
    return approval


def is_author(invoice: Invoice, person: User) -> bool:
    """Tell whether somebody has written any of the invoice."""
    return Entry.objects.about(invoice).filter(verb__in=WRITTEN, actor_id=person.pk).exists()


def _end_earlier(invoice: Invoice, revision: int, seen: str, at: dt.datetime) -> None:
    """Let the new question take the place of the open ones; refuse the very same."""
    for approval in list(Approval.objects.select_for_update().filter(invoice=invoice, verdict__in=OPEN)):
        if (approval.verdict, approval.revision, approval.fingerprint) == (Verdict.WAITING, revision, seen):
            raise AlreadyAsked
        approval.end(Verdict.VOID, by=None, at=at)


def _locked(approval: Approval) -> tuple[Invoice, Approval]:
    """Lock the invoice, then the question; refuse what was decided meanwhile."""
    invoice = locked(approval.invoice)
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    if approval.verdict != Verdict.WAITING:
        raise NothingToApprove
    return invoice, approval


def _tell(
    what: str, invoice: Invoice, actor: User, at: dt.datetime, after: dict[str, object], reason: str = ""
) -> None:
    record(
        verb=f"invoice.{what}",
        subject=invoice,
        creditor_id=invoice.creditor_id,
        after=after,
        reason=reason,
        actor=actor,
        at=at,
    )
