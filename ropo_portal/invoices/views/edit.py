"""Room: writing an invoice: the form, and the picture beside it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.invoices import operations, paper, refusals
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.doubts import doubts
from ropo_portal.invoices.forms import InvoiceSheet
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import DocumentHasChanged
from ropo_portal.invoices.views.desk import (
    UNPROCESSABLE,
    invoice_for,
    log_strangers,
    refused,
    scope_of,
    user_of,
    working_environment,
)
from ropo_portal.invoices.views.detail import shown
from ropo_portal.invoices.views.look import Look, looked_at
from ropo_portal.invoices.views.trouble import trouble_of
from ropo_portal.parties.models import Debtor
from ropo_portal.rules.operations import rates_on
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object


@requires("invoice.edit")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Write a new invoice; `?debtor=` has chosen the debtor already."""
    environment = working_environment(request, "invoice.edit")
    today = environment.today(timezone.now())
    sheet = InvoiceSheet(environment, today=today, data=_posted(request), debtor=_chosen_debtor(request))
    return _written(request, sheet) or _form(request, sheet)


@requires("invoice.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a draft, or mend a rejected invoice with Ropo's words above the form."""
    invoice = invoice_for(request, pk, "invoice.edit")
    if not invoice.is_editable:
        message = _("This invoice can no longer be changed.")
        return refused(request, invoice, DomainError(message))
    today = invoice.environment.today(timezone.now())
    sheet = InvoiceSheet(invoice.environment, today=today, data=_posted(request), invoice=invoice)
    return _written(request, sheet) or _form(request, sheet)


@requires("invoice.edit")
@require_POST
def draft_image(request: HttpRequest) -> HttpResponse:
    """Draw what stands in the form, however unfinished; 204 while there is nothing to draw."""
    sheet = _unfinished(request)
    picture = paper.letter_picture(sheet.rough(), sheet.environment)
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "no-store"
    return response


@requires("invoice.edit")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Say what is wrong at the fields that were left (`left`), and what looks odd; saves nothing."""
    sheet = _unfinished(request)
    content, today = sheet.rough(), sheet.environment.today(timezone.now())
    sheet.refuse(_found(sheet, content, is_sending=True))
    seen = (
        doubts(content, environment=sheet.environment, today=today, invoice=sheet.invoice)
        if sheet.debtor
        else []
    )
    context = {
        "fields": sheet.errors_at(request.POST.getlist("left")),
        "rows_errors": sheet.rows.non_form_errors() if sheet.rows.written else [],
        "look": Look(missing=[], doubts=[doubt for doubt in seen if sheet.is_sure(doubt)]),
    }
    return render(request, "invoices/_check.html", context)


@requires("invoice.edit")
@require_GET
def debtor_card(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the chosen debtor's address and usual channel, for the form."""
    debtor = scoped_object(request, Debtor, pk, "invoice.edit")
    return render(request, "invoices/_debtor_card.html", {"debtor": debtor})


def _written(request: HttpRequest, sheet: InvoiceSheet) -> HttpResponse | None:
    """Save what was posted and go on; nothing when the form must be shown (again)."""
    if not sheet.is_bound:
        return None
    log_strangers(request, set(sheet.head.fields))
    is_readable = sheet.is_valid()
    if not _passes(request, sheet) or not is_readable:
        return None
    try:
        invoice = _save(request, sheet)
    except DomainError as error:
        sheet.refuse([error])
        return None
    return _go_on(request, invoice)


def _passes(request: HttpRequest, sheet: InvoiceSheet) -> bool:
    """Check every rule at once, so that all refusals stand at their fields; sending asks for more than saving."""
    found = _found(sheet, sheet.rough(), is_sending=request.POST.get("then") == "send")
    sheet.refuse(found)
    return not found


def _found(sheet: InvoiceSheet, content: InvoiceContent, *, is_sending: bool) -> list[DomainError]:
    """Return the refusals of what could be read; a field that could not be read has its own words already."""
    environment = sheet.environment
    found = refusals.saving(content, creditor=environment.creditor, today=environment.today(timezone.now()))
    found += refusals.posting(content) if is_sending else []
    return [error for error in found if sheet.is_sure(error)]


def _unfinished(request: HttpRequest) -> InvoiceSheet:
    """Read the form as it stands while somebody types."""
    given = request.POST.get("invoice")
    invoice = invoice_for(request, _uuid(given), "invoice.edit") if given else None
    environment = invoice.environment if invoice else working_environment(request, "invoice.edit")
    today = environment.today(timezone.now())
    return InvoiceSheet(environment, today=today, data=request.POST, invoice=invoice)


def _save(request: HttpRequest, sheet: InvoiceSheet) -> Invoice:
    who: dict[str, Any] = {"content": sheet.content, "actor": user_of(request), "at": timezone.now()}
    if sheet.invoice is None:
        return operations.create_invoice(environment=sheet.environment, **who)
    return operations.change_invoice(invoice=sheet.invoice, revision=sheet.revision, **who)


def _go_on(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    then = request.POST.get("then", "")
    if then == "send":
        return htmx.redirect(request, "invoices:send", invoice.pk)
    if then == "preview":
        return htmx.redirect(request, "invoices:preview", invoice.pk)
    response = htmx.redirect(request, "invoices:edit", invoice.pk)
    return htmx.tell(request, response, _("Invoice %(number)s is saved.") % {"number": invoice.number})


def _form(request: HttpRequest, sheet: InvoiceSheet) -> HttpResponse:
    invoice, environment = sheet.invoice, sheet.environment
    today = environment.today(timezone.now())
    context = {
        "sheet": sheet,
        "form": sheet.head,
        "invoice": invoice,
        "environment": environment,
        "rates": [(shown(row.rate), row.get_label_display()) for row in rates_on(environment.country, today)],
        **trouble_of(request, sheet),
        "look": looked_at(invoice, today) if invoice and not sheet.is_bound else None,
        "stale": next((error for error in sheet.refused if isinstance(error, DocumentHasChanged)), None),
        "may_send": scope_of(request).may("invoice.send", environment.creditor_id),
    }
    return render(
        request, "invoices/invoice_form.html", context, status=UNPROCESSABLE if sheet.is_bound else 200
    )


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _chosen_debtor(request: HttpRequest) -> Debtor | None:
    wish = request.GET.get("debtor")
    return scoped_object(request, Debtor, _uuid(wish), "invoice.edit") if wish else None


def _uuid(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.UUID(int=0)
