"""One request, one fresh connection, one deadline, and either a complete answer or an error that says what it proves."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

from ropo_portal.ropo_one.connections import Deadline, Trail, pools, tls_context
from ropo_portal.ropo_one.errors import BODY_KEPT, NotSent, Phase, RopoError, Unclear

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

BODY_LIMIT = 5 * 1024 * 1024
_CHUNK = 64 * 1024
_WITHOUT_BODY = frozenset({204, 304})


def do_nothing() -> None:
    """The hook of a caller who has nothing to do before the first byte."""


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    url: str
    seconds: float
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    limit: int = BODY_LIMIT
    before_first_byte: Callable[[], None] = do_nothing


@dataclass(frozen=True)
class RawAnswer:
    """A complete answer of any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    elapsed: float


class Transport:
    """Carries calls. Holds nothing between them but the trusted certificates."""

    def __init__(
        self,
        *,
        ca_bundle: str | None = None,
        user_agent: str = "ropo_portal",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._context = tls_context(ca_bundle)
        self._user_agent = user_agent
        self._monotonic = monotonic

    def exchange(self, call: Call) -> RawAnswer:
        """Send the request once; never twice, never elsewhere."""
        started = self._monotonic()
        trail = Trail(Deadline(call.seconds, self._monotonic), call.before_first_byte)
        partial = _Partial()
        with _session(trail, self._context) as session:
            try:
                with self._opened(session, call) as response:
                    partial.take(response, call.limit)
            except RopoError:
                raise
            except Exception as error:
                raise _failure(trail, partial, error) from error
            finally:
                trail.close()
        return partial.complete(elapsed=self._monotonic() - started)

    def _opened(self, session: requests.Session, call: Call) -> requests.Response:
        return session.request(
            call.method,
            call.url,
            params=dict(call.query),
            data=call.body,
            headers=self._headers(call),
            timeout=call.seconds,
            allow_redirects=False,
            stream=True,
        )

    def _headers(self, call: Call) -> dict[str, str]:
        own = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": self._user_agent,
        }
        return own | dict(call.headers)


class _Partial:
    """As much of an answer as has come in."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}
        self.body = bytearray()

    def take(self, response: requests.Response, limit: int) -> None:
        """Read the answer to its announced end; a body whose end cannot be told is not complete."""
        self.status = response.status_code
        self.headers = dict(response.headers)
        length = _announced_length(response)
        if length is not None and length > limit:
            raise _Incomplete("the answer is too large")
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            self.body += chunk
            if len(self.body) > limit:
                raise _Incomplete("the answer is too large")
        if length is not None and length != len(self.body):
            raise _Incomplete("the answer was cut short")

    def complete(self, *, elapsed: float) -> RawAnswer:
        """The answer, once all of it is here."""
        return RawAnswer(self.status or 0, self.headers, bytes(self.body), elapsed)


class _Incomplete(Exception):
    """The answer does not say where it ends, or did not reach the end."""


class _Session(requests.Session):
    """A session that takes a redirect for an answer, never for a direction."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


class _Adapter(HTTPAdapter):
    """Puts our connections under requests; retries nothing."""

    def __init__(self, trail: Trail, context: ssl.SSLContext) -> None:
        self._trail = trail
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = pools(self._trail)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:  # noqa: ARG002
        host, _ = super().build_connection_pool_key_attributes(request, verify=True, cert=None)
        scheme = host.get("scheme")
        return host, {"ssl_context": self._context} if scheme == "https" else {}

    def cert_verify(self, *args: object, **kwargs: object) -> None:
        """The context above verifies, whatever a caller of requests may wish."""


def _session(trail: Trail, context: ssl.SSLContext) -> requests.Session:
    session = _Session()
    session.trust_env = False
    session.headers.clear()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(trail, context))
    return session


def _announced_length(response: requests.Response) -> int | None:
    """The body's length in bytes, None when it comes in chunks."""
    if response.status_code in _WITHOUT_BODY:
        return 0
    coding = response.headers.get("Transfer-Encoding", "").strip().lower()
    if coding:
        if coding != "chunked":
            raise _Incomplete("the answer is coded in a way we did not ask for")
        return None
    length = response.headers.get("Content-Length", "").strip()
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise _Incomplete("the answer does not say where it ends")
    return int(length)


_REASONS: Mapping[Phase, str] = {
    Phase.PREPARING: "the request could not be made",
    Phase.NAME: "the host name could not be resolved",
    Phase.CONNECTING: "no connection could be made",
    Phase.SECURING: "no secure connection could be made",
    Phase.HOOK: "the time was over before the first byte",
    Phase.WRITING: "the connection failed while we were writing",
    Phase.READING: "no complete answer came",
}


def _failure(trail: Trail, partial: _Partial, error: Exception) -> RopoError:
    """Only what our own connection saw decides; the class of the exception proves nothing."""
    if trail.connected and not trail.wrote:
        return NotSent(f"{_REASONS[trail.phase]} ({type(error).__name__})", phase=trail.phase)
    reason = str(error) if isinstance(error, _Incomplete) else _REASONS[trail.phase]
    return Unclear(
        f"{reason} ({type(error).__name__})",
        phase=trail.phase,
        status=partial.status,
        headers=partial.headers,
        body=bytes(partial.body[:BODY_KEPT]),
    )
