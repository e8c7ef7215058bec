"""Room: the page on which an administrator writes a rule down that the portal does not know yet."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ropo_portal.errors import DomainError
from ropo_portal.rules import operations
from ropo_portal.rules.forms import NewRuleForm
from ropo_portal.rules.models import KINDS, DatedRule
from ropo_portal.rules.views.lines import TITLES
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires

UNPROCESSABLE = 422


@requires("rules.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a rule of one kind."""
    if kind not in KINDS:
        raise Http404
    scope: Any = request.scope  # type: ignore[attr-defined]
    country = scope.environment.country if scope.environment else "FI"
    posted = request.POST if request.method == "POST" else None
    form = NewRuleForm(posted, rule=KINDS[kind](), initial={"country": country})
    rule = _added(form, scope.user) if form.is_bound and form.is_valid() else None
    if rule:
        return htmx.tell(
            request, htmx.redirect(request, "rules:detail", kind, rule.pk), _("The rule was added.")
        )
    context = {"form": form, "kind": kind, "title": TITLES[kind]}
    return render(request, "rules/rule_new.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _added(form: NewRuleForm, actor: Any) -> DatedRule | None:
    days = {name: form.cleaned_data[name] for name in ("valid_from", "valid_to", "source", "check_by")}
    try:
        return operations.add_rule(
            kind=type(form.rule), values=form.values(), **days, actor=actor, at=timezone.now()
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return None
