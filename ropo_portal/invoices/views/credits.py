"""Room: credit notes from the rows of an invoice, where they are placed, and the money of a claim on one panel."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.invoices import ledger, operations, payable
from ropo_portal.invoices.creditable import remainders, remaining_total
from ropo_portal.invoices.forms import AllocationForm, CreditSheet
from ropo_portal.invoices.models import Claim, CreditAllocation, CreditNote, Invoice
from ropo_portal.invoices.operations.placing import unplaced
from ropo_portal.invoices.views.desk import UNPROCESSABLE, invoice_for, refused, scope_of, user_of
from ropo_portal.invoices.views.settlements import (
    claim_context,
    claim_for,
    left_for_a_sender,
    send_now,
    settlement_context,
    settlement_for,
    take_back,
)
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object


@requires("credit.edit")
@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open with the invoice's own rows; numbers only shrink."""
    invoice = invoice_for(request, pk, "credit.edit")
    if invoice.state != "accepted":
        text = _("There is nothing to credit: Ropo One has not taken this invoice.")
        return refused(request, invoice, DomainError(text))
    claim = ledger.claim_to_look_at(invoice)
    left = remainders(invoice)
    sheet = CreditSheet(request.POST or None, left=left, initial=_start(claim))
    if request.method == "POST" and sheet.is_valid():
        try:
            return _after_writing(request, _written(request, invoice, sheet))
        except DomainError as error:
            sheet.refuse(error)
    context = {**claim_context(claim), "invoice": invoice, "sheet": sheet, "form": sheet.head}
    context |= {"remaining": remaining_total(left), "takes_notes": payable.takes_notes(payable.job_of(claim))}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "invoices/credit_form.html", context, status=status)


@requires("document.view")
@require_GET
def note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one credit note with its rows, and how it stands."""
    found = _note_for(request, pk, "document.view")
    may, is_queued = scope_of(request).may, found.state == "queued"
    context = {
        **claim_context(Claim.objects.with_parties().with_sums().get(invoice=found.invoice)),
        "note": found,
        "rows": found.rows.select_related("row"),
        "unplaced": 0 if found.is_placed or found.state != "accepted" else unplaced(found),
        "may_send": found.is_open and may("credit.send", found.creditor_id),
        "may_withdraw": (found.is_open or is_queued) and may("credit.edit", found.creditor_id),
    }
    return render(request, "invoices/credit_note_detail.html", context)


@requires("credit.send")
@require_POST
def note_send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a credit note that was written, or refused."""
    found = _note_for(request, pk, "credit.send")
    return send_now(request, "credit-note", found, operations.post_credit_note)


@requires("credit.edit")
@require_POST
def note_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a credit note back that has not left."""
    found = _note_for(request, pk, "credit.edit")
    return take_back(request, "credit-note", found, operations.withdraw_credit_note)


@requires("credit.edit")
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tell Ropo One which credit note belongs to a claim it pursues."""
    claim = claim_for(request, pk, "credit.edit")
    notes = [
        note
        for note in ledger.notes_of(claim)
        if not note.is_placed and note.state == "accepted" and unplaced(note)
    ]
    amount = unplaced(notes[0]) if notes else None
    initial: dict[str, Any] = {"date": claim.environment.today(timezone.now()), "amount": amount}
    initial["credit_note"] = str(notes[0].pk) if notes else ""
    form = AllocationForm(request.POST or None, notes=notes, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _after_placing(request, claim, form)
        except DomainError as error:
            form.refuse(error)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(
        request, "invoices/credit_place.html", {**claim_context(claim), "form": form}, status=status
    )


@requires("document.view")
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one placed credit, and how it stands."""
    found = settlement_for(request, CreditAllocation, pk, "document.view")
    context = {**claim_context(found.claim), **settlement_context(request, found, "credit")}
    return render(request, "invoices/credit_detail.html", context)


@requires("credit.send")
@require_POST
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send where a credit belongs."""
    found = settlement_for(request, CreditAllocation, pk, "credit.send")
    return send_now(request, "credit", found, operations.post_allocation)


@requires("credit.edit")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the placing of a credit back that has not left."""
    found = settlement_for(request, CreditAllocation, pk, "credit.edit")
    return take_back(request, "credit", found, operations.withdraw_allocation)


@requires("document.view")
@require_GET
def claim_money(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a claim's sums, payments and credits, for the claim's page."""
    claim = claim_for(request, pk, "document.view")
    context = {
        **claim_context(claim),
        **ledger.movements(claim),
        "may_pay": scope_of(request).may("payment.edit", claim.creditor_id),
        "may_credit": scope_of(request).may("credit.edit", claim.creditor_id),
    }
    return render(request, "invoices/_claim_money.html", context)


def _note_for(request: HttpRequest, pk: uuid.UUID, action: str) -> CreditNote:
    scoped_object(request, CreditNote, pk, action)
    return CreditNote.objects.with_parties().get(pk=pk)


def _start(claim: Claim) -> dict[str, Any]:
    today = claim.environment.today(timezone.now())
    return {"date": today, "is_placed": payable.takes_notes(payable.job_of(claim))}


def _written(request: HttpRequest, invoice: Invoice, sheet: CreditSheet) -> CreditNote:
    who = {"actor": user_of(request), "at": timezone.now()}
    return operations.write_credit_note(
        invoice=invoice, rows=sheet.wanted(), **sheet.head.cleaned_data, **who
    )


def _after_writing(request: HttpRequest, found: CreditNote) -> HttpResponse:
    text = _("Credit note %(number)s is written. Look at it, then send it.") % {"number": found.number}
    return htmx.tell(request, htmx.redirect(request, "invoices:credit-note", found.pk), text, "info")


def _after_placing(request: HttpRequest, claim: Claim, form: AllocationForm) -> HttpResponse:
    who = {"actor": user_of(request), "at": timezone.now()}
    found = operations.note_allocation(claim=claim, **form.content(), **who)
    if scope_of(request).may("credit.send", claim.creditor_id):
        return send_now(request, "credit", found, operations.post_allocation)
    return left_for_a_sender(request, "credit", found)
