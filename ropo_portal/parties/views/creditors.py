"""Room: the pages of creditors and of their environments."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ropo_portal.accounts import operations
from ropo_portal.accounts.models import Creditor, CreditorEnvironment, LiveSwitch
from ropo_portal.parties.forms.creditors import CredentialsForm, CreditorForm, EnvironmentForm
from ropo_portal.parties.forms.fields import CheckedForm
from ropo_portal.parties.views.scoping import done, posted, scope_of
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

UNPROCESSABLE = 422


@requires("creditor.list")
@require_GET
def creditors(request: HttpRequest) -> HttpResponse:
    """List the reader's creditors with their environments."""
    scope = scope_of(request)
    rows = Creditor.objects.visible_to(scope).prefetch_related("environments").order_by("name", "id")
    return render(
        request, "parties/creditor_list.html", {"creditors": rows, "may_create": scope.may("creditor.create")}
    )


@requires("document.view")
@require_GET
def detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """Show a creditor and where its documents go."""
    creditor = scoped_object(request, Creditor, pk, "document.view")
    scope = scope_of(request)
    open_switches = LiveSwitch.objects.filter(ended_at=None).select_related("proposed_by", "confirmed_by")
    found = creditor.environments.select_related("creditor").order_by("name")
    environments = list(found.prefetch_related(Prefetch("live_switches", open_switches, "open_switches")))
    context = {
        "creditor": creditor,
        "environments": environments,
        "can_add": bool(creditor.environment_names_left()),
        "may_edit": scope.may("creditor.edit", creditor.pk),
        "may_manage": scope.may("member.edit", creditor.pk),
        "may_set_credentials": scope.may("creditor.credentials", creditor.pk),
        "may_propose": scope.may("environment.propose_live", creditor.pk),
        "may_confirm": scope.may("environment.confirm_live", creditor.pk),
        "may_switch_off": scope.may("environment.switch_off", creditor.pk),
        "reader_id": scope.user.pk,
    }
    return render(request, "parties/creditor_detail.html", context)


@requires("creditor.create")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Create a creditor, which begins with a sandbox and with its creator as administrator."""
    form, at = CreditorForm(posted(request)), timezone.now()
    if form.is_bound and form.is_valid():
        values = form.values()
        creditor = done(
            form, lambda: operations.create_creditor(values=values, actor=scope_of(request).user, at=at)
        )
        if creditor:
            return _back(request, creditor, _("The creditor was created, with a sandbox to try things in."))
    return _form(request, "creditor_form", form, {"title": _("New creditor")})


@requires("creditor.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: Any) -> HttpResponse:
    """Change a creditor's facts."""
    creditor = scoped_object(request, Creditor, pk, "creditor.edit")
    form, at = CreditorForm(posted(request), creditor=creditor), timezone.now()
    if form.is_bound and form.is_valid():
        values = form.values()
        if done(
            form,
            lambda: operations.change_creditor(
                creditor=creditor, values=values, actor=scope_of(request).user, at=at
            ),
        ):
            return _back(request, creditor, _("The creditor was saved."))
    return _form(request, "creditor_form", form, {"title": creditor.name, "creditor": creditor})


@requires("creditor.credentials")
@require_http_methods(["GET", "POST"])
def add_environment(request: HttpRequest, pk: Any) -> HttpResponse:
    """Add one of the fixed environments."""
    creditor = scoped_object(request, Creditor, pk, "creditor.credentials")
    form, at = EnvironmentForm(posted(request), creditor=creditor), timezone.now()
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        environment = done(
            form,
            lambda: operations.add_environment(
                creditor=creditor, name=name, actor=scope_of(request).user, at=at
            ),
        )
        if environment:
            return htmx.redirect(request, "parties:environment-credentials", environment.pk)
    return _form(request, "environment_form", form, {"title": _("Add an environment"), "creditor": creditor})


@requires("creditor.credentials")
@require_http_methods(["GET", "POST"])
def credentials(request: HttpRequest, pk: Any) -> HttpResponse:
    """Set an environment's pair of credentials, which is never shown again."""
    environment = scoped_object(request, CreditorEnvironment, pk, "creditor.credentials")
    form, at = CredentialsForm(posted(request), initial={"cid": environment.cid}), timezone.now()
    if form.is_bound and form.is_valid():
        pair = form.cleaned_data
        if done(
            form,
            lambda: operations.set_credentials(
                environment=environment, **pair, actor=scope_of(request).user, at=at
            ),
        ):
            return _back(
                request, environment.creditor, _("The credentials were stored. Now test the connection.")
            )
    context = {"title": _("Credentials"), "creditor": environment.creditor, "environment": environment}
    return _form(request, "credentials_form", form, context)


def _back(request: HttpRequest, creditor: Creditor, words: str) -> HttpResponse:
    return htmx.tell(request, htmx.redirect(request, "parties:creditor-detail", creditor.pk), words)


def _form(request: HttpRequest, name: str, form: CheckedForm, context: dict[str, Any]) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, f"parties/{name}.html", {**context, "form": form}, status=status)
