"""Room: the search box of every page. What is typed travels in the body alone: it may be a personal identity code."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from ropo_portal.finding import search
from ropo_portal.money import format_money
from ropo_portal.ui import htmx, states
from ropo_portal.ui.access import requires

SUGGESTED, SHOWN = 5, 20
SHORTEST = 2
ROUTES = {
    "invoice": "invoices:detail",
    "claim": "collection:claim",
    "debtor": "parties:debtor-detail",
    "submission": "submissions:detail",
}
TITLES = {
    "invoice": _("Invoices"),
    "claim": _("Claims"),
    "debtor": _("Debtors"),
    "submission": _("Submissions"),
}


@requires("document.view")
@require_http_methods(["GET", "POST"])
def everywhere(request: HttpRequest) -> HttpResponse:
    """Show what fits; a single thing that is called exactly so is opened at once."""
    question = search.Question.of(request.POST.get("q", ""), request.scope)  # type: ignore[attr-defined]
    groups = search.found(question, most=SHOWN)
    one = search.the_one(question, groups)
    if one is not None:
        return htmx.redirect(request, ROUTES[one[0]], one[1].pk)
    context = {"question": question, "groups": [_shown(question, group) for group in groups]}
    return render(request, "finding/everywhere.html", context)


@requires("document.view")
@require_POST
def suggestions(request: HttpRequest) -> JsonResponse:
    """Suggest while typing."""
    question = search.Question.of(request.POST.get("q", ""), request.scope)  # type: ignore[attr-defined]
    groups = search.found(question, most=SUGGESTED) if len(question.text) >= SHORTEST else []
    shown = [_shown(question, group) for group in groups]
    return JsonResponse({"groups": [{**group, "title": str(group["title"])} for group in shown]})


def _shown(question: search.Question, group: search.Group) -> dict[str, Any]:
    return {
        "kind": group.kind,
        "title": TITLES[group.kind],
        "has_more": group.has_more,
        "hits": [_hit(question, group.kind, row) for row in group.rows],
    }


def _hit(question: search.Question, kind: str, row: Any) -> dict[str, str]:
    words = _words_of_debtor(row) if kind == "debtor" else _words_of_document(question, kind, row)
    label = row.name if kind == "debtor" else row.number
    return {
        "url": reverse(ROUTES[kind], args=[row.pk]),
        "label": label,
        "hint": " · ".join(filter(None, [*words, _place(question, row)])),
    }


def _words_of_debtor(row: Any) -> list[str]:
    return [row.customer_number, row.business_id, row.city]


def _words_of_document(question: search.Question, kind: str, row: Any) -> list[str]:
    language = get_language() or "en"
    currency = next(one.currency for one in question.environments if one.pk == row.environment_id)
    if kind == "submission":
        state = str(states.look(row.state).label)
        job = pgettext("Ropo's job number", "job %s") % row.ropo_job_id if row.ropo_job_id else ""
        return [
            row.recipient,
            format_money(row.amount, currency, language),
            row.get_kind_display(),
            state,
            job,
        ]
    amount = row.total_amount if kind == "invoice" else row.principal
    state = str(states.look(row.state).label) if kind == "invoice" else ""
    return [row.debtor.name, format_money(amount, currency, language), state]


def _place(question: search.Question, row: Any) -> str:
    """Name the creditor where several are searched, and the environment where the creditor has several."""
    if len(question.environments) == 1:
        return ""
    own = [one for one in question.environments if one.creditor_id == row.creditor_id]
    if not hasattr(row, "environment_id"):
        return own[0].creditor.name if len(question.creditor_ids) > 1 else ""
    return str(next(one for one in own if one.pk == row.environment_id))
