"""Room: posting an invoice and taking it back."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.identifiers import check_text
from ropo_portal.invoices import refusals
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.doubts import REASON_MISSING, Doubt, doubts, needs_reason
from ropo_portal.invoices.models import Approval, Invoice
from ropo_portal.invoices.operations.guards import CannotChange, locked, refuse_stale
from ropo_portal.invoices.operations.scheduling import leaving, refuse_day
from ropo_portal.invoices.paper import fingerprint_of, message_of
from ropo_portal.parties.flags import PRINT, flags_in_the_way
from ropo_portal.parties.models import Channel
from ropo_portal.submissions import operations as submissions
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import AlreadyPosted, CannotPost
from ropo_portal.submissions.operations.queueing import Postable

LONGEST_REASON = 500


class InvoiceIncomplete(CannotPost):
    """The invoice cannot be posted as it stands; `refusals` are all the reasons."""

    def __init__(self, refused: Sequence[DomainError]) -> None:
        super().__init__(refused[0].message, field=refused[0].field, code="incomplete")
        self.refusals = tuple(refused)


class DoubtsRemain(CannotPost):
    """Somebody must look at the doubts and say that they are right; `doubts` are those not confirmed."""

    def __init__(self, remaining: Sequence[Doubt]) -> None:
        super().__init__(remaining[0].message, field=remaining[0].field, code="doubts_remain")
        self.doubts = tuple(remaining)


class ReasonMissing(CannotPost):
    """A doubt that was let stand takes words: why it is right."""

    def __init__(self) -> None:
        super().__init__(REASON_MISSING, field="why", code="no_reason")


class MessageHasChanged(CannotPost):
    """What would be sent is not what the person saw: the invoice, its debtor or its creditor changed meanwhile."""

    def __init__(self) -> None:
        text = _(
            "What would be sent is no longer what you saw: the invoice, the debtor or the creditor has been "
            "changed meanwhile. Nothing was sent; look at it again."
        )
        super().__init__(text, code="message_has_changed")


class ApprovalNeeded(CannotPost):
    """A second person has to agree to exactly this message first."""

    def __init__(self) -> None:
        text = _("This creditor wants a second person to approve this invoice before it is sent.")
        super().__init__(text, code="approval_needed")


def post_invoice(
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
) -> Submission:
    """
    Put the invoice's message into the outbox, frozen; the worker sends it when the hold window is over.

    With `leave_on` it waits for that banking day. Refuses `ApprovalNeeded` where a second person must agree.

    Refuses `AlreadyPosted`, `DocumentHasChanged`, `InvoiceIncomplete` with every reason, and `DoubtsRemain` for
    doubts whose codes are not among `confirmed` (a caller that gives none has no person to ask), `ReasonMissing` where
    one of them takes a `reason`, and `MessageHasChanged` when the message is no longer the one whose `fingerprint` the person saw. An invoice that
    `is_printed_here` is registered at Ropo One, which gives its document back to us to deliver.
    """
    way, reason = Way(is_printed_here, leave_on), checked_reason(reason)
    with transaction.atomic():
        invoice = locked(invoice)
        message = ready_message(
            invoice,
            revision=revision,
            confirmed=confirmed,
            reason=reason,
            fingerprint=fingerprint,
            way=way,
            at=at,
        )
        refuse_unapproved(invoice, fingerprint_of(message))
        return queue(invoice, message, way=way, reason=reason, actor=actor, at=at)


@dataclass(frozen=True)
class Way:
    """Who delivers it, and on which day it leaves."""

    is_printed_here: bool = False
    leave_on: dt.date | None = None


def ready_message(
    invoice: Invoice,
    *,
    revision: int,
    confirmed: Collection[str] | None,
    reason: str,
    fingerprint: str | None,
    way: Way,
    at: dt.datetime,
) -> Postable:
    """Build the message of a locked invoice, or refuse what keeps it from being sent."""
    if invoice.submission and invoice.submission.is_live:
        raise AlreadyPosted(invoice.submission)
    refuse_stale(invoice, revision)
    _refuse_posting(invoice, confirmed, reason, at)
    if way.is_printed_here and invoice.channel != Channel.POST:
        raise CannotPost(refusals.PRINTED_HERE, field="channel", code="not_a_letter")
    if way.leave_on is not None:
        refuse_day(invoice.environment, way.leave_on, at)
    message = message_of(invoice)
    if fingerprint is not None and fingerprint != fingerprint_of(message):
        raise MessageHasChanged
    return message


def queue(
    invoice: Invoice, message: Postable, *, way: Way, reason: str, actor: User, at: dt.datetime
) -> Submission:
    """Promise the message, point the invoice to its submission, and leave the line."""
    submission = submissions.enqueue(
        kind=Kind.LOCAL_PRINT if way.is_printed_here else Kind.INVOICE,
        document_id=invoice.pk,
        environment=invoice.environment,
        number=invoice.number,
        message=message,
        amount=invoice.total_amount,
        recipient=invoice.debtor.name,
        customer_number=invoice.debtor.customer_number,
        previous=invoice.submission,
        not_before=leaving(invoice.environment, way.leave_on),
        actor=actor,
        at=at,
    )
    invoice.submission = submission
    invoice.save(update_fields=["submission"])
    facts: dict[str, object] = {
        "total": str(invoice.total_amount),
        "revision": invoice.revision,
        "posting": submission.sequence,
    }
    if way.leave_on:
        facts["leave_on"] = way.leave_on.isoformat()
    _tell("invoice.posted", invoice, facts, actor, at, reason)
    return submission


def _tell(
    verb: str, invoice: Invoice, after: dict[str, object], actor: User, at: dt.datetime, reason: str = ""
) -> None:
    record(
        verb=verb,
        subject=invoice,
        creditor_id=invoice.creditor_id,
        after=after,
        reason=reason,
        actor=actor,
        at=at,
    )


@transaction.atomic
def withdraw_invoice(*, invoice: Invoice, actor: User, at: dt.datetime) -> Invoice:
    """Take a queued invoice back, which makes it a draft again; refuses when it has left or never was posted."""
    invoice = locked(invoice)
    if invoice.submission is None:
        raise CannotChange(
            _("This invoice has not been sent, so there is nothing to take back."), code="not_posted"
        )
    submissions.withdraw(submission=invoice.submission, actor=actor, at=at)
    _tell("invoice.withdrawn", invoice, {}, actor, at)
    return locked(invoice)


def refuse_unapproved(invoice: Invoice, fingerprint: str) -> None:
    """Refuse what needs a second person and has none who agreed to this very message."""
    if is_approval_missing(invoice, fingerprint):
        raise ApprovalNeeded


def is_approval_missing(invoice: Invoice, fingerprint: str) -> bool:
    """Tell whether a second person has still to agree to this very message."""
    if not invoice.environment.needs_approval(invoice.total_amount):
        return False
    return not Approval.objects.valid_for(invoice, fingerprint).exists()


def checked_reason(text: str) -> str:
    """Return why doubts were let stand, fit for the history."""
    return check_text(text, LONGEST_REASON, lines=True, field="why")


def refuse_unexplained(codes: Iterable[str], reason: str) -> None:
    """Refuse doubts that are let stand without words where they take some."""
    if not reason and any(map(needs_reason, codes)):
        raise ReasonMissing


def _refuse_posting(
    invoice: Invoice, confirmed: Collection[str] | None, reason: str, at: dt.datetime
) -> None:
    if invoice.discarded_at:
        raise CannotPost(_("This invoice was discarded."), code="discarded")
    content, environment = InvoiceContent.of(invoice), invoice.environment
    today = environment.today(at)
    found = [
        *refusals.saving(content, creditor=environment.creditor, today=today),
        *refusals.posting(content),
        *refusals.person(content.debtor, environment),
        *flags_in_the_way(invoice.debtor, PRINT, today=today),
    ]
    if found:
        raise InvoiceIncomplete(found)
    refusals.check_sums(content, total=invoice.total_amount, currency=invoice.currency)
    if confirmed is None:
        return
    odd = doubts(content, environment=environment, today=today, invoice=invoice)
    remaining = [doubt for doubt in odd if doubt.code not in confirmed]
    if remaining:
        raise DoubtsRemain(remaining)
    refuse_unexplained((doubt.code for doubt in odd), reason)
