"""Room: lets a list open with the view that its reader has chosen for it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ropo_portal.finding.models import DefaultView
from ropo_portal.listings import LISTINGS


class DefaultViewMiddleware:
    """An address of a list without any filter leads to the chosen view; `?all=1` shows the whole list."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Lead on where a view was chosen."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        listing = next((one for one in LISTINGS.values() if one.route == name), None)
        if listing is None or request.method != "GET" or request.META.get("QUERY_STRING"):
            return None
        scope = request.scope  # type: ignore[attr-defined]
        if not request.user.is_authenticated or scope.creditor is None:
            return None
        chosen = DefaultView.objects.filter(user=request.user, creditor=scope.creditor, listing=listing.name)
        query = chosen.values_list("view__query", flat=True).first()
        return HttpResponseRedirect(f"{request.path}?{query}") if query else None
