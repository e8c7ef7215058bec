"""Room: the page of practice: what is on, what may go wrong next, and what to do then."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import DomainError
from ropo_portal.training import gateway, operations, standing
from ropo_portal.training.desk import MOST_TIMES
from ropo_portal.training.forms import TimesForm
from ropo_portal.ui import htmx, navigation
from ropo_portal.ui.access import requires, scoped_object

PRACTICE = "training:practice"
navigation.show_when(PRACTICE, standing.is_offered)


@requires("practice.use")
@require_GET
def practice(request: HttpRequest) -> HttpResponse:
    """Show the menu for the chosen environment, or the way to one in which there is practice."""
    scope: Any = request.scope  # type: ignore[attr-defined]
    if not standing.is_offered(scope):
        raise Http404
    environment = scope.environment
    places = [one for one in scope.environments if standing.is_practice(one)]
    context: dict[str, Any] = {"environment": environment, "places": places}
    if environment in places and scope.may("practice.use", environment.creditor_id):
        context |= _menu(scope, environment)
    return render(request, "training/practice.html", context)


def _menu(scope: Any, environment: CreditorEnvironment) -> dict[str, Any]:
    desk, is_away = None, False
    if environment.cid:
        try:
            desk = gateway.look(environment.cid)
        except gateway.StandInAway:
            is_away = True
    menu = standing.progress(environment, desk=desk, user=scope.user)
    rows = [one for _group, lessons in menu for one in lessons]
    creditor_id = environment.creditor_id
    return {
        "menu": menu, "is_away": is_away, "is_ready": desk is not None,
        "waiting": [one for one in rows if one.waiting],
        "done": sum(one.is_done for one in rows), "total": len(rows),
        "may_open": not environment.cid and scope.may("creditor.credentials", creditor_id),
        "may_write": scope.may("invoice.edit", creditor_id) and standing.has_only_sandbox(environment),
        "control": f"{settings.SANDBOX_URL}/control" if scope.may("creditor.credentials", creditor_id) else "",
        "most": MOST_TIMES,
    }  # fmt: skip


@requires("practice.use")
@require_POST
def switch_on(request: HttpRequest, pk: Any, lesson: str) -> HttpResponse:
    """Let one thing of the menu go wrong."""
    form = TimesForm(request.POST)
    times = form.cleaned_data["times"] if form.is_valid() else 0

    def act(facts: dict[str, Any]) -> str:
        operations.set_fault(lesson=lesson, times=times, **facts)
        return ngettext("It will go wrong once.", "It will go wrong %(times)s times.", times) % {
            "times": times
        }

    return _done(request, pk, act)


@requires("practice.use")
@require_POST
def end(request: HttpRequest, pk: Any) -> HttpResponse:
    """End all faults."""

    def act(facts: dict[str, Any]) -> str:
        operations.end_faults(**facts)
        return _("Everything works again.")

    return _done(request, pk, act)


@requires("creditor.credentials")
@require_POST
def account(request: HttpRequest, pk: Any) -> HttpResponse:
    """Open an account at the stand-in."""

    def act(facts: dict[str, Any]) -> str:
        operations.open_account(**facts)
        return _("The sandbox has an account at the stand-in now.")

    return _done(request, pk, act, "creditor.credentials")


@requires("invoice.edit")
@require_POST
def papers(request: HttpRequest, pk: Any) -> HttpResponse:
    """Write drafts to practice with."""

    def act(facts: dict[str, Any]) -> str:
        number = len(operations.write_practice(**facts))
        return ngettext("%(number)s draft was written.", "%(number)s drafts were written.", number) % {
            "number": number
        }

    return _done(request, pk, act, "invoice.edit")


def _done(
    request: HttpRequest, pk: Any, act: Callable[[dict[str, Any]], str], action: str = "practice.use"
) -> HttpResponse:
    environment = scoped_object(request, CreditorEnvironment, pk, action)
    facts = {"environment": environment, "actor": request.user, "at": timezone.now()}
    level = "success"
    try:
        words: Any = act(facts)
    except DomainError as refusal:
        words, level = refusal.message, "warning"
    return htmx.tell(request, htmx.redirect(request, PRACTICE), words, level)
