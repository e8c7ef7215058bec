"""Room: the screen of payments and credits, and payments from the first word to Ropo's answer."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.invoices import operations, search
from ropo_portal.invoices.forms import PaymentForm
from ropo_portal.invoices.models import EFFECT_DAYS, BypassPayment, Claim, CreditAllocation
from ropo_portal.invoices.operations import SecondPersonNeeded
from ropo_portal.invoices.views.desk import UNPROCESSABLE, invoice_for, scope_of, user_of, working_environment
from ropo_portal.invoices.views.settlements import (
    claim_context,
    claim_for,
    done,
    left_for_a_sender,
    send_now,
    settlement_context,
    settlement_for,
    take_back,
)
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires

SHOWN = 50
LONGEST_SEARCH = 100


@requires("document.view")
@require_GET
def payments(request: HttpRequest) -> HttpResponse:
    """List claims in a race, open claims by urgency or as searched, and payments whose effect nobody has seen."""
    environment = working_environment(request, "document.view")
    text, at = _text(request), timezone.now()
    one = search.the_claim(text, environment_id=environment.pk) if text else None
    may = scope_of(request).may
    if one and not htmx.wants_fragment(request) and may("payment.edit", environment.creditor_id):
        return htmx.redirect(request, "invoices:payment-new", one.pk)
    context = {
        "q": text,
        "claims": _claims(text, environment.pk),
        "racing": _racing(environment, at),
        "unseen": _unseen(environment.pk, at),
        "effect_days": EFFECT_DAYS,
        "currency": environment.currency,
        "may_edit": may("payment.edit", environment.creditor_id),
        "may_send": may("payment.send", environment.creditor_id),
    }
    return htmx.render(request, "invoices/payment_list.html", "invoices/_payment_claims.html", context)


@requires("payment.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for sum and day, with what is open proposed; whoever may send sends at once."""
    claim = claim_for(request, pk, "payment.edit")
    today = claim.environment.today(timezone.now())
    initial = {"amount": claim.open_amount, "paid_date": today}
    form = PaymentForm(request.POST or None, initial=initial, claim=claim, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            payment = operations.note_payment(
                claim=claim, actor=user_of(request), at=timezone.now(), **form.cleaned_data
            )
            return _after_noting(request, payment)
        except DomainError as error:
            form.refuse(error)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(
        request, "invoices/payment_form.html", {**claim_context(claim), "form": form}, status=status
    )


@requires("payment.edit")
@require_POST
def of_invoice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go to the payment form of an invoice's claim, which is made when it is first asked for."""
    invoice = invoice_for(request, pk, "payment.edit")
    try:
        claim = operations.claim_of(invoice=invoice, actor=user_of(request), at=timezone.now())
    except DomainError as error:
        return htmx.tell(request, htmx.redirect(request, "invoices:detail", pk), error.message, "error")
    return htmx.redirect(request, "invoices:payment-new", claim.pk)


@requires("document.view")
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one payment: what it does, how it stands, and what may be done."""
    payment = settlement_for(request, BypassPayment, pk, "document.view")
    context = {**claim_context(payment.claim), **settlement_context(request, payment, "payment")}
    context["may_confirm"] = scope_of(request).may("payment.confirm_twin", payment.creditor_id)
    return render(request, "invoices/payment_detail.html", context)


@requires("payment.send")
@require_POST
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a payment that was written down, or refused."""
    payment = settlement_for(request, BypassPayment, pk, "payment.send")
    return send_now(request, "payment", payment, operations.post_payment)


@requires("payment.confirm_twin")
@require_POST
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm as the second person that it is another payment."""
    payment = settlement_for(request, BypassPayment, pk, "payment.confirm_twin")
    return done(request, "payment", payment, operations.confirm_twin, _("Confirmed and queued."))


@requires("payment.edit")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a payment back that has not left."""
    payment = settlement_for(request, BypassPayment, pk, "payment.edit")
    return take_back(request, "payment", payment, operations.withdraw_payment)


@requires("payment.send")
@require_POST
def register(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send what Ropo must know before it moves the claim on, at once."""
    claim = claim_for(request, pk, "payment.send")
    text, level = _("Sent to Ropo One before its next step."), "success"
    try:
        operations.register_now(claim=claim, actor=user_of(request), at=timezone.now())
    except DomainError as error:
        text, level = str(error), "error"
    return htmx.tell(request, htmx.redirect(request, "invoices:payments"), text, level)


def _after_noting(request: HttpRequest, payment: BypassPayment) -> HttpResponse:
    if not scope_of(request).may("payment.send", payment.creditor_id):
        return left_for_a_sender(request, "payment", payment)
    if payment.is_twin:
        response = htmx.redirect(request, "invoices:payment", payment.pk)
        return htmx.tell(request, response, SecondPersonNeeded(payment).message, "warning")
    return send_now(request, "payment", payment, operations.post_payment)


def _text(request: HttpRequest) -> str:
    found = request.GET.get("q", "")[:LONGEST_SEARCH]
    return "".join(character for character in found if character.isprintable()).strip()


def _claims(text: str, environment_id: uuid.UUID) -> Any:
    if text:
        return search.urgent(search.claims_by(text, environment_id=environment_id))[:SHOWN]
    claims = Claim.objects.filter(environment_id=environment_id).with_parties().with_sums().open()
    return search.urgent(claims)[:SHOWN]


def _racing(environment: Any, at: dt.datetime) -> Any:
    claims = Claim.objects.filter(environment=environment).in_a_race(on=environment.today(at))
    return search.urgent(claims.with_parties().with_sums())[:SHOWN]


def _unseen(environment_id: uuid.UUID, at: dt.datetime) -> list[Any]:
    found: list[Any] = []
    for model in (BypassPayment, CreditAllocation):
        rows = model.objects.without_effect(at=at).filter(claim__environment_id=environment_id)
        found += rows.with_claim().order_by("submission__settled_at")[:SHOWN]
    return found
