"""Room: what the pages of payments and credits have in common: finding one, saying how it stands, acting on it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ropo_portal.errors import DomainError
from ropo_portal.invoices import payable
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote
from ropo_portal.invoices.views.desk import scope_of, user_of
from ropo_portal.ui import htmx
from ropo_portal.ui.access import scoped_object


def claim_for(request: HttpRequest, pk: uuid.UUID, action: str) -> Claim:
    """Give a claim the reader may act on, with its sums; a foreign one does not exist."""
    scoped_object(request, Claim, pk, action)
    return Claim.objects.with_parties().with_sums().with_next_step().get(pk=pk)


def settlement_for(request: HttpRequest, model: Any, pk: uuid.UUID, action: str) -> Any:
    """Give a payment or a placed credit the reader may act on."""
    scoped_object(request, model, pk, action)
    found = model.objects.with_claim().get(pk=pk)
    found.claim = Claim.objects.with_parties().with_sums().with_next_step().get(pk=found.claim_id)
    return found


def claim_context(claim: Claim) -> dict[str, Any]:
    """Say how the claim stands, for the column beside a form."""
    job = payable.job_of(claim)
    return {
        "claim": claim,
        "job": job,
        "is_carried_on": payable.is_carried_on(job),
        "currency": claim.currency,
    }


def settlement_context(request: HttpRequest, document: Any, noun: str) -> dict[str, Any]:
    """Say how a payment or credit stands and what this reader may do with it."""
    may, submission = scope_of(request).may, document.submission
    is_moving = bool(submission and submission.state == "queued")
    return {
        "document": document,
        "outcome": payable.outcome(document.claim, document.amount) if document.is_open else "",
        "may_send": document.is_open and may(f"{noun}.send", document.creditor_id),
        "may_withdraw": (document.is_open or is_moving) and may(f"{noun}.edit", document.creditor_id),
    }


def done(request: HttpRequest, page: str, document: Any, act: Callable[..., Any], text: str) -> HttpResponse:
    """Do it, and say on the document's page what came of it."""
    name = {BypassPayment: "payment", CreditAllocation: "allocation", CreditNote: "note"}[type(document)]
    level = "success"
    try:
        act(**{name: document}, actor=user_of(request), at=timezone.now())
    except DomainError as error:
        text, level = str(error), "error"
    return htmx.tell(request, htmx.redirect(request, f"invoices:{page}", document.pk), text, level)


def send_now(request: HttpRequest, page: str, document: Any, act: Callable[..., Any]) -> HttpResponse:
    """Send it, and say that it can still be taken back."""
    return done(request, page, document, act, _("Queued. It can still be taken back."))


def take_back(request: HttpRequest, page: str, document: Any, act: Callable[..., Any]) -> HttpResponse:
    """Take it back, and say that nothing was sent."""
    return done(request, page, document, act, _("Taken back. Nothing was sent."))


def left_for_a_sender(request: HttpRequest, page: str, document: Any) -> HttpResponse:
    """Go to what was written down by somebody who may not send it."""
    text = _("Written down. Somebody who may send has to send it.")
    return htmx.tell(request, htmx.redirect(request, f"invoices:{page}", document.pk), text, "info")
