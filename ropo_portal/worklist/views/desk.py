"""Room: what every screen here needs: for whom, for which environments, and when."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode

from ropo_portal.worklist.kinds import GROUPS, Desk


def scope_of(request: HttpRequest) -> Any:
    """Give the request's scope."""
    return request.scope  # type: ignore[attr-defined]


def desk_of(request: HttpRequest, *, everywhere: bool | None = None) -> Desk:
    """Give the chosen environment, or with `all` those of every creditor of the reader."""
    scope = scope_of(request)
    every = request.GET.get("all") == "1" if everywhere is None else everywhere
    chosen = scope.environments if every else [one for one in (scope.environment,) if one is not None]
    return Desk(scope, tuple(chosen), timezone.now())


def query_of(request: HttpRequest, **changes: str) -> str:
    """Give the filters as an address, without the place in the list."""
    group = request.GET.get("group", "")
    kept = {
        "all": "1" if request.GET.get("all") == "1" else "",
        "group": group if group in GROUPS else "",
        "late": "1" if request.GET.get("late") == "1" else "",
    } | changes
    return urlencode({name: value for name, value in kept.items() if value})
