"""Room: how an act on a submission is answered: the panel, the page, or the next page with a sentence."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django_htmx.http import trigger_client_event

from ropo_portal.errors import DomainError
from ropo_portal.submissions.forms import DecisionForm
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.views import dossier
from ropo_portal.ui import htmx
from ropo_portal.ui.access import scoped_object

UNPROCESSABLE = 422
PANEL = "panel"
# What a page that shows the panel may listen for.
MOVED = "submission-moved"


def who(request: HttpRequest) -> dict[str, Any]:
    """Give what every operation is told last: who acts, and when."""
    return {"actor": request.user, "at": timezone.now()}


def page(request: HttpRequest, row: Submission, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Show the whole page of a submission, or its body for htmx."""
    context = dossier.page(request, row, **forms)
    return htmx.render(
        request, "submissions/submission_detail.html", "submissions/_dossier.html", context, status
    )


def panel(request: HttpRequest, row: Submission, *, status: int = 200) -> HttpResponse:
    """Show the panel alone."""
    return render(request, "submissions/_panel.html", dossier.panel(request, row), status=status)


def act(
    request: HttpRequest,
    pk: uuid.UUID,
    action: str,
    operation: Callable[..., object],
    words: str | Promise,
) -> HttpResponse:
    """Run one operation without a form; say what came of it where the reader stands."""
    row = scoped_object(request, Submission, pk, action)
    try:
        operation(submission=row, **who(request))
    except DomainError as refusal:
        return refused(request, fresh(row), refusal)
    return done(request, fresh(row), words)


def decide(
    request: HttpRequest,
    pk: uuid.UUID,
    action: str,
    forms: Mapping[str, DecisionForm],
    operation: Callable[..., object],
    words: str | Promise,
) -> HttpResponse:
    """Run one operation with what a form holds; a refusal goes to the form's field, and the page back with 422."""
    row = scoped_object(request, Submission, pk, action)
    [form] = forms.values()
    if form.is_valid():
        try:
            operation(submission=row, **form.cleaned_data, **who(request))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return done(request, fresh(row), words)
    return page(request, fresh(row), status=UNPROCESSABLE, **forms)


def done(request: HttpRequest, row: Submission, words: str | Promise) -> HttpResponse:
    """Answer an act that was done."""
    if not htmx.wants_fragment(request):
        return htmx.tell(request, htmx.redirect(request, "submissions:detail", row.pk), words)
    response = htmx.tell(request, _piece(request, row), words)
    return announced(row, response) if _is_panel(request) else response


def refused(request: HttpRequest, row: Submission, refusal: DomainError) -> HttpResponse:
    """Answer an act that was refused: the thing as it stands now, and the sentence."""
    if not htmx.wants_fragment(request):
        return page(request, row, status=UNPROCESSABLE, refusal=refusal.message)
    response = _piece(request, row, status=UNPROCESSABLE)
    return htmx.toast(response, refusal.message, "error")


def announced(row: Submission, response: HttpResponse) -> HttpResponse:
    """Tell the page around the panel that the submission has moved."""
    return trigger_client_event(response, MOVED, {"id": str(row.pk), "state": row.state})


def fresh(row: Submission) -> Submission:
    """Read the row anew: an operation locks and changes its own copy."""
    return Submission.objects.with_parties().select_related("posted_by", "previous").get(pk=row.pk)


def _piece(request: HttpRequest, row: Submission, *, status: int = 200) -> HttpResponse:
    return panel(request, row, status=status) if _is_panel(request) else page(request, row, status=status)


def _is_panel(request: HttpRequest) -> bool:
    return bool(request.htmx.target == PANEL)  # type: ignore[attr-defined]
