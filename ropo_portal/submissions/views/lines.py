"""Room: the lines to Ropo: what waits in each environment, pausing, resuming, testing."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import DomainError
from ropo_portal.submissions import operations
from ropo_portal.submissions.forms import DecisionForm, ShortReasonForm
from ropo_portal.submissions.models import SendingSwitch, Submission
from ropo_portal.submissions.views import answers
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

UNPROCESSABLE = 422
# Sweeps that may be missed before the page says so, and the shortest silence worth a word.
MISSED_SWEEPS = 6
SHORTEST_SILENCE = 60.0
State = Submission.State
COUNTED = (State.QUEUED, State.SENDING, State.UNCONFIRMED, State.HELD)


@dataclass
class Line:
    """One environment with what waits in it and what the reader may do."""

    environment: CreditorEnvironment
    counts: Counter[str]
    form: DecisionForm
    may_pause: bool
    may_resume: bool
    is_resting: bool
    trouble: str = field(default="")


@requires("document.view")
@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Show every line of the reader's creditors, and whether the worker is awake."""
    return _page(request)


@requires("environment.pause")
@require_POST
def pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop one environment's line, with a reason."""
    environment = scoped_object(request, CreditorEnvironment, pk, "environment.pause")
    form = ShortReasonForm(request.POST, auto_id=f"pause_{pk}_%s")
    if not form.is_valid():
        return _page(request, form=(pk, form))
    reason = form.cleaned_data["reason"]
    operations.pause_environment(environment=environment, reason=reason, **answers.who(request))
    return _back(request, _("Paused: nothing leaves from here until somebody resumes it."))


@requires("environment.resume")
@require_POST
def resume(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open one environment's line again."""
    environment = scoped_object(request, CreditorEnvironment, pk, "environment.resume")
    operations.resume_environment(environment=environment, **answers.who(request))
    return _back(request, _("Resumed: what waits leaves now."))


@requires("environment.pause")
@require_POST
def check_connection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Log in once with the stored credentials and say whether they work."""
    environment = scoped_object(request, CreditorEnvironment, pk, "environment.pause")
    try:
        operations.check_connection(environment=environment, **answers.who(request))
    except DomainError as refusal:
        return _page(request, trouble=(pk, str(refusal.message)))
    return _back(request, _("The connection works: Ropo One took the credentials."))


def _page(
    request: HttpRequest,
    *,
    form: tuple[uuid.UUID, DecisionForm] | None = None,
    trouble: tuple[uuid.UUID, str] | None = None,
) -> HttpResponse:
    at = timezone.now()
    switch = SendingSwitch.objects.filter(pk=1).first() or SendingSwitch()
    found = _lines(request, at)
    for line in found:
        if form and line.environment.pk == form[0]:
            line.form = form[1]
        if trouble and line.environment.pk == trouble[0]:
            line.trouble = trouble[1]
    context = {"lines": found, "switch": switch, "silence": silent_minutes(switch, at)}
    return render(
        request, "submissions/line_list.html", context, status=UNPROCESSABLE if form or trouble else 200
    )


def silent_minutes(switch: SendingSwitch, at: dt.datetime) -> int | None:
    """Return for how many minutes no worker has swept; -1 when none ever did, None while all is well."""
    if switch.last_sweep_at is None:
        return -1
    silence = (at - switch.last_sweep_at).total_seconds()
    longest = max(settings.SWEEP_INTERVAL * MISSED_SWEEPS, SHORTEST_SILENCE)
    return max(1, int(silence // 60)) if silence > longest else None


def _lines(request: HttpRequest, at: dt.datetime) -> list[Line]:
    scope: Any = request.scope  # type: ignore[attr-defined]
    # Read anew: an act of this request may have changed them.
    rows = CreditorEnvironment.objects.visible_to(scope).filter(creditor__is_active=True)
    environments = list(rows.select_related("creditor", "status_line").order_by("creditor__name", "name"))
    counts = _counts(environments)
    return [
        Line(
            environment=environment,
            counts=counts[environment.pk],
            form=ShortReasonForm(auto_id=f"pause_{environment.pk}_%s"),
            may_pause=scope.may("environment.pause", environment.creditor_id),
            may_resume=scope.may("environment.resume", environment.creditor_id),
            is_resting=bool(environment.blocked_until and environment.blocked_until > at),
        )
        for environment in environments
    ]


def _counts(environments: list[CreditorEnvironment]) -> dict[uuid.UUID, Counter[str]]:
    rows = Submission.objects.filter(
        environment__in=environments, state__in=COUNTED, written_off_at=None
    ).order_by()
    counts: dict[uuid.UUID, Counter[str]] = {environment.pk: Counter() for environment in environments}
    for environment_id, state, number in rows.values_list("environment_id", "state").annotate(Count("pk")):
        counts[environment_id][state] = number
    return counts


def _back(request: HttpRequest, words: Any) -> HttpResponse:
    """Go back to the page that asked, or to the lines."""
    wish = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure())
    return htmx.tell(request, htmx.redirect(request, wish if wish and is_ours else "submissions:line"), words)
