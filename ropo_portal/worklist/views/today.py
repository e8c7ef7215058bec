"""Room: Today: what waits for somebody, the most damaging first, and the way from one row to the next."""

import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ropo_portal.ui import htmx, navigation, paging
from ropo_portal.ui.access import public, requires
from ropo_portal.ui.counting import count_known
from ropo_portal.worklist import walk
from ropo_portal.worklist.ageing import ageing, by_currency
from ropo_portal.worklist.beginning import first_steps
from ropo_portal.worklist.kinds import GROUPS, Desk, Row
from ropo_portal.worklist.lines import COUNTED
from ropo_portal.worklist.pulse import pulse
from ropo_portal.worklist.views.desk import desk_of, query_of, scope_of

# Rows looked at to find one that nobody else has taken.
AHEAD = 20


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Go to Today; who came to install the portal and belongs to nobody yet goes to where she can begin."""
    scope = scope_of(request)
    is_new = not scope.creditor_ids and scope.may("creditor.create")
    return redirect("parties:creditor-list" if is_new else "worklist:today")


@requires("document.view")
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show the list, its counters, and the strip beside it."""
    desk = desk_of(request)
    found = _look(request, desk, request.GET.get("cursor"))
    may_take = {one.creditor_id for one in desk.where("work.take")}
    query = query_of(request)
    for row in found.rows:
        row.url, row.hold = with_token(row, query), row.held_by(desk.user_id, may_take)
    context = {
        "rows": found.rows,
        "next": found.rows[-1].token if found.has_more and found.rows else "",
        "counters": _counters(request, found),
        "query": query,
        "is_all": request.GET.get("all") == "1",
        "is_filtered": bool(query_of(request, all="")),
        "switch_query": query_of(request, all="" if request.GET.get("all") == "1" else "1"),
        "here": request.get_full_path(),
    } | _strip(request, desk)
    return htmx.render(request, "worklist/today.html", "worklist/_work.html", context)


@requires("document.view")
@require_GET
def next_row(request: HttpRequest) -> HttpResponse:
    """Go to the next row that nobody else has taken, or back to the list when there is none."""
    desk = desk_of(request)
    found = walk.ahead(desk, **_filters(request), after=walk.read(request.GET.get("today")), size=AHEAD)
    free = (row for row in found if row.claim is None or row.claim.user_id == desk.user_id)
    row = next(free, None)
    if row is not None:
        return redirect(with_token(row, query_of(request)))
    response = htmx.redirect(request, f"{reverse('worklist:today')}?{query_of(request)}")
    return htmx.tell(request, response, _("That was the last row of the list."), "info")


def urgent(scope: Any) -> int:
    """Count what cannot wait, where the reader works now: the number in the sidebar."""
    here = scope.environment
    names = walk.told(Desk(scope, (here,), timezone.now())) if here else ()

    def write(keys: Sequence[uuid.UUID]) -> Any:
        return walk.urgent(names, environment_id=keys[0], reader=keys[1])

    return count_known(names, write, [here.pk, scope.user.pk], most=walk.URGENT) if names else 0


navigation.count_with("worklist:today", urgent)


def with_token(row: Row, query: str) -> str:
    """Give a row's address with its place in the list."""
    path, _hash, anchor = row.url.partition("#")
    mark = "&" if "?" in path else "?"
    return f"{path}{mark}today={row.token}{'&' if query else ''}{query}{'#' if anchor else ''}{anchor}"


def _filters(request: HttpRequest) -> dict[str, Any]:
    group = request.GET.get("group", "")
    return {"group": group if group in GROUPS else "", "only_late": request.GET.get("late") == "1"}


def _look(request: HttpRequest, desk: Desk, cursor: str | None) -> walk.Look:
    return walk.look(desk, **_filters(request), after=walk.read(cursor))


def _counters(request: HttpRequest, found: walk.Look) -> list[dict[str, Any]]:
    """Give a card for each group this reader has, and one for what is older than allowed."""
    numbers: Counter[str] = Counter()
    for tally in found.tallies:
        numbers[tally.kind.group] += tally.number
    late = sum(tally.late for tally in found.tallies)
    chosen, is_late = request.GET.get("group", ""), request.GET.get("late") == "1"
    cards = [
        _card(
            label,
            numbers[group],
            tone,
            query_of(request, group="" if chosen == group else group),
            chosen == group,
        )
        for group, (label, tone) in GROUPS.items()
        if group in numbers
    ]
    query = query_of(request, late="" if is_late else "1")
    return [*cards, _card(_("Older than allowed"), late, "rejected", query, is_late)]


def _card(label: Any, number: int, tone: str, query: str, is_on: bool) -> dict[str, Any]:  # noqa: FBT001
    capped = paging.CappedCount(min(number, COUNTED), number > COUNTED)
    return {
        "label": label,
        "number": capped,
        "is_zero": number == 0,
        "tone": tone,
        "href": f"?{query}",
        "is_on": is_on,
    }


def _strip(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    if htmx.wants_fragment(request):
        return {}
    return {
        "beginning": first_steps(scope_of(request)),
        "ages": by_currency(ageing(desk.environments, at=desk.at)),
        "pulse": pulse(desk.environments, at=desk.at),
        "sees_everything": len(scope_of(request).environments) > 1,
    }
