"""Room: the whole truth about one invoice on one page."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from ropo_portal import money
from ropo_portal.documents.models import StoredDocument
from ropo_portal.invoices import ledger, operations, paper
from ropo_portal.invoices.chain import chain_of
from ropo_portal.invoices.closing import closing_words
from ropo_portal.invoices.deeds import deeds
from ropo_portal.invoices.extras import FIELDS
from ropo_portal.invoices.fate import fate
from ropo_portal.invoices.journal import journal_of
from ropo_portal.invoices.models import Approval, Claim, Invoice
from ropo_portal.invoices.views.desk import invoice_for, scope_of, user_of
from ropo_portal.parties.secrecy import hides_address
from ropo_portal.submissions.models import Submission
from ropo_portal.ui import states
from ropo_portal.ui.access import requires
from ropo_portal.ui.csp import override

FIRST_DAY = dt.timedelta(days=1)
IMAGES = (StoredDocument.Kind.CURRENT, StoredDocument.Kind.ORIGINAL)
# Which of the papers is shown first.
SHOWN = (StoredDocument.Kind.LOCAL_PRINT, *IMAGES, StoredDocument.Kind.PREVIEW, StoredDocument.Kind.DRAFT)
PRINTED_SMALL = ("product_number", "free_text", "start_date", "end_date")


@requires("document.view")
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how the invoice stands, what may be done now, its rows, papers, attempts and history."""
    invoice = invoice_for(request, pk, "document.view")
    operations.keep_local_print(invoice=invoice, actor=user_of(request), at=timezone.now())
    return render(request, "invoices/invoice_detail.html", _context(request, invoice))


@requires("document.view")
@require_GET
def fate_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the sentence of fate and the deeds again, while the invoice moves."""
    invoice = invoice_for(request, pk, "document.view")
    return render(request, "invoices/_fate.html", _fate_context(request, invoice, ledger.claim_of(invoice)))


@requires("document.pdf")
@require_GET
@override(frame_ancestors=["'self'"])
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give our own draft of the letter as PDF."""
    invoice = invoice_for(request, pk, "document.pdf")
    is_hidden = hides_address(request, invoice.debtor)
    return pdf(paper.letter_pdf(invoice, hides_address=is_hidden), f"draft-{invoice.pk.hex[-8:]}.pdf")


def is_late(invoice: Invoice, at: dt.datetime) -> bool:
    """Tell whether Ropo One has had a day to make its document."""
    submission = invoice.submission
    return bool(submission and submission.settled_at and at - submission.settled_at > FIRST_DAY)


def pdf(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF that opens in the browser and is kept nowhere."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def shown_rows(invoice: Invoice, totals: money.Totals) -> list[dict[str, Any]]:
    """Return the rows as the page prints them."""
    return [
        {
            **{name: getattr(row, name) for name in ("description", "unit", *PRINTED_SMALL)},
            "quantity": shown(row.quantity),
            "price": shown(row.unit_price, least=2),
            "discount": shown(row.discount) if row.discount else "",
            "rate": shown(row.vat_rate),
            "net": amounts.net,
        }
        for row, amounts in zip(invoice.rows.all(), totals.rows, strict=True)
    ]


def shown(value: Decimal, *, least: int = 0) -> str:
    """Write a number without idle zeros, in the reader's language."""
    places = max(least, -int(value.normalize().as_tuple().exponent))
    return money.format_number(value, get_language() or "en", places=places)


def _fate_context(request: HttpRequest, invoice: Invoice, claim: Claim | None) -> dict[str, Any]:
    today = invoice.environment.today(timezone.now())
    told = fate(invoice, today=today, closed=closing_words(claim) if claim else "")
    return {
        "invoice": invoice,
        "fate": told,
        "tone": states.look(told.state).tone,
        "deeds": deeds(invoice, scope_of(request), today=today),
        "is_moving": bool(invoice.submission and invoice.submission.is_moving),
    }


def _documents(request: HttpRequest, invoice: Invoice) -> dict[str, Any]:
    """Return the stored papers, the one to show in the page, and whether Ropo's is overdue."""
    if hides_address(request, invoice.debtor):
        return {"is_address_hidden": True}
    documents = list(StoredDocument.objects.about(invoice.pk))
    is_accepted = invoice.state == Submission.State.ACCEPTED
    has_image = any(document.kind in IMAGES for document in documents)
    return {
        "documents": documents,
        "shown_document": min(documents, key=lambda one: SHOWN.index(one.kind), default=None),
        "to_print": next((one for one in documents if one.kind == StoredDocument.Kind.LOCAL_PRINT), None),
        "is_image_missing": is_accepted and not has_image,
        "is_image_late": is_accepted and not has_image and is_late(invoice, timezone.now()),
    }


def _money(invoice: Invoice, kept: Claim | None) -> dict[str, Any]:
    """Return the claim's sums, what Ropo One charges beside them, and everything that happened."""
    is_accepted = invoice.state == Submission.State.ACCEPTED
    claim = (kept or ledger.unkept_claim(invoice)) if is_accepted else None
    return {
        "claim": claim,
        "currency": invoice.currency,
        "costs": ledger.costs_of(invoice) if claim else None,
        "journal": journal_of(claim or invoice, currency=invoice.currency),
    }


def _context(request: HttpRequest, invoice: Invoice) -> dict[str, Any]:
    prefetch_related_objects([invoice], "rows")
    totals, claim = invoice.totals, ledger.claim_of(invoice)
    return {
        **_fate_context(request, invoice, claim),
        "rows": shown_rows(invoice, totals),
        "totals": totals,
        "groups": [
            {"rate": shown(group.rate), "net": group.net, "vat": group.vat} for group in totals.groups
        ],
        "extras": [
            (FIELDS[name].label, value) for name, value in invoice.extras.items() if name in FIELDS and value
        ],
        **_documents(request, invoice),
        **_money(invoice, claim),
        "attachments": invoice.attachments.defer("content"),
        "chain": chain_of(invoice),
        "approval": Approval.objects.newest_of(invoice),
        "may_edit": scope_of(request).may("invoice.edit", invoice.creditor_id),
        "may_pdf": scope_of(request).may("document.pdf", invoice.creditor_id),
    }
