"""Room: the lock of production on the creditor's page: propose, confirm, take back, switch off."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ropo_portal.accounts import operations
from ropo_portal.accounts.models import CreditorEnvironment, LiveSwitch
from ropo_portal.accounts.obstacles import why_not_live
from ropo_portal.errors import DomainError
from ropo_portal.parties.forms.creditors import LockForm
from ropo_portal.parties.views.scoping import done, posted, scope_of
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

UNPROCESSABLE = 422


@requires("environment.propose_live")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: Any) -> HttpResponse:
    """Ask, with a reason, to let an environment write to real people."""
    environment = scoped_object(request, CreditorEnvironment, pk, "environment.propose_live")
    form, at = LockForm(posted(request)), timezone.now()
    if form.is_bound and form.is_valid():
        reason, actor = form.cleaned_data["reason"], scope_of(request).user
        if done(
            form,
            lambda: operations.propose_live(environment=environment, reason=reason, actor=actor, at=at),
        ):
            return _back(request, environment, _("Proposed. Another person confirms it on this page."))
    why = why_not_live(environment, at=at)
    return _form(
        request, form, environment, {"title": _("Switch production live"), "is_opening": True, "why": why}
    )


@requires("environment.confirm_live")
@require_POST
def confirm(request: HttpRequest, pk: Any) -> HttpResponse:
    """Agree to a proposal, as the second person."""
    switch = scoped_object(request, LiveSwitch, pk, "environment.confirm_live")
    text = _("Production is live. What is sent from now on reaches real people.")
    return _acted(request, switch, operations.confirm_live, text)


@requires("environment.confirm_live")
@require_POST
def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take a proposal back, or turn it down."""
    switch = scoped_object(request, LiveSwitch, pk, "environment.confirm_live")
    return _acted(request, switch, operations.withdraw_live, _("The proposal was taken back."))


@requires("environment.switch_off")
@require_http_methods(["GET", "POST"])
def switch_off(request: HttpRequest, pk: Any) -> HttpResponse:
    """Lock production at once."""
    environment = scoped_object(request, CreditorEnvironment, pk, "environment.switch_off")
    form, at = LockForm(posted(request)), timezone.now()
    if form.is_bound and form.is_valid():
        reason, actor = form.cleaned_data["reason"], scope_of(request).user
        if done(
            form, lambda: operations.switch_off(environment=environment, reason=reason, actor=actor, at=at)
        ):
            return _back(request, environment, _("Production is locked. Nothing leaves any more."))
    return _form(request, form, environment, {"title": _("Lock production"), "is_opening": False})


def _acted(request: HttpRequest, switch: LiveSwitch, act: Callable[..., object], text: str) -> HttpResponse:
    at: dt.datetime = timezone.now()
    try:
        act(switch=switch, actor=scope_of(request).user, at=at)
    except DomainError as error:
        return _back(request, switch.environment, str(error.message), "error")
    return _back(request, switch.environment, text)


def _back(
    request: HttpRequest, environment: CreditorEnvironment, words: str, level: str = "success"
) -> HttpResponse:
    page = htmx.redirect(request, "parties:creditor-detail", environment.creditor_id)
    return htmx.tell(request, page, words, level)


def _form(
    request: HttpRequest, form: LockForm, environment: CreditorEnvironment, context: dict[str, Any]
) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    context |= {"form": form, "environment": environment, "creditor": environment.creditor}
    return render(request, "parties/lock_form.html", context, status=status)
