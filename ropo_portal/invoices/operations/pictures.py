"""Room: what Ropo One makes of an invoice: its preview, the document as sent and as it stands, and what we print."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.documents.models import StoredDocument
from ropo_portal.documents.operations import store_document
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations.guards import CannotChange
from ropo_portal.invoices.paper import fingerprint_of, message_of
from ropo_portal.submissions import operations as submissions
from ropo_portal.submissions.models import Kind, Submission

Pictures = dict[str, bytes | None]


def preview_invoice(*, invoice: Invoice, actor: User, at: dt.datetime) -> StoredDocument:
    """Ask Ropo for its picture of the message as it is now, once for each message; nothing is registered."""
    message = message_of(invoice)
    fingerprint = fingerprint_of(message)
    known = StoredDocument.objects.preview_of(invoice.pk, fingerprint)
    if known is not None:
        return known
    content = submissions.preview(environment=invoice.environment, message=message)
    with transaction.atomic():
        stored = _store(invoice, StoredDocument.Kind.PREVIEW, content, at, fingerprint=fingerprint)
        _tell("invoice.previewed", invoice, {"fingerprint": fingerprint}, actor, at)
    return stored


def fetch_documents(*, invoice: Invoice, actor: User, at: dt.datetime) -> list[StoredDocument]:
    """
    Fetch the PDFs Ropo keeps, as sent and as it stands now, and what we are to print if its answer was lost.

    Refuses what was never sent with `CannotChange`.
    """
    submission = invoice.submission
    if submission is None:
        raise CannotChange(
            _("This invoice has not been sent, so Ropo One has no document of it."), code="not_posted"
        )
    kinds = {StoredDocument.Kind.ORIGINAL: True, StoredDocument.Kind.CURRENT: False}
    fetched: Pictures = {
        kind: submissions.fetch_image(submission=submission, original=original)
        for kind, original in kinds.items()
    }
    if _is_printed_here(submission):
        answered = submissions.answer_document(submission)
        fetched[StoredDocument.Kind.LOCAL_PRINT] = answered or fetched[StoredDocument.Kind.ORIGINAL]
    with transaction.atomic():
        stored = _store_all(invoice, submission, fetched, at)
        found = {row.kind: row.sha256 for row in stored}
        _tell("invoice.documents_fetched", invoice, found, actor, at)
    return stored


def keep_local_print(*, invoice: Invoice, actor: User, at: dt.datetime) -> StoredDocument | None:
    """Keep the document Ropo gave back for printing; None while there is none, or when its answer was lost."""
    submission = invoice.submission
    if submission is None or not _is_printed_here(submission):
        return None
    kept = StoredDocument.objects.about(invoice.pk).filter(kind=StoredDocument.Kind.LOCAL_PRINT)
    known = kept.filter(fingerprint=submission.payload_hash).first()
    content = None if known else submissions.answer_document(submission)
    if content is None:
        return known
    with transaction.atomic():
        stored = _store_all(invoice, submission, {StoredDocument.Kind.LOCAL_PRINT: content}, at)
        _tell("invoice.documents_fetched", invoice, {row.kind: row.sha256 for row in stored}, actor, at)
    return stored[0] if stored else None


def _is_printed_here(submission: Submission) -> bool:
    return submission.kind == Kind.LOCAL_PRINT and submission.state == Submission.State.ACCEPTED


def _store_all(
    invoice: Invoice, submission: Submission, pictures: Pictures, at: dt.datetime
) -> list[StoredDocument]:
    """Keep what is a whole document; half a one is left for the next try."""
    stored = []
    for kind, content in pictures.items():
        try:
            row = _store(invoice, kind, content, at, fingerprint=submission.payload_hash) if content else None
        except DomainError:
            continue
        stored += [row] if row else []
    return stored


def _store(
    invoice: Invoice, kind: str, content: bytes, at: dt.datetime, *, fingerprint: str
) -> StoredDocument:
    return store_document(
        subject_type=invoice._meta.label_lower,
        subject_id=invoice.pk,
        creditor_id=invoice.creditor_id,
        environment_id=invoice.environment_id,
        kind=kind,
        content=content,
        fingerprint=fingerprint,
        source="Ropo One",
        at=at,
    )


def _tell(verb: str, invoice: Invoice, after: dict[str, str], actor: User, at: dt.datetime) -> None:
    record(verb=verb, subject=invoice, creditor_id=invoice.creditor_id, after=after, actor=actor, at=at)
