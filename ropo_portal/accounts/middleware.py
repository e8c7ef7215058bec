"""Room: gives every request its scope, and the clock of the environment it speaks for."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

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

    @property
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
