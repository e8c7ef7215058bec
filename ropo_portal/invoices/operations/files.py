"""Room: files that travel with an invoice."""

import datetime as dt
import hashlib

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.identifiers import check_text
from ropo_portal.invoices.models import Invoice, InvoiceAttachment
from ropo_portal.invoices.operations.guards import locked, refuse_settled
from ropo_portal.parties.models import Channel

MEGABYTE = 1024 * 1024
LARGEST_BY_POST = 5 * MEGABYTE
HEAD, TAIL = b"%PDF-", b"%%EOF"
ACTIVE = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA ")


class AttachmentRefused(DomainError):
    """The file may not travel with the invoice."""


@transaction.atomic
def attach_file(
    *, invoice: Invoice, name: str, content: bytes, actor: User, at: dt.datetime
) -> InvoiceAttachment:
    """
    Let a PDF travel with the invoice.

    Refuses what is no whole PDF, what holds programs, a name that cannot be printed, the same file twice, and
    together more than 1 MB for electronic channels or 5 MB for letters.
    """
    invoice = locked(invoice)
    refuse_settled(invoice)
    name = check_text(name, 100, field="file")
    _refuse_content(name, content)
    _refuse_size(invoice, len(content))
    sha256 = hashlib.sha256(content).hexdigest()
    if invoice.attachments.filter(sha256=sha256).exists():
        raise AttachmentRefused(_("This file is attached already."), field="file", code="attached_already")
    attachment = InvoiceAttachment.objects.create(
        invoice=invoice, name=name, content=content, size=len(content), sha256=sha256, created_at=at
    )
    _tell("invoice.file_attached", invoice, {"file": name, "sha256": sha256}, actor, at)
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: InvoiceAttachment, actor: User, at: dt.datetime) -> None:
    """Take a file off an invoice that may still change."""
    invoice = locked(attachment.invoice)
    refuse_settled(invoice)
    attachment.delete()
    _tell("invoice.file_removed", invoice, {"file": attachment.name, "sha256": attachment.sha256}, actor, at)


def _refuse_content(name: str, content: bytes) -> None:
    if not name.lower().endswith(".pdf") or not content.startswith(HEAD) or TAIL not in content[-1024:]:
        raise AttachmentRefused(
            _("Attach a PDF file; this is none, or it is cut off."), field="file", code="not_a_pdf"
        )
    if any(mark in content for mark in ACTIVE):
        message = _("This PDF holds programs or other files inside; print it to a plain PDF first.")
        raise AttachmentRefused(message, field="file", code="active_pdf")


def _refuse_size(invoice: Invoice, size: int) -> None:
    limit = LARGEST_BY_POST if invoice.channel == Channel.POST else MEGABYTE
    together = size + (invoice.attachments.aggregate(size=Sum("size"))["size"] or 0)
    if together > limit:
        message = sentence(
            _("Files may be %(limit)s MB together with this channel."), limit=limit // MEGABYTE
        )
        raise AttachmentRefused(message, field="file", code="too_large")


def _tell(verb: str, invoice: Invoice, after: dict[str, object], actor: User, at: dt.datetime) -> None:
    """Write it down under a new revision, so that a page opened before is found stale."""
    invoice.revision += 1
    invoice.save(update_fields=["revision"])
    after = {**after, "revision": invoice.revision}
    record(verb=verb, subject=invoice, creditor_id=invoice.creditor_id, after=after, actor=actor, at=at)
