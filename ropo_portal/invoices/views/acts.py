"""Room: what is done to an invoice by a button."""

import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.invoices import operations
from ropo_portal.invoices.forms import AttachmentForm, RevisionForm, SendForm
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import (
    AlreadyPosted,
    DocumentHasChanged,
    DoubtsRemain,
    InvoiceIncomplete,
    MessageHasChanged,
)
from ropo_portal.invoices.views.desk import UNPROCESSABLE, back_to, invoice_for, refused, user_of
from ropo_portal.invoices.views.detail import is_late, pdf
from ropo_portal.invoices.views.look import looked_at
from ropo_portal.parties.secrecy import hides_address
from ropo_portal.submissions.operations import send_now as hurry
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires
from ropo_portal.ui.csp import override


@requires("invoice.send")
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what will happen, in words, and then do it once."""
    invoice = invoice_for(request, pk, "invoice.send")
    at = timezone.now()
    look = looked_at(invoice, invoice.environment.today(at))
    if request.method == "GET":
        return _confirm(request, invoice, look, SendForm(doubts=look.doubts))
    offered = operations.days_offered(invoice.environment, at)
    form = SendForm(request.POST, doubts=look.doubts, offered=offered)
    if form.is_valid():
        return _posted(request, invoice, form)
    error = MessageHasChanged() if "fingerprint" in form.errors else None
    return _confirm(request, invoice, look, form, error)


@requires("invoice.withdraw")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a queued invoice back."""
    invoice = invoice_for(request, pk, "invoice.withdraw")
    return _done(request, invoice, operations.withdraw_invoice, _("Taken back. Nothing was sent."))


@requires("invoice.send")
@require_POST
def send_now(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End the hold of a queued invoice."""
    invoice = invoice_for(request, pk, "invoice.send")

    def act(*, invoice: Invoice, actor: Any, at: Any) -> None:
        if invoice.submission is None:
            raise DomainError(_("This invoice has not been sent."))
        hurry(submission=invoice.submission, actor=actor, at=at)

    return _done(request, invoice, act, _("It leaves at once."))


@requires("invoice.edit")
@require_POST
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    invoice = invoice_for(request, pk, "invoice.edit")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0

    def act(**who: Any) -> None:
        operations.discard_invoice(revision=revision, **who)

    return _done(request, invoice, act, _("The invoice was discarded."))


@requires("invoice.edit")
@require_POST
def copy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a new draft of the same rows and open it."""
    invoice = invoice_for(request, pk, "invoice.edit")
    try:
        made = operations.copy_invoice(invoice=invoice, actor=user_of(request), at=timezone.now())
    except DomainError as error:
        return refused(request, invoice, error)
    response = htmx.redirect(request, "invoices:edit", made.pk)
    return htmx.tell(request, response, _("A copy of %(number)s.") % {"number": invoice.number})


@requires("document.pdf")
@require_GET
@override(frame_ancestors=["'self'"])
def preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show Ropo's own picture of the message as it is now; nothing is registered."""
    invoice = invoice_for(request, pk, "document.pdf")
    if hides_address(request, invoice.debtor):
        raise PermissionDenied("protected address")
    try:
        picture = operations.preview_invoice(invoice=invoice, actor=user_of(request), at=timezone.now())
    except DomainError as error:
        return refused(request, invoice, error)
    return pdf(bytes(picture.content), f"preview-{picture.fingerprint[:12]}.pdf")


@requires("document.pdf")
@require_POST
def fetch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Fetch what Ropo One has of the invoice."""
    invoice = invoice_for(request, pk, "document.pdf")
    at = timezone.now()
    try:
        found = operations.fetch_documents(invoice=invoice, actor=user_of(request), at=at)
    except DomainError as error:
        return refused(request, invoice, error)
    if found:
        return back_to(request, invoice, _("Fetched from Ropo One."))
    if is_late(invoice, at):
        text = _("Ropo One still has no document, a day after it took the invoice. Ask Ropo's support.")
        return back_to(request, invoice, text, "warning")
    text = _("Ropo One has no document of this invoice yet; on the first day that is usual.")
    return back_to(request, invoice, text, "info")


@requires("invoice.edit")
@require_POST
def attach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a PDF travel along."""
    invoice = invoice_for(request, pk, "invoice.edit")
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        return refused(request, invoice, DomainError(str(form.errors["file"][0])))

    def act(**who: Any) -> None:
        operations.attach_file(name=form.name(), content=form.content(), **who)

    return _done(request, invoice, act, _("The file travels with the invoice."))


@requires("invoice.edit")
@require_POST
def detach(request: HttpRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """Take a file off."""
    invoice = invoice_for(request, pk, "invoice.edit")
    attachment = get_object_or_404(invoice.attachments, pk=file)

    def act(*, invoice: Invoice, actor: Any, at: Any) -> None:  # noqa: ARG001 (the attachment knows its invoice)
        operations.remove_attachment(attachment=attachment, actor=actor, at=at)

    return _done(request, invoice, act, _("The file was removed."))


def _posted(request: HttpRequest, invoice: Invoice, form: SendForm) -> HttpResponse:
    whole = {"invoice": invoice, **form.seen(), "actor": user_of(request), "at": timezone.now()}
    try:
        submission = operations.post_invoice(**whole)
    except operations.ApprovalNeeded:
        return _asked(request, invoice, whole)
    except AlreadyPosted as error:
        return back_to(request, invoice, error.message, "info")
    except (DocumentHasChanged, DoubtsRemain, InvoiceIncomplete, MessageHasChanged) as error:
        fresh = invoice_for(request, invoice.pk, "invoice.send")
        look = looked_at(fresh, fresh.environment.today(timezone.now()))
        return _confirm(request, fresh, look, form, error)
    except operations.ReasonMissing as error:
        form.add_error("why", str(error))
        look = looked_at(invoice, invoice.environment.today(timezone.now()))
        return _confirm(request, invoice, look, form)
    except DomainError as error:
        return refused(request, invoice, error)
    hold = submission.due_at > submission.queued_at
    return back_to(request, invoice, _("Queued. It can still be taken back.") if hold else _("On its way."))


def _asked(request: HttpRequest, invoice: Invoice, whole: dict[str, Any]) -> HttpResponse:
    """Put the question to a second person, where the creditor wants one."""
    try:
        operations.ask_approval(**whole)
    except DomainError as error:
        return refused(request, invoice, error)
    return back_to(request, invoice, _("A second person was asked. It leaves when somebody has approved it."))


def _confirm(
    request: HttpRequest, invoice: Invoice, look: Any, form: SendForm, error: DomainError | None = None
) -> HttpResponse:
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"invoice": invoice, "look": look, "error": error, "form": form}
    context["environment"] = invoice.environment
    context["marked"] = request.POST.getlist("confirmed")
    context["leaves_in"] = invoice.environment.creditor.hold_seconds // 60
    context["days"] = operations.days_offered(invoice.environment, timezone.now())
    context["chosen_day"] = request.POST.get("leave_on", "")
    context["needs_approval"] = operations.is_approval_missing(invoice, look.fingerprint)
    return render(request, "invoices/invoice_send.html", context, status=status)


def _done(request: HttpRequest, invoice: Invoice, act: Callable[..., Any], text: str) -> HttpResponse:
    try:
        act(invoice=invoice, actor=user_of(request), at=timezone.now())
    except DomainError as error:
        return refused(request, invoice, error)
    return back_to(request, invoice, text)
