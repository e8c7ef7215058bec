"""Room: what is still missing and what looks odd, as links to the fields."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ropo_portal.documents.models import StoredDocument
from ropo_portal.errors import DomainError
from ropo_portal.invoices import refusals
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.doubts import Doubt, doubts
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.paper import fingerprint_of, message_of
from ropo_portal.parties.flags import PRINT, in_the_way


@dataclass(frozen=True)
class Look:
    """Everything somebody should know before sending."""

    missing: list[dict[str, Any]]
    doubts: list[Doubt]
    fingerprint: str = ""
    preview: StoredDocument | None = None

    @property
    def needs_reason(self) -> bool:
        """Tell whether one of the doubts takes words."""
        return any(doubt.needs_reason for doubt in self.doubts)

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing is missing."""
        return not self.missing


def looked_at(invoice: Invoice, today: dt.date) -> Look:
    """Look at a saved invoice with the eyes of somebody who is about to send it."""
    content = InvoiceContent.of(invoice)
    found = refusals.saving(content, creditor=invoice.environment.creditor, today=today) + refusals.posting(
        content
    )
    found += refusals.person(invoice.debtor, invoice.environment)
    found += in_the_way(invoice.debtor, PRINT, today=today)
    fingerprint = "" if found else _fingerprint(invoice)
    return Look(
        fingerprint=fingerprint,
        preview=StoredDocument.objects.preview_of(invoice.pk, fingerprint) if fingerprint else None,
        missing=[{"text": error.message, "id": field_id(error)} for error in found],
        doubts=doubts(content, environment=invoice.environment, today=today, invoice=invoice),
    )


def _fingerprint(invoice: Invoice) -> str:
    try:
        return fingerprint_of(message_of(invoice))
    except DomainError:
        return ""


def field_id(error: DomainError) -> str:
    """Return the DOM id of the field a refusal speaks of."""
    return "rows" if error.field == "rows" else f"id_{error.field}"
