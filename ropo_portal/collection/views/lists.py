"""Room: finding claims, the most overdue first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.collection import operations, search
from ropo_portal.collection.forms import FilterForm
from ropo_portal.collection.forms.claims import GROUPS
from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.collection.views import listing
from ropo_portal.collection.views.desk import scope_of, who, working_environment
from ropo_portal.invoices.models import Claim
from ropo_portal.ui import htmx, paging
from ropo_portal.ui.access import requires

BY_DUE_DATE = ("due_date", "id")
TONES = {"reminder": "queued", "collection": "held", "ropo": "accepted", "foreign": "draft"}


@requires("document.view")
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """List the claims of the chosen environment by due date; the chips ask which step they wait for."""
    environment = working_environment(request, "document.view")
    today = environment.today(timezone.now())
    form = FilterForm(request.GET)
    filters = form.filters()
    found = listing.rows(form, environment, today)
    counts = _counts(environment, today)
    page = paging.page(found.listed(), order=BY_DUE_DATE, cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "rows": _rows(page, environment, today),
        "form": form,
        "filters": filters,
        "query": form.address(),
        "count": _count(found, filters, counts),
        "chips": _chips(form, counts),
        "currency": environment.currency,
        "may_edit": scope_of(request).may("collection.edit", environment.creditor_id),
    }
    return htmx.render(request, "collection/claim_list.html", "collection/_claims.html", context)


@requires("collection.edit")
@require_POST
def gather(request: HttpRequest) -> HttpResponse:
    """Open the claims of our own invoices that have fallen due."""
    environment = working_environment(request, "collection.edit")
    opened = operations.gather_overdue(environment=environment, **who(request))
    text = ngettext("%(count)s overdue invoice was added.", "%(count)s overdue invoices were added.", opened)
    response = htmx.redirect(request, "collection:list")
    return htmx.tell(request, response, text % {"count": opened}, "success" if opened else "info")


def _rows(page: Any, environment: Any, today: Any) -> list[dict[str, Any]]:
    """Put beside each claim its newest document, with two questions for the whole page."""
    for claim in page.rows:
        claim.environment = environment
    found: dict[Any, Any] = {}
    for model in (Reminder, DebtCollectionCase):
        kept: Any = model.objects.kept().filter(claim__in=[claim.pk for claim in page.rows])
        found |= {one.claim_id: one for one in kept.select_related("submission").defer("submission__payload")}
    return [_row(claim, found.get(claim.pk), max((today - claim.due_date).days, 0)) for claim in page.rows]


def _row(claim: Claim, document: Any, late: int) -> dict[str, Any]:
    owed = claim.open_amount
    if not owed:
        badge = "paid"
    elif document is not None:
        badge = document.state
    else:
        badge = "overdue" if late else ""
    return {
        "claim": claim,
        "owed": owed,
        "late": late,
        "is_late": late > 0,
        "step": document.step_words if document is not None else "",
        "badge": badge,
    }


def _counts(environment: Any, today: Any) -> dict[str, Any]:
    """Count what the chips say."""
    ripe = search.counted(environment=environment, today=today)
    return {group: paging.count_up_to(rows) for group, rows in ripe.items()}


def _count(found: Any, filters: dict[str, Any], counts: dict[str, Any]) -> Any:
    """Count what the form asks for, unless a chip says it already."""
    if not filters:
        return ""
    known = counts.get(filters.get("group", "")) if len(filters) == 1 else None
    return known or paging.count_up_to(found)


def _chips(form: FilterForm, counts: dict[str, Any]) -> list[dict[str, Any]]:
    chosen = form.filters().get("group", "")
    return [
        {
            "label": label,
            "href": f"?{form.address(group='' if chosen == group else group) or 'all=1'}",
            "is_on": chosen == group,
            "tone": TONES[group],
            "key": str(place),
            "count": counts.get(group, ""),
        }
        for place, (group, label) in enumerate(GROUPS, start=1)
    ]
