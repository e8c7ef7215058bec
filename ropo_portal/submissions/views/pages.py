"""Room: looking at submissions: the list, one of them, its panel, its whole message."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.submissions import operations
from ropo_portal.submissions.forms import ShortReasonForm, SubmissionFilter
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.views import answers, dossier, listing
from ropo_portal.ui import htmx, navigation, paging, states
from ropo_portal.ui.access import requires, scoped_object
from ropo_portal.ui.counting import count_known

ORDER = ("-queued_at", "-id")
NO_CONTENT = 204
State = Submission.State
# Few by their nature, so that they may be counted on every page; the others grow for ever.
COUNTED = (State.QUEUED, State.SENDING, State.UNCONFIRMED, State.HELD)

# 1 to 6 on the way from the queue to the end, 7 what waits for a person.
BY_KEY = (*(state for state in State if state != State.HELD), State.HELD)


@requires("document.view")
@require_GET
def submissions(request: HttpRequest) -> HttpResponse:
    """List the submissions of the chosen environment, newest first."""
    scope: Any = request.scope  # type: ignore[attr-defined]
    environment = scope.environment
    form = SubmissionFilter(request.GET, creditor_id=environment.creditor_id if environment else None)
    found = listing.rows(form, environment)
    context = {
        "page": paging.page(found, order=ORDER, cursor=request.GET.get("cursor")),
        "form": form,
        "chips": _chips(form, environment),
        "filters": form.address(),
        "is_filtered": bool(form.filters()),
        "count": paging.count_up_to(found) if form.filters() else "",
        "may_withdraw": environment and scope.may("invoice.withdraw", environment.creditor_id),
    }
    return htmx.render(
        request, "submissions/submission_list.html", "submissions/_submission_rows.html", context
    )


@requires("document.view")
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one submission: how it stands, what was said and answered, and what may be decided."""
    row = scoped_object(request, Submission, pk, "document.view")
    return answers.page(request, answers.fresh(row))


@requires("document.view")
@require_GET
def panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how it stands; a panel that asks with its mark gets an answer only when there is something new."""
    row = answers.fresh(scoped_object(request, Submission, pk, "document.view"))
    context = dossier.panel(request, row)
    seen = request.GET.get("seen")
    if seen == context["mark"]:
        return HttpResponse(status=NO_CONTENT)
    response = htmx.render(request, "submissions/_panel.html", "submissions/_panel.html", context)
    if seen is None:
        return response
    return answers.announced(row, htmx.toast(response, context["standing"].sentence, _level(row)))


@requires("debtor.view_national_id")
@require_POST
def reveal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the whole message once, to somebody who says why."""
    row = answers.fresh(scoped_object(request, Submission, pk, "debtor.view_national_id"))
    form = ShortReasonForm(request.POST, auto_id="reveal_%s")
    if form.is_valid():
        try:
            whole = operations.reveal_message(submission=row, **form.cleaned_data, **answers.who(request))
            return answers.page(request, row, everything=whole)
        except DomainError as refusal:
            form.refuse(refusal)
    return answers.page(request, row, status=answers.UNPROCESSABLE, reveal_form=form)


def waiting(scope: Any) -> int:
    """Count what waits for a person, or for an answer nobody got: the number in the sidebar."""
    ids = [environment.pk for environment in scope.environments]
    return count_known("submissions", _waiting, ids, most=999) if ids else 0


def _waiting(environment_ids: Sequence[uuid.UUID]) -> Any:
    rows = Submission.objects.filter(environment_id__in=environment_ids, written_off_at=None)
    return rows.filter(state__in=[State.UNCONFIRMED, State.HELD])


navigation.count_with("submissions:list", waiting)


def _level(row: Submission) -> str:
    levels = {
        State.ACCEPTED: "success",
        State.REJECTED: "error",
        State.UNCONFIRMED: "warning",
        State.HELD: "warning",
    }
    return levels.get(State(row.state), "info")


def _chips(form: SubmissionFilter, environment: Any) -> list[dict[str, Any]]:
    rows = Submission.objects.filter(
        environment=environment, state__in=COUNTED, written_off_at=None
    ).order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    chosen = form.filters().get("state", "")
    every = {"label": _("All"), "href": f"?{form.address(state='') or 'all=1'}"}
    chips: list[dict[str, Any]] = [{**every, "is_on": not chosen, "key": "0"}]
    for key, state in enumerate(BY_KEY, start=1):
        look = states.look(state)
        chip = {
            "label": look.label,
            "href": f"?{form.address(state=state.value)}",
            "is_on": chosen == state.value,
        }
        chips.append({**chip, "tone": look.tone, "key": str(key), "count": counts.get(state) or ""})
    return chips
