"""Room: posting an invoice and taking it back."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.invoices import refusals
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.doubts import Doubt, doubts
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations.guards import CannotChange, locked, refuse_stale
from ropo_portal.invoices.paper import fingerprint_of, message_of
from ropo_portal.parties.models import Channel
from ropo_portal.submissions import operations as submissions
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import AlreadyPosted, CannotPost
from ropo_portal.submissions.operations.queueing import Postable


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


class MessageHasChanged(CannotPost):
    """What would be sent is not what the person saw: the invoice, its debtor or its creditor changed meanwhile."""

    def __init__(self) -> None:
        text = _(
            "What would be sent is no longer what you saw: the invoice, the debtor or the creditor has been "
            "changed meanwhile. Nothing was sent; look at it again."
        )
        super().__init__(text, code="message_has_changed")


def post_invoice(
    *,
    invoice: Invoice,
    revision: int,
    confirmed: Collection[str] | None = None,
    fingerprint: str | None = None,
    is_printed_here: bool = False,
    actor: User,
    at: dt.datetime,
) -> Submission:
    """
    Put the invoice's message into the outbox, frozen; the worker sends it when the hold window is over.

    Refuses `AlreadyPosted`, `DocumentHasChanged`, `InvoiceIncomplete` with every reason, and `DoubtsRemain` for
    doubts whose codes are not among `confirmed` (a caller that gives none has no person to ask); and
    `MessageHasChanged` when the message is no longer the one whose `fingerprint` the person saw. An invoice that
    `is_printed_here` is registered at Ropo One, which gives its document back to us to deliver.
    """
    with transaction.atomic():
        invoice = locked(invoice)
        if invoice.submission and invoice.submission.is_live:
            raise AlreadyPosted(invoice.submission)
        refuse_stale(invoice, revision)
        _refuse_posting(invoice, confirmed, at)
        message = message_of(invoice)
        if fingerprint is not None and fingerprint != fingerprint_of(message):
            raise MessageHasChanged
        return _queue(invoice, message, is_printed_here=is_printed_here, actor=actor, at=at)


def _queue(
    invoice: Invoice, message: Postable, *, is_printed_here: bool, actor: User, at: dt.datetime
) -> Submission:
    if is_printed_here and invoice.channel != Channel.POST:
        raise CannotPost(refusals.PRINTED_HERE, field="channel", code="not_a_letter")
    submission = submissions.enqueue(
        kind=Kind.LOCAL_PRINT if is_printed_here else Kind.INVOICE,
        document_id=invoice.pk,
        environment=invoice.environment,
        number=invoice.number,
        message=message,
        amount=invoice.total_amount,
        recipient=invoice.debtor.name,
        customer_number=invoice.debtor.customer_number,
        previous=invoice.submission,
        actor=actor,
        at=at,
    )
    invoice.submission = submission
    invoice.save(update_fields=["submission"])
    facts = {"total": str(invoice.total_amount), "revision": invoice.revision, "posting": submission.sequence}
    _tell("invoice.posted", invoice, facts, actor, at)
    return submission


def _tell(verb: str, invoice: Invoice, after: dict[str, object], actor: User, at: dt.datetime) -> None:
    record(verb=verb, subject=invoice, creditor_id=invoice.creditor_id, after=after, actor=actor, at=at)


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


def _refuse_posting(invoice: Invoice, confirmed: Collection[str] | None, at: dt.datetime) -> None:
    if invoice.discarded_at:
        raise CannotPost(_("This invoice was discarded."), code="discarded")
    content, environment = InvoiceContent.of(invoice), invoice.environment
    today = environment.today(at)
    found = [
        *refusals.saving(content, creditor=environment.creditor, today=today),
        *refusals.posting(content),
        *refusals.person(content.debtor, environment),
    ]
    if found:
        raise InvoiceIncomplete(found)
    refusals.check_sums(content, total=invoice.total_amount, currency=invoice.currency)
    if confirmed is None:
        return
    remaining = [
        doubt
        for doubt in doubts(content, environment=environment, today=today, invoice=invoice)
        if doubt.code not in confirmed
    ]
    if remaining:
        raise DoubtsRemain(remaining)
