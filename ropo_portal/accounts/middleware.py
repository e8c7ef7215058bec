"""Room: gives every request its scope and clock, and lets nobody in without the second step where one is required."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from ropo_portal.accounts import factors
from ropo_portal.accounts.scope import Scope

SESSION_KEY = "environment"


class ScopeZone(dt.tzinfo):
    """The time zone of the environment that speaks on the page, found when the first time is shown."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    @property
    def _zone(self) -> dt.tzinfo:
        environment = self._scope.environment
        return environment.time_zone if environment else timezone.get_default_timezone()

    @cached_property
    def is_one_of_several(self) -> bool:
        """Whether the reader meets times of other zones too, so that a bare clock could be any of them."""
        return len({one.country for one in self._scope.environments}) > 1

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta | None:
        """Give the offset there."""
        return self._zone.utcoffset(moment)

    def dst(self, moment: dt.datetime | None) -> dt.timedelta | None:
        """Give the summer part of the offset there."""
        return self._zone.dst(moment)

    def tzname(self, moment: dt.datetime | None) -> str | None:
        """Give the zone's short name there."""
        return self._zone.tzname(moment)

    def fromutc(self, moment: dt.datetime) -> dt.datetime:
        """Turn a moment into local time that carries the real zone and no longer needs the request."""
        return self._zone.fromutc(moment.replace(tzinfo=self._zone))

    def __str__(self) -> str:
        return str(self._zone)


class ScopeMiddleware:
    """Set `request.scope` and the zone of times; nothing is read from the database until somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its scope set."""
        chosen = request.session.get(SESSION_KEY)
        scope = Scope(request.user, uuid.UUID(chosen) if chosen else None)
        request.scope = scope  # type: ignore[attr-defined]
        with timezone.override(ScopeZone(scope)):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Where a second step is required, lead there whoever has a role and has not taken it: nothing else opens."""

    # Leaving, and reading what is asked in one's own language and light.
    ALWAYS = frozenset({"account_logout", "ui:language", "ui:theme"})
    SETTING_UP = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"})
    TAKING = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Say where to go first, or nothing."""
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in self.ALWAYS or not factors.is_needed_by(request.scope):  # type: ignore[attr-defined]
            return None
        if not factors.has_factor(request.user):
            request.second_step_missing = True  # type: ignore[attr-defined]
            return None if name in self.SETTING_UP else _lead(request, reverse("mfa_index"))
        if factors.is_taken(request) or name in self.TAKING:
            return None
        back = request.get_full_path() if request.method == "GET" and not request.htmx else "/"  # type: ignore[attr-defined]
        return _lead(request, f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    """Go there with the whole page, also where only a piece of it was asked for."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
