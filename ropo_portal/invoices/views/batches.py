"""Room: many invoices at once: choose, check, send, follow, take back."""

import csv
import uuid
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import DomainError
from ropo_portal.invoices import operations, search
from ropo_portal.invoices.forms import FilterForm
from ropo_portal.invoices.forms.batches import SendBatchForm, ids_of
from ropo_portal.invoices.models import Batch, Invoice
from ropo_portal.invoices.operations.checking import MOST
from ropo_portal.invoices.views.board import board
from ropo_portal.invoices.views.desk import UNPROCESSABLE, user_of, working_environment
from ropo_portal.ui import htmx, paging
from ropo_portal.ui.access import requires, scoped_object

CHECKED_AT_A_TIME = 100
# Signs by which a spreadsheet takes a text for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@requires("document.view")
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """List the batches of the chosen environment, newest first."""
    environment = working_environment(request, "document.view")
    rows = Batch.objects.filter(environment=environment).select_related("made_by", "sent_by")
    rows = rows.annotate(
        total=Count("items"),
        waiting=Count("items", filter=Q(items__is_chosen=True, items__result="")),
        refused=Count("items", filter=Q(items__result="refused")),
    )
    page = paging.page(rows, order=("-made_at", "-id"), cursor=request.GET.get("cursor"))
    return htmx.render(request, "invoices/batch_list.html", "invoices/_batches.html", {"page": page})


@requires("invoice.edit")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the marked invoices, or all of the list, as a batch and check it."""
    environment = working_environment(request, "invoice.edit")
    ids = _all(request, environment) if request.POST.get("all") else ids_of(request.POST.getlist("invoice"))
    try:
        batch = operations.choose_invoices(
            environment=environment, ids=ids, actor=user_of(request), at=timezone.now()
        )
    except DomainError as error:
        return htmx.tell(request, htmx.redirect(request, "invoices:list"), error.message, "error")
    return htmx.redirect(request, "invoices:batch", batch.pk)


@requires("document.view")
@require_GET
def batch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what stands in the way before it is sent, and what came of each afterwards."""
    return _shown(request, _batch_for(request, pk, "document.view"))


@requires("invoice.edit")
@require_POST
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Look at the next ones nobody has looked at."""
    found = _batch_for(request, pk, "invoice.edit")
    operations.check_batch(batch=found, most=CHECKED_AT_A_TIME, at=timezone.now())
    return _again(request, found)


@requires("invoice.send")
@require_POST
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the ready ones go, once somebody has typed how many they are."""
    found = _batch_for(request, pk, "invoice.send")
    at = timezone.now()
    form = SendBatchForm(request.POST, offered=operations.days_offered(found.environment, at))
    if not form.is_valid():
        return _shown(request, found, form, UNPROCESSABLE)
    try:
        operations.send_batch(batch=found, **form.cleaned_data, actor=user_of(request), at=at)
    except operations.BatchIsSent as error:
        return htmx.tell(request, htmx.redirect(request, "invoices:batch", pk), error.message, "info")
    except DomainError as error:
        form.refuse(error)
        return _shown(request, found, form, UNPROCESSABLE)
    return htmx.redirect(request, "invoices:batch", pk)


@requires("invoice.send")
@require_POST
def run(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the next ones."""
    found = _batch_for(request, pk, "invoice.send")
    operations.send_next(batch=found, at=timezone.now())
    return _again(request, found)


@requires("invoice.withdraw")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop it, and take the next ones back that have not left."""
    found = _batch_for(request, pk, "invoice.withdraw")
    at = timezone.now()
    if found.sent_at:
        found = operations.withdraw_batch(batch=found, actor=user_of(request), at=at)
        operations.take_back_next(batch=found, at=at)
    return _again(request, found)


@requires("document.view")
@require_GET
def results(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the results as a file for a spreadsheet."""
    found = _batch_for(request, pk, "document.view")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{found}.csv"'
    response["Cache-Control"] = "private, no-store"
    lines = csv.writer(response, delimiter=";")
    lines.writerow([_("Number"), _("Customer number"), _("Amount"), _("Currency"), _("Result"), _("Reason")])
    rows = found.items.select_related("invoice__debtor", "submission").defer("submission__payload")
    for item in rows:
        lines.writerow([_harmless(cell) for cell in _cells(item, found.environment.currency)])
    return response


def _cells(item: Any, currency: str) -> list[str]:
    invoice = item.invoice
    state = item.submission.get_state_display() if item.submission else item.get_result_display()
    reasons = item.reason or "; ".join(words for _key, words in item.causes)
    number, customer = invoice.number, invoice.debtor.customer_number
    return [number, customer, str(invoice.total_amount), currency, str(state or _("Left out")), reasons]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _all(request: HttpRequest, environment: CreditorEnvironment) -> list[uuid.UUID]:
    """Return the ids of all invoices of the filtered list that may still be sent, one more than is allowed."""
    filters = FilterForm(request.POST, environment=environment).filters()
    rows = Invoice.objects.filter(environment=environment, discarded_at=None)
    today = environment.today(timezone.now())
    found = search.narrowed(rows, filters, environment=environment, today=today).to_send()
    return list(found.order_by("-created_at", "-id").values_list("pk", flat=True)[: MOST + 1])


def _batch_for(request: HttpRequest, pk: uuid.UUID, action: str) -> Batch:
    scoped_object(request, Batch, pk, action)
    return Batch.objects.select_related("environment__creditor", "made_by", "sent_by", "stopped_by").get(
        pk=pk
    )


def _shown(
    request: HttpRequest, found: Batch, form: SendBatchForm | None = None, status: int = 200
) -> HttpResponse:
    context = board(request, found, form)
    if status != 200:
        return render(request, "invoices/batch_detail.html", context, status=status)
    return htmx.render(request, "invoices/batch_detail.html", "invoices/_batch.html", context)


def _again(request: HttpRequest, found: Batch) -> HttpResponse:
    """Show how far it is: in place for htmx, as a page of its own without."""
    if not htmx.wants_fragment(request):
        response = redirect("invoices:batch", found.pk)
        response.status_code = 303
        return response
    return render(request, "invoices/_batch.html", board(request, found))
