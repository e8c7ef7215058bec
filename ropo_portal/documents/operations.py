"""Room: the verbs of documents."""

import datetime as dt
import hashlib
import uuid

from django.utils.translation import gettext_lazy as _

from ropo_portal.documents.models import StoredDocument
from ropo_portal.errors import DomainError, sentence

LARGEST = 10 * 1024 * 1024
_HEAD, _TAIL = b"%PDF-", b"%%EOF"
# Readers accept a few bytes around both marks, so do we.
_HEAD_WITHIN, _TAIL_WITHIN = 16, 1024


class NotAPdf(DomainError):
    """The bytes are no whole PDF file."""


class DocumentTooLarge(DomainError):
    """The file is larger than we keep."""


def store_document(
    *,
    subject_type: str,
    subject_id: uuid.UUID,
    creditor_id: uuid.UUID,
    environment_id: uuid.UUID,
    kind: str,
    content: bytes,
    at: dt.datetime,
    source: str = "",
    fingerprint: str = "",
) -> StoredDocument:
    """Keep a PDF file, once: the same bytes for the same subject and kind give the row already there, dated anew.

    `fingerprint` is that of the message the picture was made from.
    Refuses what is no PDF, is cut off, or is larger than 10 MB.
    """
    _require_pdf(content)
    row, is_new = StoredDocument.objects.get_or_create(
        subject_id=subject_id,
        kind=StoredDocument.Kind(kind),
        sha256=hashlib.sha256(content).hexdigest(),
        fingerprint=fingerprint,
        defaults={
            "subject_type": subject_type,
            "creditor_id": creditor_id,
            "environment_id": environment_id,
            "content": content,
            "size": len(content),
            "created_at": at,
            "fetched_at": at,
            "source": source,
        },
    )
    if not is_new:
        StoredDocument.objects.filter(pk=row.pk).update(fetched_at=at)
        row.fetched_at = at
    return row


def _require_pdf(content: bytes) -> None:
    if len(content) > LARGEST:
        message = sentence(_("The file is larger than %(megabytes)s MB."), megabytes=LARGEST // 1024**2)
        raise DocumentTooLarge(message, code="too_large")
    if _HEAD not in content[:_HEAD_WITHIN] or _TAIL not in content[-_TAIL_WITHIN:]:
        raise NotAPdf(_("The file is not a whole PDF document."), code="not_a_pdf")
