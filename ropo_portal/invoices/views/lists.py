"""Room: finding invoices."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from ropo_portal.invoices import search
from ropo_portal.invoices.forms import FilterForm
from ropo_portal.invoices.forms.filters import STATES
from ropo_portal.invoices.views import listing
from ropo_portal.invoices.views.desk import scope_of, working_environment
from ropo_portal.parties.models import Debtor
from ropo_portal.ui import htmx, paging, states
from ropo_portal.ui.access import requires, scoped_object

NEWEST = ("-created_at", "-id")
BY_DUE_DATE = ("due_date", "id")
SHOWN_OF_DEBTOR = 10
BY_DAY = {"due_from", "due_to", "late"}
# What a row of the list prints, and what turning the page asks of it: a third of what three tables hold.
PRINTED = (
    "environment", "number", "reference", "invoice_date", "due_date", "channel", "net_amount", "vat_amount",
    "total_amount", "created_at", "discarded_at", "debtor__creditor", "debtor__name", "debtor__city",
    "debtor__customer_number", "debtor__merged_into", "submission__state", "submission__due_at",
)  # fmt: skip


@requires("document.view")
@require_GET
def invoices(request: HttpRequest) -> HttpResponse:
    """List the invoices of the chosen environment, newest first, or by due date when a range is given."""
    environment = working_environment(request, "document.view")
    form = FilterForm(request.GET, environment=environment)
    filters = form.filters()
    found = listing.rows(form, environment, environment.today(timezone.now()))
    order = BY_DUE_DATE if BY_DAY & set(filters) else NEWEST
    may_edit = scope_of(request).may("invoice.edit", environment.creditor_id)
    context = {
        "page": paging.page(found.only(*PRINTED), order=order, cursor=request.GET.get("cursor")),
        "form": form,
        "filters": filters,
        "query": form.address(),
        "count": paging.count_up_to(found) if filters else "",
        "chips": _chips(form),
        "currency": environment.currency,
        "may_edit": may_edit,
        "sendable": paging.count_up_to(search.to_send(found, environment_id=environment.pk))
        if may_edit
        else None,
    }
    return htmx.render(request, "invoices/invoice_list.html", "invoices/_invoices.html", context)


@requires("document.view")
@require_GET
def counters(request: HttpRequest) -> HttpResponse:
    """Count and sum each state; fetched after the list, so that the list never waits for it."""
    environment = working_environment(request, "document.view")
    found = search.counts(listing.everything(environment), environment_id=environment.pk)
    form = FilterForm(request.GET, environment=environment)
    most = max((number for _state, number, _total in found), default=0) or 1
    cards = [_card(state, number, total, most, form) for state, number, total in found]
    return render(request, "invoices/_counters.html", {"cards": cards, "currency": environment.currency})


@requires("document.view")
@require_GET
def of_debtor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a debtor's newest invoices: a piece of another page, or a page of its own."""
    debtor = scoped_object(request, Debtor, pk, "document.view")
    found = debtor.invoices.filter(discarded_at=None).select_related("submission", "environment__creditor")
    shown = list(found.order_by("-invoice_date", "-id")[: SHOWN_OF_DEBTOR + 1])
    context = {
        "invoices": shown[:SHOWN_OF_DEBTOR],
        "has_more": len(shown) > SHOWN_OF_DEBTOR,
        "debtor": debtor,
        "may_edit": scope_of(request).may("invoice.edit", debtor.creditor_id),
    }
    return htmx.render(request, "invoices/of_debtor.html", "invoices/_of_debtor.html", context)


def _chips(form: FilterForm) -> list[dict[str, Any]]:
    chosen = form.filters().get("state", "")
    return [
        {
            "label": label,
            "href": f"?{form.address(state='' if chosen == state else state) or 'all=1'}",
            "is_on": chosen == state,
            "tone": states.look(state).tone,
            "key": str(place),
        }
        for place, (state, label) in enumerate(STATES, start=1)
    ]


def _card(state: str, number: int, total: Any, most: int, form: FilterForm) -> dict[str, Any]:
    look = states.look(state)
    return {
        "label": look.label,
        "number": paging.CappedCount(min(number, search.COUNTED), number > search.COUNTED),
        "total": total,
        "href": f"?{form.address(state=state)}",
        "tone": look.tone,
        "share": round(100 * number / most),
    }
