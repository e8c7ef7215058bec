"""Room: debt collections between two people: propose, approve, give back, send again."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ropo_portal.collection import operations, refusals
from ropo_portal.collection.forms import ApprovalForm, GoOnForm, ReasonForm, RevisionForm
from ropo_portal.collection.obstacles import obstacles
from ropo_portal.collection.promises import promise_words, standing_promise
from ropo_portal.collection.views.acts import done, queued_words
from ropo_portal.collection.views.desk import UNPROCESSABLE, back_to, document_for, put, who
from ropo_portal.errors import DomainError
from ropo_portal.submissions.operations import AlreadyPosted
from ropo_portal.ui.access import requires


@requires("collection.send")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what would happen, and propose it to a second person."""
    case = document_for(request, "case", pk, "collection.send")
    form = GoOnForm(request.POST)
    if request.method == "GET" or not form.is_valid():
        return _look(request, case, "propose")
    try:
        operations.propose_case(case=case, **form.cleaned_data, **who(request))
    except AlreadyPosted as error:
        return back_to(request, case.claim, error.message, "info")
    except DomainError as error:
        return _look(request, document_for(request, "case", pk, "collection.send"), "propose", error)
    return back_to(request, case.claim, _("Proposed. Another person has to approve it."))


@requires("collection.approve")
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show exactly what was proposed, and send it as the second person."""
    case = document_for(request, "case", pk, "collection.approve")
    form = ApprovalForm(request.POST)
    if request.method == "GET" or not form.is_valid():
        return _look(request, case, "approve")
    try:
        operations.approve_case(case=case, fingerprint=form.cleaned_data["fingerprint"], **who(request))
    except AlreadyPosted as error:
        return back_to(request, case.claim, error.message, "info")
    except DomainError as error:
        return _look(request, document_for(request, "case", pk, "collection.approve"), "approve", error)
    return back_to(request, case.claim, queued_words(case))


@requires("collection.approve")
@require_POST
def give_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a proposal back with the reason."""
    case = document_for(request, "case", pk, "collection.approve")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _look(request, case, "approve", form=form)
    try:
        operations.return_case(case=case, reason=form.cleaned_data["reason"], **who(request))
    except DomainError as error:
        put(form, error)
        return _look(request, case, "approve", form=form)
    return back_to(request, case.claim, _("Given back. Nothing was sent."))


@requires("collection.send")
@require_POST
def post(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send an approved debt collection again that was taken back or refused, unchanged."""
    case = document_for(request, "case", pk, "collection.send")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0

    def act() -> None:
        operations.post_case(case=case, revision=revision, **who(request))

    return done(request, case.claim, act, queued_words(case))


def _look(
    request: HttpRequest, case: Any, page: str, error: DomainError | None = None, form: Any = None
) -> HttpResponse:
    """Show what would be sent, with everything that stands in the way."""
    today = case.environment.today(timezone.now())
    wrong = refusals.posting_case(case, has_proof=case.proofs.exists(), today=today)
    missing = [*wrong, *obstacles(case.claim, case.step, today=today, own=case)]
    context = {
        "document": case,
        "claim": case.claim,
        "environment": case.environment,
        "proofs": case.proofs.defer("content"),
        "missing": [one.message for one in missing],
        "promise": _promise(case, today),
        "error": error,
        "form": form or ReasonForm(),
        "is_own": case.proposed_by_id == request.user.pk,
        "is_void": not missing
        and case.stage != "draft"
        and operations.fingerprint_of(case) != case.fingerprint,
        "leaves_in": case.environment.creditor.hold_seconds // 60,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, f"collection/case_{page}.html", context, status=status)


def _promise(case: Any, today: dt.date) -> Any:
    promise = standing_promise(case.claim, today=today)
    return promise_words(promise) if promise else None
