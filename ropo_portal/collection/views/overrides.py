"""Room: acting before the legal day, and the files that prove a notice."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ropo_portal.collection import operations
from ropo_portal.collection.forms import ReasonForm
from ropo_portal.collection.models import Override, Proof, Step
from ropo_portal.collection.standing import standing_of
from ropo_portal.collection.views.acts import done
from ropo_portal.collection.views.desk import UNPROCESSABLE, back_to, claim_for, put, who
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import Claim
from ropo_portal.parties.secrecy import hides_address
from ropo_portal.rules.operations import legal_bar
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

ON_ITS_OWN = "default-src 'none'; frame-ancestors 'none'; sandbox"


@requires("override.propose")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: uuid.UUID, step: str) -> HttpResponse:
    """Ask for the reason to act before the legal day."""
    claim = claim_for(request, pk, "override.propose")
    if step not in Step.values:
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            operations.propose_override(claim=claim, step=step, **form.cleaned_data, **who(request))
        except DomainError as error:
            put(form, error)
        else:
            return back_to(request, claim, _("Proposed. Another person has to agree."))
    return _form(request, claim, Step(step), form)


@requires("override.confirm")
@require_POST
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Agree as the second person."""
    override = scoped_object(request, Override, pk, "override.confirm")
    words = _("Agreed. The step may be taken before its day.")
    return done(
        request, override.claim, lambda: operations.confirm_override(override=override, **who(request)), words
    )


@requires("override.propose")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a proposal back."""
    override = scoped_object(request, Override, pk, "override.propose")
    return done(
        request,
        override.claim,
        lambda: operations.withdraw_override(override=override, **who(request)),
        _("The proposal was taken back."),
    )


@requires("document.pdf")
@require_GET
def proof(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send one proof as a download, under our own name for it."""
    row = scoped_object(request, Proof, pk, "document.pdf")
    if hides_address(request, row.case.claim.debtor):
        raise PermissionDenied("protected address")
    response = HttpResponse(bytes(row.content), content_type=row.media_type)
    ending = str(row.get_media_type_display()).lower()
    response["Content-Disposition"] = f'attachment; filename="proof-{row.pk.hex[-8:]}.{ending}"'
    response["Content-Security-Policy"] = ON_ITS_OWN
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@requires("collection.edit")
@require_POST
def remove_proof(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a proof off a debt collection that may still change."""
    row = scoped_object(request, Proof, pk, "collection.edit")
    response = htmx.redirect(request, "collection:case", row.case_id)
    try:
        operations.remove_proof(proof=row, **who(request))
    except DomainError as error:
        return htmx.tell(request, response, error.message, "error")
    return htmx.tell(request, response, _("The file was removed."))


def _form(request: HttpRequest, claim: Claim, step: Step, form: ReasonForm) -> HttpResponse:
    standing = standing_of(claim, today=claim.environment.today(timezone.now()))
    context = {
        "claim": claim,
        "step": step,
        "form": form,
        "bar": legal_bar(standing.clock),
        "obstacles": [one.message for one in standing.obstacles[step.value]],
    }
    return render(
        request, "collection/override_form.html", context, status=UNPROCESSABLE if form.is_bound else 200
    )
