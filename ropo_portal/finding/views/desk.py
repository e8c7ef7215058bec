"""Room: what the screens of lists need: the list, and the environment one works in."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.listings import LISTINGS, Listing


def listing_of(kind: str) -> Listing:
    """Give the list of this name; there is no other."""
    if kind not in LISTINGS:
        raise Http404
    return LISTINGS[kind]


def environment_of(request: HttpRequest, action: str) -> CreditorEnvironment:
    """Give the environment chosen in the frame; 403 where the reader may not do the action for it."""
    scope: Any = request.scope  # type: ignore[attr-defined]
    environment: CreditorEnvironment | None = scope.environment
    if environment is None or not scope.may(action, environment.creditor_id):
        raise PermissionDenied(action)
    return environment


def address_of(listing: Listing, environment: CreditorEnvironment, data: Any) -> str:
    """Give the filters of an address as the list understands them, and nothing else that may stand in it."""
    return str(listing.form(data, environment).address())
