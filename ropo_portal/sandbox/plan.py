"""Which fault the next call gets: by header, by queue, by a mark in the debtor's name, or by a seeded draw."""

from __future__ import annotations

import hashlib
import json
import random
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .exchange import NotJson
from .faults import FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .exchange import Request
    from .faults import Fault
    from .options import Options

REGISTERING = {"/rest/jobs", "/rest/jobs/payment", "/rest/jobs/creditnote", "/rest/jobs/localprint"}
NEWS = "/rest/jobs/statusupdates"
LOOK_UPS = {"/rest/jobs", "/rest/jobs/pdf", "/rest/jobs/statusupdates", "/rest/jobs/findbyendcustomer"}
MARK = re.compile(r"\[([a-z0-9-]+)(?::([^\]\s]*))?(?: x(\d+))?\]")
SLOW_OR_LARGE = ("never", "late", "drip", "blanks", "huge", "gzip-bomb", "slow-read", "lookup", "event")
OF_THEIR_OWN = ("debtor", "news")


class UnknownFault(ValueError):
    """No fault of that name is in the table."""


@dataclass(frozen=True)
class Chosen:
    """A fault with the argument it was ordered with."""

    fault: Fault
    argument: str = ""

    @classmethod
    def named(cls, order: str) -> Chosen:
        name, _, argument = order.partition(":")
        if name not in FAULTS:
            raise UnknownFault(f"no such fault: {name}")
        return cls(FAULTS[name], argument)

    @property
    def order(self) -> str:
        return f"{self.fault.name}:{self.argument}" if self.argument else self.fault.name


@dataclass
class Queued:
    """A fault waiting for calls, of one account if it is named; without a path it waits for whatever it suits."""

    chosen: Chosen
    times: int
    path: str
    cid: str = ""

    def suits(self, request: Request, cid: str) -> bool:
        return self.cid in {"", cid} and self._suits(request)

    def _suits(self, request: Request) -> bool:
        if self.path == "*":
            return True
        if self.path:
            method, _, path = self.path.rpartition(" ")
            return method in {"", request.method} and request.path == "/rest" + path.removeprefix("/rest")
        if self.chosen.fault.is_of_news:
            return request.path == NEWS and not request.query
        if self.chosen.fault.veils:
            return _is_look_up(request)
        return _is_registering(request)

    def told(self) -> dict[str, object]:
        whole = {"name": self.chosen.order, "times": self.times, "path": self.path}
        return whole | ({"cid": self.cid} if self.cid else {})


def _is_registering(request: Request) -> bool:
    return request.method == "POST" and request.path in REGISTERING


def _is_look_up(request: Request) -> bool:
    return request.path in LOOK_UPS and not _is_registering(request)


class Plan:
    """The order of choice, and the queue."""

    def __init__(self, options: Options, times_played: Callable[[str, str, str], int]) -> None:
        self._options = options
        self._times_played = times_played
        self._queue: list[Queued] = []
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()

    def order(self, name: str, *, times: int = 1, path: str = "", cid: str = "") -> None:
        """Let the fault play for the next calls that suit it, of one account if it is named."""
        with self._lock:
            self._queue.append(Queued(Chosen.named(name), times, path, cid))

    def clear(self, cid: str = "") -> None:
        """Forget what waits for that account, or everything."""
        with self._lock:
            self._queue = [each for each in self._queue if cid and each.cid != cid]

    def waiting(self, cid: str = "") -> list[dict[str, object]]:
        return [each.told() for each in self._queue if cid in {"", each.cid}]

    def early(self, request: Request, cid: str = "") -> Chosen | None:
        """What can be chosen before the body is read."""
        if order := request.headers.get("x-sandbox-fault"):
            return Chosen.named(order)
        with self._lock:
            for each in self._queue:
                if each.suits(request, cid):
                    each.times -= 1
                    self._queue = [other for other in self._queue if other.times > 0]
                    return each.chosen
        return None

    def late(self, request: Request, cid: str) -> Chosen | None:
        """What only the body can tell."""
        return self._marked(request, cid) or self._drawn(request)

    def _marked(self, request: Request, cid: str) -> Chosen | None:
        if not _is_registering(request):
            return None
        for mark in MARK.finditer(" ".join(_names(request))):
            name, argument, times = mark.groups()
            if name in FAULTS:
                chosen = Chosen(FAULTS[name], argument or "")
                played = self._times_played(chosen.order, cid, billnum(request))
                return chosen if not times or played < int(times) else None
        return None

    def _drawn(self, request: Request) -> Chosen | None:
        """The same seed gives the same body the same fault, whatever the order of arrival."""
        if not self._options.rate or not _is_registering(request):
            return None
        key = hashlib.sha256(request.path.encode() + request.body).hexdigest()
        with self._lock:
            nth = self._seen[key] = self._seen.get(key, 0) + 1
        dice = random.Random(f"{self._options.seed}:{key}:{nth}")  # noqa: S311 (repeatable is the point)
        if dice.random() >= self._options.rate:
            return None
        return Chosen.named(dice.choice(self._options.pool or DRAWABLE))


DRAWABLE = tuple(name for name in FAULTS if not name.startswith(SLOW_OR_LARGE + OF_THEIR_OWN))


def datasets(request: Request) -> list[dict[str, Any]]:
    """The jobs in a body, as far as it can be read at all."""
    try:
        stream = request.json().get("datastream")
    except NotJson:
        return []
    found = stream.get("dataset") if isinstance(stream, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def billnum(request: Request) -> str:
    """The first invoice number a call is about."""
    found = [str(each["billnum"]) for each in datasets(request) if each.get("billnum")]
    if not found and request.body[:1] == b"{":
        try:
            found = [str(request.json().get("billnum") or "")]
        except NotJson:
            found = []
    return found[0] if found else request.query.get("billnum", "")


def _names(request: Request) -> list[str]:
    names = [str(each.get(name, "")) for each in datasets(request) for name in ("company", "person")]
    if not names:
        try:
            names = [str(json.loads(request.body).get("description", ""))]
        except (ValueError, AttributeError):
            names = []
    return names
