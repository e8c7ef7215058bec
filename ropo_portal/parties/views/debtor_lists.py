"""Room: finding debtors: the list, and the suggestions under a field."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ropo_portal.identifiers import is_personal_id
from ropo_portal.parties.forms.filters import DebtorFilter
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.secrecy import hides_address
from ropo_portal.parties.views import listing
from ropo_portal.parties.views.scoping import scope_of, working_creditor
from ropo_portal.ui import htmx, paging
from ropo_portal.ui.access import requires

MOST_OPTIONS = 12
LONGEST_QUERY = 200
ORDER = ("search_name", "id")


@requires("document.view")
@require_GET
def debtors(request: HttpRequest) -> HttpResponse:
    """List the chosen creditor's debtors, with search while typing."""
    creditor = working_creditor(request, "document.view")
    form = DebtorFilter(request.GET)
    query = form.filters().get("q", "")
    found = listing.rows(form, creditor).with_protection(on=timezone.now().date())
    context = {
        "page": paging.page(found, order=ORDER, cursor=request.GET.get("cursor")),
        "form": form,
        "query": query,
        "filters": form.address(),
        "count": paging.count_up_to(found) if form.filters() else "",
        "chips": _chips(form),
        "may_edit": scope_of(request).may("debtor.edit", creditor.pk),
    }
    response = htmx.render(request, "parties/debtor_list.html", "parties/_debtor_rows.html", context)
    if is_personal_id(query):  # an identity code has no place in addresses that a browser remembers
        response["HX-Push-Url"] = "false"
    return response


@requires("document.view")
@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """Suggest debtors for a field: as JSON for the combobox, as a fragment otherwise."""
    creditor = working_creditor(request, "document.view")
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    found = list(
        Debtor.objects.filter(creditor=creditor).kept().matching(query).order_by(*ORDER)[:MOST_OPTIONS]
    )
    if request.accepts("text/html"):
        return render(request, "parties/_debtor_options.html", {"debtors": found})
    return JsonResponse({"options": [_option(request, debtor) for debtor in found]})


def _option(request: HttpRequest, debtor: Debtor) -> dict[str, str]:
    city = "" if hides_address(request, debtor) else debtor.city
    hint = " · ".join(filter(None, (debtor.shown_id or debtor.customer_number, city)))
    return {"value": str(debtor.pk), "label": debtor.name, "hint": hint}


def _chips(form: DebtorFilter) -> list[dict[str, Any]]:
    chosen = form.filters().get("kind", "")
    choices = [("", _("All")), *Debtor.Kind.choices]
    return [
        {"label": label, "href": f"?{form.address(kind=value) or 'all=1'}", "is_on": chosen == value}
        for value, label in choices
    ]
