"""Room: remembers from which row of the work list a page was opened, so that the next one is a key away."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from ropo_portal.worklist import walk
from ropo_portal.worklist.beginning import Beginning, first_steps

SESSION_KEY = "walked"
# What stays of the list's own address: whose work, which kind, only the old.
KEPT = ("all", "group", "late")
# A debtor is looked at beside the row: the way there leads out of it.
ASIDE = ("parties",)


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
    """
    Set `request.work` on the row opened from the list and on its forms, and `request.beginning` on all pages.

    A page belongs to the row when it is about the same thing, or was reached from such a page without leaving for a
    debtor; what is opened otherwise is another errand, and a list ends the walk.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its position set."""
        request.work = None  # type: ignore[attr-defined]
        # Asked for by lists that are empty, and by no other page.
        scope: Any = request.scope  # type: ignore[attr-defined]
        request.beginning = SimpleLazyObject(lambda: Beginning(first_steps(scope)))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]
    ) -> None:
        """Read the position from the address, else from the session."""
        if not request.user.is_authenticated or request.method not in {"GET", "POST"}:
            return
        token, about = request.GET.get("today", ""), _about(request.path, kwargs)
        if token and walk.read(token) is not None:
            query = urlencode({name: request.GET[name] for name in KEPT if request.GET.get(name)})
            request.session[SESSION_KEY] = [token, query, sorted(about)]
        elif SESSION_KEY in request.session and _is_a_list(request):
            del request.session[SESSION_KEY]
        if SESSION_KEY in request.session and self._belongs(request, about):
            request.work = Position(*request.session[SESSION_KEY][:2])  # type: ignore[attr-defined]

    def _belongs(self, request: HttpRequest, about: set[str]) -> bool:
        """Tell whether the page is the row's; a form that is reached from one becomes the row's too."""
        token, query, known = request.session[SESSION_KEY]
        if about & set(known):
            return True
        match = request.resolver_match
        is_part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
        if is_part or match is None or match.namespace in ASIDE or not match.kwargs:
            return False
        if not _came_from(request) & set(known):
            return False
        request.session[SESSION_KEY] = [token, query, sorted({*known, *about})]
        return True


def _about(path: str, kwargs: dict[str, Any]) -> set[str]:
    """Name what a page is about: the ids in its address, else the page itself."""
    return {str(value) for value in kwargs.values() if isinstance(value, uuid.UUID)} or {path}


def _came_from(request: HttpRequest) -> set[str]:
    path = urlsplit(request.headers.get("Referer", "")).path
    try:
        return _about(path, resolve(path).kwargs)
    except Resolver404:
        return set()


def _is_a_list(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = (match.url_name or "") if match else ""
    return name.endswith("list") or name in {"today", "dashboard"}
