"""The token: fetched by one thread for all, reused for ninety minutes, never begged for."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ropo_portal.ropo_one.errors import LoginRefused, NotSent, Phase, RopoError
from ropo_portal.ropo_one.strict_json import NotJson, parsed_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from ropo_portal.ropo_one.transport import RawAnswer

LIFETIME = 2 * 60 * 60.0
RENEWED_AFTER = 90 * 60.0
MARGIN = 5 * 60.0
REFUSALS = 3
REFUSAL_WINDOW = 15 * 60.0
LOGIN_SECONDS = 30.0
# It becomes a header, so nothing but printable ASCII without blanks.
_TOKEN = re.compile(r"[!-~]{1,8192}")
_GRANTED = frozenset({200, 201})
_DENIED = frozenset({400, 401, 403})


@dataclass(frozen=True)
class _Token:
    text: str
    received_at: float


class TokenSource:
    """The token of one pair of credentials in one environment; safe to share between threads."""

    def __init__(self, cid: str, apicode: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._cid = cid
        self._apicode = apicode
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._refused_at: deque[float] = deque(maxlen=REFUSALS)

    def __repr__(self) -> str:
        return "TokenSource(...)"

    def token(self, ask: Callable[[bytes], RawAnswer], *, needed_for: float) -> str:
        """A token good for that many seconds; asks Ropo for a new one only when ours has become too old."""
        with self._alone():
            if self._token is None or not self._is_fresh(self._token, needed_for):
                self._token = self._fetched(ask)
            return self._token.text

    def renew(self, ask: Callable[[bytes], RawAnswer]) -> None:
        """Fetch a new token, whatever ours is worth."""
        with self._alone():
            self._token = None
            self._token = self._fetched(ask)

    def drop(self, text: str) -> None:
        """Forget this token, unless another thread has replaced it already."""
        with self._lock:
            if self._token is not None and self._token.text == text:
                self._token = None

    def _alone(self) -> _Turn:
        return _Turn(self._lock)

    def _is_fresh(self, token: _Token, needed_for: float) -> bool:
        age = self._monotonic() - token.received_at
        return age < RENEWED_AFTER and LIFETIME - age >= MARGIN + needed_for

    def _fetched(self, ask: Callable[[bytes], RawAnswer]) -> _Token:
        now = self._monotonic()
        if len(self._refused_at) == REFUSALS and now - self._refused_at[0] < REFUSAL_WINDOW:
            raise LoginRefused("refused three times in a quarter of an hour, not asked again")
        body = json.dumps({"cid": self._cid, "apicode": self._apicode}, separators=(",", ":")).encode()
        try:
            answer = ask(body)
        except RopoError as error:
            raise NotSent(f"could not log in: {error.reason}", phase=Phase.LOGIN) from error
        if answer.status in _DENIED:
            self._refused_at.append(self._monotonic())
            raise LoginRefused(
                "the credentials were not accepted",
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
            )
        if answer.status not in _GRANTED:
            raise NotSent(f"could not log in: status {answer.status}", phase=Phase.LOGIN)
        self._refused_at.clear()
        # The age is counted from before the question: a slow answer must not make the token look younger.
        return _Token(_token_text(answer.body), now)


class _Turn:
    """A lock that is waited for no longer than a login may take."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=LOGIN_SECONDS + 1):
            raise NotSent("could not log in: another login takes too long", phase=Phase.LOGIN)

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _token_text(body: bytes) -> str:
    try:
        text = parsed_object(body).get("token")
    except NotJson as error:
        raise NotSent("could not log in: the answer cannot be read", phase=Phase.LOGIN) from error
    if not isinstance(text, str) or not _TOKEN.fullmatch(text):
        raise NotSent("could not log in: the answer holds no token", phase=Phase.LOGIN)
    return text
