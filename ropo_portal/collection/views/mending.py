"""Room: mending or throwing away a claim that was invoiced elsewhere and mistyped."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ropo_portal.collection import operations
from ropo_portal.collection.forms import ForeignClaimForm, ReasonForm
from ropo_portal.collection.views.desk import (
    UNPROCESSABLE,
    back_to,
    claim_for,
    log_strangers,
    put,
    refused,
    who,
)
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import Claim
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires

NAMES = ("debtor", "number", "reference", "invoice_date", "due_date", "principal")


@requires("collection.edit")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write a mistyped claim anew."""
    claim = claim_for(request, pk, "collection.edit")
    if not operations.may_mend(claim):
        return refused(
            request, claim, operations.CannotChange(_("This claim can no longer be changed here."))
        )
    form = ForeignClaimForm(request.POST or None, initial=_typed(claim), environment=claim.environment)
    if form.is_bound:
        log_strangers(request, form)
    if form.is_bound and form.is_valid():
        try:
            operations.correct_claim(claim=claim, **form.content(), **who(request))
        except DomainError as error:
            put(form, error)
        else:
            return back_to(request, claim, _("Saved."))
    return _form(request, claim, form, ReasonForm(auto_id="discard_%s"))


@requires("collection.edit")
@require_http_methods(["POST"])
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw it away, with the reason."""
    claim = claim_for(request, pk, "collection.edit")
    form = ReasonForm(request.POST, auto_id="discard_%s")
    if form.is_valid():
        number = claim.number
        try:
            operations.discard_claim(claim=claim, reason=form.cleaned_data["reason"], **who(request))
        except DomainError as error:
            return refused(request, claim, error)
        words = _("The claim %(number)s is discarded.") % {"number": number}
        return htmx.tell(request, htmx.redirect(request, "collection:list"), words)
    typed = request.POST if "number" in request.POST else None
    return _form(
        request, claim, ForeignClaimForm(typed, initial=_typed(claim), environment=claim.environment), form
    )


def _typed(claim: Claim) -> dict[str, object]:
    """Return what a clerk would have typed to get this claim."""
    values = {name: getattr(claim, name) for name in NAMES}
    return {**values, "debtor": claim.debtor_id, "is_message": True}


def _form(
    request: HttpRequest, claim: Claim, form: ForeignClaimForm, discard_form: ReasonForm
) -> HttpResponse:
    context = {
        "form": form,
        "discard_form": discard_form,
        "claim": claim,
        "environment": claim.environment,
    }
    status = UNPROCESSABLE if form.is_bound or discard_form.is_bound else 200
    return render(request, "collection/claim_mend.html", context, status=status)
