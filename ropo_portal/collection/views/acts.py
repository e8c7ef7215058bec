"""Room: what is done by a button: begin, send, take back, hurry, discard."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ropo_portal.collection import operations, refusals
from ropo_portal.collection.forms import GoOnForm, RevisionForm
from ropo_portal.collection.models import Step
from ropo_portal.collection.obstacles import obstacles
from ropo_portal.collection.promises import promise_words, standing_promise
from ropo_portal.collection.views.desk import (
    UNPROCESSABLE,
    back_to,
    claim_for,
    document_for,
    refused,
    who,
)
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.invoices.operations import claim_of
from ropo_portal.submissions.operations import AlreadyPosted
from ropo_portal.submissions.operations import send_now as hurry
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object


@requires("collection.edit")
@require_POST
def begin_of_invoice(request: HttpRequest, pk: uuid.UUID, step: str) -> HttpResponse:
    """Make the claim of an invoice and open the form of the step, or the claim's page (`claim`)."""
    invoice = scoped_object(request, Invoice, pk, "collection.edit")
    try:
        claim = claim_of(invoice=invoice, **who(request))
    except DomainError as error:
        response = htmx.redirect(request, "invoices:detail", invoice.pk)
        return htmx.tell(request, response, error.message, "error")
    if step == "claim":
        return htmx.redirect(request, "collection:claim", claim.pk)
    if step not in Step.values:
        raise Http404
    return htmx.redirect(request, "collection:begin", claim.pk, step)


@requires("reminder.send")
@require_http_methods(["GET", "POST"])
def send_reminder(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what will happen, in words, and then do it once."""
    reminder = document_for(request, "reminder", pk, "reminder.send")
    form = GoOnForm(request.POST)
    if request.method == "GET" or not form.is_valid():
        return _confirm(request, reminder)
    try:
        operations.post_reminder(reminder=reminder, **form.cleaned_data, **who(request))
    except AlreadyPosted as error:
        return back_to(request, reminder.claim, error.message, "info")
    except DomainError as error:
        return _confirm(request, document_for(request, "reminder", pk, "reminder.send"), error)
    return back_to(request, reminder.claim, queued_words(reminder))


@requires("collection.withdraw")
@require_POST
def withdraw(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Take a queued reminder or debt collection back."""
    document = document_for(request, kind, pk, "collection.withdraw")
    act = operations.withdraw_reminder if kind == "reminder" else operations.withdraw_case
    return done(
        request,
        document.claim,
        lambda: act(**{kind: document}, **who(request)),
        _("Taken back. Nothing was sent."),
    )


@requires("collection.edit")
@require_POST
def discard(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    document = document_for(request, kind, pk, "collection.edit")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0
    act = operations.discard_reminder if kind == "reminder" else operations.discard_case
    return done(
        request,
        document.claim,
        lambda: act(**{kind: document}, revision=revision, **who(request)),
        _("Discarded."),
    )


@requires("reminder.send")
@require_POST
def send_now(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """End the hold of a queued reminder or debt collection."""
    document = document_for(request, kind, pk, "reminder.send" if kind == "reminder" else "collection.send")

    def act() -> None:
        if document.submission is None:
            raise DomainError(_("This has not been sent."))
        hurry(submission=document.submission, **who(request))

    return done(request, document.claim, act, _("It leaves at once."))


@requires("submission.look_up")
@require_POST
def look(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask Ropo One where the claim stands."""
    claim, at = claim_for(request, pk, "submission.look_up"), timezone.now()
    return done(request, claim, lambda: operations.look_now(claim=claim, at=at), _("Ropo One was asked."))


def queued_words(document: Any) -> str:
    """Say whether it waits or leaves."""
    hold = document.environment.creditor.hold_seconds
    return _("Queued. It can still be taken back.") if hold else _("On its way.")


def done(request: HttpRequest, claim: Claim, act: Callable[[], Any], text: str) -> HttpResponse:
    """Do it, and say on the claim's page that it was done, or why not."""
    try:
        act()
    except DomainError as error:
        return refused(request, claim, error)
    return back_to(request, claim, text)


def _confirm(request: HttpRequest, reminder: Any, error: DomainError | None = None) -> HttpResponse:
    today = reminder.environment.today(timezone.now())
    missing = [
        *obstacles(reminder.claim, reminder.step, today=today, own=reminder),
        *refusals.posting_reminder(reminder),
    ]
    promise = standing_promise(reminder.claim, today=today)
    context = {
        "promise": promise_words(promise) if promise else None,
        "document": reminder,
        "claim": reminder.claim,
        "environment": reminder.environment,
        "missing": [one.message for one in missing],
        "error": error,
        "leaves_in": reminder.environment.creditor.hold_seconds // 60,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "collection/reminder_send.html", context, status=status)
