"""Room: gives every request its scope."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ropo_portal.accounts.scope import Scope

SESSION_KEY = "environment"


class ScopeMiddleware:
    """Set `request.scope`; nothing is read from the database until somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its scope set."""
        chosen = request.session.get(SESSION_KEY)
        request.scope = Scope(request.user, uuid.UUID(chosen) if chosen else None)  # type: ignore[attr-defined]
        return self.get_response(request)
