"""Room: remembers from which row of the work list a page was opened, so that the next one is a key away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from ropo_portal.worklist import walk
from ropo_portal.worklist.beginning import Beginning, first_steps

SESSION_KEY = "work"
# What stays of the list's own address: whose work, which kind, only the old.
KEPT = ("all", "group", "late")


@dataclass(frozen=True)
class Position:
    """Where the reader is in the list."""

    token: str
    query: str

    @property
    def next_url(self) -> str:
        """The way to the next row."""
        return f"{reverse('worklist:next')}?{urlencode({'today': self.token})}&{self.query}"

    @property
    def list_url(self) -> str:
        """The way back."""
        return f"{reverse('worklist:today')}?{self.query}"


class WorkMiddleware:
    """Set `request.work` on pages opened from the list, until another list is opened, and `request.beginning` on all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its position set."""
        request.work = None  # type: ignore[attr-defined]
        # Asked for by lists that are empty, and by no other page.
        scope: Any = request.scope  # type: ignore[attr-defined]
        request.beginning = SimpleLazyObject(lambda: Beginning(first_steps(scope)))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Read the position from the address, else from the session."""
        if not request.user.is_authenticated or request.method not in {"GET", "POST"}:
            return
        token = request.GET.get("today", "")
        if token and walk.read(token) is not None:
            query = urlencode({name: request.GET[name] for name in KEPT if request.GET.get(name)})
            request.session[SESSION_KEY] = [token, query]
        elif SESSION_KEY in request.session and _is_a_list(request):
            del request.session[SESSION_KEY]
        if SESSION_KEY in request.session:
            request.work = Position(*request.session[SESSION_KEY])  # type: ignore[attr-defined]


def _is_a_list(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = (match.url_name or "") if match else ""
    return name.endswith("list") or name in {"today", "dashboard"}
