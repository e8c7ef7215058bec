"""Room: the one place that speaks to the stand-in's control desk, at the sandbox's address and at no other."""

import datetime as dt
import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings

from ropo_portal.training.desk import Desk, Played

SECONDS = 3.0
MOST_BYTES = 1_000_000


class StandInAway(Exception):
    """The stand-in does not answer, or not as one of ours would."""


class _NoWayOn(HTTPRedirectHandler):
    """Nothing that listens there sends us elsewhere."""

    def redirect_request(self, *_asked: Any) -> None:
        """Follow nothing."""


def look(cid: str) -> Desk:
    """Ask what waits for an account and what has happened to it; raises `StandInAway`."""
    told = _ask("GET", f"faults?{urlencode({'cid': cid})}")
    try:
        waiting: dict[str, int] = {}
        for each in told["queue"]:
            waiting[each["name"]] = waiting.get(each["name"], 0) + int(each["times"])
        return Desk(waiting, tuple(map(_played, told["played"])))
    except (KeyError, TypeError, ValueError) as error:
        raise StandInAway from error


def order(*, cid: str, fault: str, path: str, times: int) -> None:
    """Let a fault happen to an account's next calls; raises `StandInAway`."""
    _ask("POST", "faults", {"name": fault, "path": path, "times": times, "cid": cid})


def clear(*, cid: str) -> None:
    """Forget all faults that wait for an account; raises `StandInAway`."""
    _ask("POST", "faults", {"clear": "1", "cid": cid})


def open_account(*, country: str) -> tuple[str, str]:
    """Return customer number and API code of a new account of the stand-in; raises `StandInAway`."""
    told = _ask("POST", "accounts", {"country": country})
    try:
        return str(told["cid"]), str(told["apicode"])
    except (KeyError, TypeError) as error:
        raise StandInAway from error


def _played(row: Mapping[str, Any]) -> Played:
    at = dt.datetime.fromisoformat(row["received_at"])
    return Played(row["fault"], row["billnum"], at if at.tzinfo else at.replace(tzinfo=dt.UTC))


def _ask(method: str, word: str, values: Mapping[str, Any] | None = None) -> Any:
    body = json.dumps(values).encode() if values else None
    address = f"{settings.SANDBOX_URL.rstrip('/')}/control/{word}"
    headers = {"Content-Type": "application/json"}
    request = Request(address, body, headers, method=method)  # noqa: S310 (the address is configured and checked)
    try:
        with build_opener(ProxyHandler({}), _NoWayOn()).open(request, timeout=SECONDS) as answer:
            return json.loads(answer.read(MOST_BYTES))
    except (HTTPError, URLError, HTTPException, OSError, ValueError) as error:
        raise StandInAway from error
