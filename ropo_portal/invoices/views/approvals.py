"""Room: invoices between two people: look at one, approve it, give it back, approve all that were looked at."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.invoices import operations
from ropo_portal.invoices.changes import changes_since
from ropo_portal.invoices.forms.approvals import ApproveAllForm, ApproveForm, ReturnForm
from ropo_portal.invoices.models import Approval, Invoice
from ropo_portal.invoices.views.desk import UNPROCESSABLE, back_to, scope_of, user_of
from ropo_portal.invoices.views.detail import shown, shown_rows
from ropo_portal.invoices.views.look import looked_at
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

WAITING = "collection:approvals"
TOLD = 5


@requires("document.view")
@require_GET
def approval(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the paper beside the facts, what is right and what is odd, and what changed since the last question."""
    return _page(request, _approval_for(request, pk, "document.view"))


@requires("invoice.approve")
@require_POST
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve as the second person, and take the next one."""
    found = _approval_for(request, pk, "invoice.approve")
    form = ApproveForm(request.POST)
    if not form.is_valid():
        error = None if "why" in form.errors else operations.ApprovalVoid()
        return _page(request, found, error=error, approve=form)
    try:
        operations.approve_invoice(approval=found, **form.seen(), actor=user_of(request), at=timezone.now())
    except operations.ReasonMissing as error:
        form.add_error("why", str(error))
        return _page(request, found, approve=form)
    except operations.NothingToApprove as error:
        return back_to(request, found.invoice, error.message, "info")
    except DomainError as error:
        return _page(request, _approval_for(request, pk, "invoice.approve"), error=error)
    return _next(request, found, _("Approved: %(number)s. It is queued."))


@requires("invoice.approve")
@require_POST
def give_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give it back with the reason, and take the next one."""
    found = _approval_for(request, pk, "invoice.approve")
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        operations.return_invoice(
            approval=found, reason=form.cleaned_data["reason"], actor=user_of(request), at=timezone.now()
        )
    except DomainError as error:
        return back_to(request, found.invoice, error.message, "error")
    return _next(request, found, _("Given back: %(number)s. Nothing was sent."))


@requires("invoice.approve")
@require_POST
def approve_all(request: HttpRequest) -> HttpResponse:
    """Approve those that stood on the page as green, each by itself, once somebody has typed how many they are."""
    form = ApproveAllForm(request.POST)
    if not form.is_valid():
        return _told(request, _first(form), "error")
    seen = form.seen
    allowed = scope_of(request).creditor_ids_for("invoice.approve")
    rows = Approval.objects.with_invoice().filter(pk__in=seen, invoice__creditor_id__in=allowed)
    refused = [text for row in rows if (text := _refusal(request, row, seen[row.pk]))]
    done = len(rows) - len(refused)
    text = ngettext("%(count)s was approved.", "%(count)s were approved.", done) % {"count": done}
    return _told(request, " ".join([text, *refused[:TOLD]]), "warning" if refused else "success")


@requires("invoice.edit")
@require_http_methods(["POST"])
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the question back."""
    found = _approval_for(request, pk, "invoice.edit")
    try:
        operations.withdraw_question(approval=found, actor=user_of(request), at=timezone.now())
    except DomainError as error:
        return back_to(request, found.invoice, error.message, "error")
    return back_to(request, found.invoice, _("Taken back. It is a draft again."))


def _refusal(request: HttpRequest, row: Approval, fingerprint: str) -> str:
    """Approve one; return why not, with its number, or nothing."""
    try:
        operations.approve_invoice(
            approval=row, fingerprint=fingerprint, actor=user_of(request), at=timezone.now()
        )
    except DomainError as error:
        return f"{row.invoice.number}: {error}"
    return ""


def _approval_for(request: HttpRequest, pk: uuid.UUID, action: str) -> Approval:
    scoped_object(request, Approval, pk, action)
    return Approval.objects.with_invoice().get(pk=pk)


def _neighbors(request: HttpRequest, found: Approval) -> dict[str, Any]:
    """Give the questions before and after this one, in the order in which they were asked."""
    allowed = scope_of(request).creditor_ids_for("invoice.approve")
    ids = list(
        Approval.objects.waiting()
        .filter(invoice__creditor_id__in=allowed)
        .order_by("asked_at", "id")
        .values_list("pk", flat=True)[:500]
    )
    place = ids.index(found.pk) if found.pk in ids else -1
    return {
        "previous": ids[place - 1] if place > 0 else None,
        "next": ids[place + 1] if 0 <= place < len(ids) - 1 else None,
        "place": place + 1,
        "waiting": len(ids),
    }


def _next(request: HttpRequest, found: Approval, text: str) -> HttpResponse:
    """Go to the next question, or to the list when there is none."""
    allowed = scope_of(request).creditor_ids_for("invoice.approve")
    rest = Approval.objects.waiting().filter(invoice__creditor_id__in=allowed).order_by("asked_at", "id")
    after = rest.filter(asked_at__gte=found.asked_at).exclude(pk=found.pk).first() or rest.first()
    where = ("invoices:approval", after.pk) if after else (WAITING,)
    return htmx.tell(request, htmx.redirect(request, *where), text % {"number": found.invoice.number})


def _told(request: HttpRequest, text: str, level: str) -> HttpResponse:
    return htmx.tell(request, htmx.redirect(request, WAITING), text, level)


def _first(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])


def _page(
    request: HttpRequest,
    found: Approval,
    *,
    error: DomainError | None = None,
    form: ReturnForm | None = None,
    approve: ApproveForm | None = None,
) -> HttpResponse:
    context = {
        **_question(request, found),
        **_paper(found.invoice),
        **_neighbors(request, found),
        "error": error,
        "form": form or ReturnForm(),
        "approve": approve or ApproveForm(),
        "marked": request.POST.getlist("confirmed"),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "invoices/approval.html", context, status=status)


def _question(request: HttpRequest, found: Approval) -> dict[str, Any]:
    """Give what was asked, what is right and what is odd about it, and who may answer."""
    invoice = found.invoice
    look = looked_at(invoice, invoice.environment.today(timezone.now()))
    new = [doubt for doubt in look.doubts if doubt.code not in found.confirmed]
    former = Approval.objects.filter(invoice=invoice, asked_at__lt=found.asked_at).order_by("asked_at").last()
    return {
        "approval": found,
        "look": look,
        "doubts": new,
        "needs_reason": any(doubt.needs_reason for doubt in new),
        "stood": [doubt for doubt in look.doubts if doubt.code in found.confirmed],
        "is_waiting": found.verdict == "waiting",
        "is_void": (look.fingerprint, invoice.revision) != (found.fingerprint, found.revision),
        "is_own": found.asked_by_id == request.user.pk or operations.is_author(invoice, user_of(request)),
        "may_approve": scope_of(request).may("invoice.approve", invoice.creditor_id),
        "former": former,
        "changes": changes_since(invoice, former.revision) if former else [],
    }


def _paper(invoice: Invoice) -> dict[str, Any]:
    """Give what stands on the invoice."""
    totals = invoice.totals
    return {
        "invoice": invoice,
        "environment": invoice.environment,
        "rows": shown_rows(invoice, totals),
        "totals": totals,
        "groups": [{"rate": shown(one.rate), "net": one.net, "vat": one.vat} for one in totals.groups],
        "attachments": invoice.attachments.defer("content"),
    }
