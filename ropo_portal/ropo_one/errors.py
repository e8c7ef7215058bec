"""Everything that can go wrong with a call to Ropo One, sorted by what it proves.

RopoError
├── NotSent            certainly nothing left us: no name, no connection, no TLS, no token, or a hook that said no
├── LoginRefused       Ropo answered 400 to the credentials; final, asking again may lock the account
├── Refused            a complete answer that says nothing was processed: 401 403 404 405 413 415 429
├── Rejected           a complete 400 or 422 whose body says in words what is wrong
└── Unclear            everything else, and everything nobody thought of: it may have been registered

Only the first four prove anything. A new kind of failure belongs under Unclear until somebody can prove better.
No error's text holds a secret or personal data: bodies travel in `body`, for the database, never for the log.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BODY_KEPT = 64 * 1024
HEADERS_KEPT = frozenset(
    {
        "content-type",
        "content-length",
        "date",
        "retry-after",
        "server",
        "transfer-encoding",
        "via",
        "x-request-id",
    }
)
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Phase(StrEnum):
    """How far a call had come when it failed."""

    PREPARING = "preparing"
    LOGIN = "login"
    NAME = "name"
    CONNECTING = "connecting"
    SECURING = "securing"
    HOOK = "hook"
    WRITING = "writing"
    READING = "reading"
    ANSWERED = "answered"


class RopoError(Exception):
    """A call to Ropo One that did not end in a usable answer."""

    def __init__(
        self,
        reason: str,
        *,
        phase: Phase,
        sent_bytes: bool,
        status: int | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        body: bytes = b"",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.phase = phase
        self.sent_bytes = sent_bytes
        self.status = status
        self.headers: Mapping[str, str] = MappingProxyType(kept_headers(headers))
        self.body = body[:BODY_KEPT]

    def __str__(self) -> str:
        answer = f", status {self.status}" if self.status is not None else ""
        return f"{type(self).__name__}: {self.reason} (phase {self.phase.value}{answer})"


class NotSent(RopoError):
    """Certainly not a byte of the request left us; trying again later is safe."""

    def __init__(self, reason: str, *, phase: Phase) -> None:
        super().__init__(reason, phase=phase, sent_bytes=False)


class LoginRefused(RopoError):
    """Ropo does not take these credentials; a person has to mend them. Nothing was registered."""

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        body: bytes = b"",
    ) -> None:
        super().__init__(
            reason, phase=Phase.LOGIN, sent_bytes=False, status=status, headers=headers, body=body
        )


class Answered(RopoError):
    """A complete answer arrived, and it is not a success."""

    status: int

    def __init__(
        self, reason: str, *, status: int, headers: Mapping[str, str] = _NO_HEADERS, body: bytes = b""
    ) -> None:
        super().__init__(
            reason, phase=Phase.ANSWERED, sent_bytes=True, status=status, headers=headers, body=body
        )


class Refused(Answered):
    """Ropo turned the call away at the door: 401, 403, 404, 405, 413, 415 or 429."""

    def __init__(
        self,
        reason: str,
        *,
        status: int,
        headers: Mapping[str, str] = _NO_HEADERS,
        body: bytes = b"",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(reason, status=status, headers=headers, body=body)
        self.retry_after = retry_after


class Rejected(Answered):
    """Ropo read the message and says in words what is wrong with it (400 or 422)."""

    def __init__(
        self,
        *,
        status: int,
        texts: tuple[str, ...],
        headers: Mapping[str, str] = _NO_HEADERS,
        body: bytes = b"",
    ) -> None:
        super().__init__("the message was rejected", status=status, headers=headers, body=body)
        self.texts = texts


class Unclear(RopoError):
    """Nobody can tell whether Ropo registered the call. Look it up; never repeat it by machine."""

    def __init__(
        self,
        reason: str,
        *,
        phase: Phase,
        status: int | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        body: bytes = b"",
    ) -> None:
        super().__init__(reason, phase=phase, sent_bytes=True, status=status, headers=headers, body=body)


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Keep the few headers worth keeping, names in lower case; cookies and the like are dropped."""
    return {name.lower(): value[:500] for name, value in headers.items() if name.lower() in HEADERS_KEPT}
