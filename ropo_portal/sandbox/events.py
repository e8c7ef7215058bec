"""Events pushed to the creditor; how they are wrapped is invented, since Ropo One's papers do not show it."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from .ledger import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .clock import Clock
    from .ledger import Ledger

BATCH = 500
BROKEN = 500
WAITING = "SELECT * FROM updates WHERE pushed_at = '' AND visible_at <= ? AND (? = '' OR cid = ?) ORDER BY id"
PAUSES = (0.2, 1.0, 5.0)
SECONDS = 10.0


@dataclass(frozen=True)
class Receiver:
    """Where events go and how the stand-in identifies itself there: Basic, or OAuth2 client credentials."""

    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    token_url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scope: str = ""
    cid: str = ""


@dataclass(frozen=True)
class Disorder:
    """What goes wrong with a push on purpose."""

    repeat: int = 1
    size: int = BATCH
    is_reversed: bool = False
    has_unknown_type: bool = False
    has_unknown_job: bool = False
    has_repeated_message: bool = False


class Pusher:
    """Sends what was not yet pushed, in batches, and remembers what the receiver stored."""

    def __init__(self, ledger: Ledger, clock: Clock, *, every: float = 0) -> None:
        self._ledger = ledger
        self._clock = clock
        self._pushing = threading.Lock()
        self._opener = build_opener(ProxyHandler({}))
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._push_on, name="sandbox-push", daemon=True)
        self.receiver: Receiver | None = None
        self.before_push: Callable[[], None] = lambda: None

    def start(self) -> None:
        if self._every:
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _push_on(self) -> None:
        while not self._stopping.wait(self._every):
            self.push()

    def push(self, disorder: Disorder | None = None) -> list[int]:
        """Push everything that waits; gives the statuses the receiver answered, 0 for none."""
        self.before_push()
        if self.receiver is None:
            return []
        wanted = disorder or Disorder()
        answered = []
        with self._pushing:
            for batch in self._batches(self.receiver, wanted):
                statuses = [self._send(self.receiver, batch) for _ in range(wanted.repeat)]
                if statuses[-1] and statuses[-1] < BROKEN:
                    self._ledger.mark_pushed([str(each["id"]) for each in batch["messages"]])
                answered += statuses
        return answered

    def _batches(self, receiver: Receiver, disorder: Disorder) -> Iterator[dict[str, Any]]:
        now = stamp(self._clock.now())
        rows = self._ledger.rows(WAITING, now, receiver.cid, receiver.cid)
        messages = [_message(dict(row)) for row in rows]
        if disorder.is_reversed:
            messages.reverse()
        size = min(disorder.size, BATCH)
        for start in range(0, len(messages), size):
            batch = messages[start : start + size]
            yield {"created_at": now, "messages": (batch + _strays(batch, disorder))[:BATCH]}

    def _send(self, receiver: Receiver, batch: dict[str, Any]) -> int:
        """5xx and silence are tried again after growing pauses; anything else is final."""
        status = 0
        for pause in (0.0, *PAUSES):
            self._stopping.wait(pause)
            status = self._post(receiver, batch)
            if status and status < BROKEN:
                break
        return status

    def _post(self, receiver: Receiver, batch: dict[str, Any]) -> int:
        try:
            headers = {"Content-Type": "application/json", "Authorization": self._authorization(receiver)}
            body = json.dumps(batch, ensure_ascii=False).encode()
            return self._ask(Request(receiver.url, data=body, headers=headers))[0]  # noqa: S310 (the address is configured)
        except HTTPError as error:
            error.close()
            return error.code
        except (URLError, OSError, ValueError):
            return 0

    def _authorization(self, receiver: Receiver) -> str:
        if not receiver.token_url:
            pair = f"{receiver.username}:{receiver.password}".encode()
            return f"Basic {base64.b64encode(pair).decode()}"
        form = {
            "grant_type": "client_credentials",
            "scope": receiver.scope,
            "client_id": receiver.client_id,
            "client_secret": receiver.client_secret,
        }
        _, body = self._ask(Request(receiver.token_url, data=urlencode(form).encode()))  # noqa: S310 (configured)
        return f"Bearer {json.loads(body)['access_token']}"

    def _ask(self, request: Request) -> tuple[int, bytes]:
        with self._opener.open(request, timeout=SECONDS) as answer:
            return int(answer.status), bytes(answer.read())


def _message(row: dict[str, Any]) -> dict[str, Any]:
    data = {
        name: row[name]
        for name in ("statusref", "statustext", "statuscode", "paydate", "amount", "statustime")
    }
    keys = {
        "id": row["statusid"],
        "type": row["statustype"],
        "jobid": row["jobid"],
        "billnum": row["billnum"],
    }
    return keys | {"data": data}


def _strays(batch: list[dict[str, Any]], disorder: Disorder) -> list[dict[str, Any]]:
    """Messages nobody expects, made from the last one of the batch."""
    last = batch[-1]
    strays = []
    if disorder.has_repeated_message:
        strays.append(last)
    if disorder.has_unknown_type:
        strays.append(last | {"id": f"{last['id']}-type", "type": "moon.phase"})
    if disorder.has_unknown_job:
        strays.append(last | {"id": f"{last['id']}-job", "jobid": 1, "billnum": "NOT-YOURS"})
    return strays
