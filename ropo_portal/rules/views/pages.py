"""Room: the list of rules by country, the page of one rule, and the two ways to keep it."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.rules import operations
from ropo_portal.rules.forms import ChangeForm, CheckForm, RuleForm
from ropo_portal.rules.models import KINDS, Country, DatedRule
from ropo_portal.rules.views.lines import Line, country_name, line_of, sections
from ropo_portal.ui import htmx, navigation
from ropo_portal.ui.access import requires

EDIT = "rules.edit"
UNPROCESSABLE = 422
LONGEST_TIMELINE = 50
# What may be added, as the buttons say it.
KIND_WORDS = (
    ("waiting", gettext_lazy("Waiting time")),
    ("fees", gettext_lazy("Fee cap")),
    ("interest", gettext_lazy("Interest rate")),
    ("vat", gettext_lazy("VAT rate")),
)


@requires("document.view")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules of one country that hold today or will, or those of all countries that need a check."""
    today, scope = _today(), _scope(request)
    lines = [line_of(rule, today) for kind in KINDS.values() for rule in _all(kind).not_over(today)]
    doubtful = [line for line in lines if line.standing != "checked"]
    country = _country(request)
    chosen = [line for line in lines if line.rule.country == country] if country else doubtful
    context = {
        "chips": _chips(lines, doubtful, country),
        "sections": sections(chosen),
        "shows_country": not country,
        "doubtful": len(doubtful),
        "may_edit": scope.may(EDIT),
        "kinds": KIND_WORDS,
        "due": operations.due_among([line.rule for line in lines], on=today) if scope.may(EDIT) else [],
        "turn": operations.next_turn(today),
        "today": today,
    }
    return htmx.render(request, "rules/rule_list.html", "rules/_rules.html", context)


@requires("document.view")
@require_GET
def detail(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Show a rule with what it was before and what it will be."""
    rule, today, scope = _rule(kind, pk), _today(), _scope(request)
    family = list(_all(type(rule)).same_thing(rule))
    may_read = scope.may("history.view")
    context = {
        "line": line_of(rule, today),
        "country": country_name(rule.country),
        "family": [line_of(one, today) for one in reversed(family)],
        "events": _events(family) if may_read else None,
        "may_edit": scope.may(EDIT),
        "is_over": rule.valid_to is not None and rule.valid_to < today and rule is not family[-1],
        "today": today,
    }
    return render(request, "rules/rule_detail.html", context)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Confirm a rule as it stands."""
    rule, at = _rule(kind, pk), timezone.now()
    form = CheckForm(_posted(request), rule=rule)

    def act() -> DatedRule:
        return operations.check_rule(rule=rule, **form.cleaned_data, actor=_scope(request).user, at=at)

    return _answer(request, form, act, "rules/rule_check.html", _("The rule is marked as checked."))


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Let a new rule follow from a day on."""
    rule, at = _rule(kind, pk), timezone.now()
    form = ChangeForm(_posted(request), rule=rule)

    def act() -> DatedRule:
        data = form.cleaned_data
        facts = {name: data[name] for name in ("valid_from", "valid_to", "source", "check_by", "reason")}
        return operations.change_rule(
            rule=rule, values=form.values(), **facts, actor=_scope(request).user, at=at
        )

    return _answer(request, form, act, "rules/rule_change.html", _("The new rule was saved."))


def _answer(
    request: HttpRequest, form: RuleForm, act: Callable[[], DatedRule], template: str, words: str
) -> HttpResponse:
    """Draw the form, or do the act and go to the rule's page; a refusal comes back inside the form."""
    line = line_of(form.rule, _today())
    if form.is_bound and form.is_valid():
        try:
            saved = act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return htmx.tell(request, htmx.redirect(request, "rules:detail", line.kind, saved.pk), words)
    context = {"form": form, "line": line, "country": country_name(form.rule.country)}
    return render(request, template, context, status=UNPROCESSABLE if form.is_bound else 200)


def _rule(kind: str, pk: uuid.UUID) -> DatedRule:
    if kind not in KINDS:
        raise Http404
    rule: DatedRule = get_object_or_404(_all(KINDS[kind]), pk=pk)
    return rule


def _all(kind: Any) -> Any:
    return kind.objects.all()


def _country(request: HttpRequest) -> str:
    """Give the country asked for; nothing means all that needs a check; at first, that of the chosen environment."""
    asked = request.GET.get("country")
    environment = _scope(request).environment
    if asked is None and environment is not None:
        return str(environment.country)
    return asked if asked in Country.values else ""


def _chips(lines: list[Line], doubtful: list[Line], country: str) -> list[dict[str, Any]]:
    here = reverse("rules:list")
    found = [
        {
            "label": label,
            "href": f"{here}?country={code}",
            "is_on": code == country,
            "count": sum(line.rule.country == code for line in lines),
        }
        for code, label in Country.choices
    ]
    label = _("To be checked")
    todo = {"label": label, "href": f"{here}?country=", "is_on": not country, "count": len(doubtful)}
    return [*found, {**todo, "tone": "unconfirmed"}]


def _events(family: list[DatedRule]) -> list[dict[str, Any]]:
    found = Entry.objects.filter(subject_id__in=[rule.pk for rule in family], creditor_id=None)
    return [
        {"title": entry.said, "at": entry.at, "by": entry.actor_label, "text": entry.reason, "state": "draft"}
        for entry in found.order_by("-at", "-sequence")[:LONGEST_TIMELINE]
    ]


def _scope(request: HttpRequest) -> Any:
    return request.scope  # type: ignore[attr-defined]


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _today() -> dt.date:
    return timezone.localdate()


def waiting(scope: Any) -> int:
    """Count the rules to be checked, for those who may check them."""
    return operations.doubtful_rules(_today()) if scope.may(EDIT) else 0


navigation.count_with("rules:list", waiting)
