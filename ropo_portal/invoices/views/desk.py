"""Room: what every screen of invoices needs: scope, the working environment, the invoice, and refusals in words."""

import logging
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import Invoice
from ropo_portal.ui import htmx
from ropo_portal.ui.access import scoped_object

UNPROCESSABLE = 422
# Names a browser may send beside the fields of a form.
PLUMBING = frozenset({"csrfmiddlewaretoken", "then", "debtor_text", "debtor_choice", "invoice"})
logger = logging.getLogger(__name__)


def scope_of(request: HttpRequest) -> Any:
    """Give the request's scope."""
    return request.scope  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> Any:
    """Give the signed-in user; the door has seen to it that there is one."""
    return request.user


def working_environment(request: HttpRequest, action: str) -> CreditorEnvironment:
    """Give the environment chosen in the frame; 403 where the reader may not do the action for it."""
    environment: CreditorEnvironment | None = scope_of(request).environment
    if environment is None or not scope_of(request).may(action, environment.creditor_id):
        raise PermissionDenied(action)
    return environment


def invoice_for(request: HttpRequest, pk: uuid.UUID, action: str) -> Invoice:
    """Give an invoice the reader may act on, with what its pages print; a foreign one does not exist."""
    rows = Invoice.objects.select_related("debtor", "submission").defer("submission__payload")
    invoice = scoped_object(request, Invoice, pk, action, rows=rows)
    here = scope_of(request).environment
    if here is not None and here.pk == invoice.environment_id:
        invoice.environment, invoice.debtor.creditor = here, here.creditor
    return invoice


def back_to(request: HttpRequest, invoice: Invoice, text: Any, level: str = "success") -> HttpResponse:
    """Go to the invoice's page and say something there."""
    return htmx.tell(request, htmx.redirect(request, "invoices:detail", invoice.pk), text, level)


def refused(request: HttpRequest, invoice: Invoice, error: DomainError) -> HttpResponse:
    """Go to the invoice's page and say why nothing was done."""
    return back_to(request, invoice, error.message, "error")


def log_strangers(request: HttpRequest, known: set[str]) -> None:
    """Note names that no form of ours has; they are never read."""
    strangers = sorted({name for name in request.POST if name not in known} - PLUMBING)
    strangers = [name for name in strangers if not name.startswith("rows-")]
    if strangers:
        logger.warning("form of invoices: ignored fields %r by %s", strangers[:20], request.user.pk)
