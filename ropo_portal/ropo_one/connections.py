"""Connections that know what they did: one deadline for a whole call, and a mark before the first byte."""

from __future__ import annotations

import socket
import ssl
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from ropo_portal.ropo_one.errors import NotSent, Phase

if TYPE_CHECKING:
    from collections.abc import Callable

# One dead address of several must not use up the whole deadline.
CONNECT_SECONDS = 10.0


class Deadline:
    """The moment by which a whole call must be over, whatever the other side does."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """The seconds left; never zero, because a socket would take that for "do not wait at all"."""
        left = self._end - self._monotonic()
        if left <= 0:
            raise DeadlinePassed("the deadline passed")
        return left


class DeadlinePassed(TimeoutError):
    """The call took longer than it may."""


class Trail:
    """What one call did, as its own connection saw it. One call gets one connection and one request."""

    def __init__(self, deadline: Deadline, before_first_byte: Callable[[], None]) -> None:
        self.deadline = deadline
        self.phase = Phase.PREPARING
        self.connected = False
        self.wrote = False
        self.socket: socket.socket | None = None
        self._before_first_byte = before_first_byte

    def enter(self, phase: Phase) -> None:
        """Note how far the call has come."""
        self.deadline.remaining()
        self.phase = phase

    def begin(self) -> None:
        """Note that the connection is being made; a second one for the same call is refused."""
        if self.connected or self.wrote:
            raise ConnectionError("a call never gets a second connection")
        self.connected = True
        self.enter(Phase.NAME)

    def close(self) -> None:
        """Let go of the connection, however the call ended."""
        if self.socket is not None:
            self.socket.close()

    def open_gate(self) -> None:
        """Tell the caller that the first byte is about to leave, once, and let it leave unless he objects."""
        if self.wrote:
            return
        self.enter(Phase.HOOK)
        try:
            self._before_first_byte()
        except Exception as error:
            raise NotSent(f"the caller stopped it ({type(error).__name__})", phase=Phase.HOOK) from error
        self.enter(Phase.WRITING)
        self.wrote = True


class _Timed:
    """A socket whose every wait is cut to what is left of the deadline."""

    deadline: Deadline | None = None

    def _hurry(self: Any) -> None:
        if self.deadline is not None:
            self.settimeout(self.deadline.remaining())

    def recv(self, *args: Any, **kwargs: Any) -> bytes:
        self._hurry()
        return super().recv(*args, **kwargs)  # type: ignore[misc,no-any-return]

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._hurry()
        return super().recv_into(*args, **kwargs)  # type: ignore[misc,no-any-return]

    def send(self, *args: Any, **kwargs: Any) -> int:
        self._hurry()
        return super().send(*args, **kwargs)  # type: ignore[misc,no-any-return]

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self._hurry()
        super().sendall(*args, **kwargs)  # type: ignore[misc]


class TimedSocket(_Timed, socket.socket):
    """A plain socket with a deadline."""


class TimedSSLSocket(_Timed, ssl.SSLSocket):
    """A TLS socket with a deadline."""


@lru_cache(maxsize=16)
def tls_context(ca_bundle: str | None = None) -> ssl.SSLContext:
    """TLS 1.2 or newer with a verified certificate and host name; there is no way to turn that off."""
    context = ssl.create_default_context(cafile=ca_bundle or certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = TimedSSLSocket
    return context


class _Watched:
    """What both kinds of connection add to urllib3's: the trail and the deadline."""

    trail: Trail

    def _new_conn(self: Any) -> socket.socket:
        self.trail.begin()
        found = socket.getaddrinfo(self._dns_host.strip("[]"), self.port, type=socket.SOCK_STREAM)
        self.trail.enter(Phase.CONNECTING)
        self.trail.socket = sock = _first_that_answers(found, self.trail.deadline)
        self.trail.enter(Phase.SECURING)
        # The TLS handshake takes its own total limit from here.
        sock.settimeout(self.trail.deadline.remaining())
        return sock

    def connect(self: Any) -> None:
        super().connect()  # type: ignore[misc]
        self.trail.socket = self.sock
        self.sock.deadline = self.trail.deadline

    def send(self: Any, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.trail.open_gate()
        super().send(data)  # type: ignore[misc]

    def getresponse(self: Any) -> Any:
        # urllib3 reads on after a reset, hoping for an early answer, even when the reset came before we wrote.
        if not self.trail.wrote:
            raise ConnectionError("nothing was written, so nothing can be answered")
        self.trail.enter(Phase.READING)
        return super().getresponse()  # type: ignore[misc]


class WatchedHTTPConnection(_Watched, HTTPConnection):
    """For the sandbox."""


class WatchedHTTPSConnection(_Watched, HTTPSConnection):
    """For Ropo."""


def pools(trail: Trail) -> dict[str, type[HTTPConnectionPool]]:
    """Pool classes whose connections leave this trail."""
    http = type("HTTP", (WatchedHTTPConnection,), {"trail": trail})
    https = type("HTTPS", (WatchedHTTPSConnection,), {"trail": trail})
    return {
        "http": type("HTTPPool", (HTTPConnectionPool,), {"ConnectionCls": http}),
        "https": type("HTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
    }


def _first_that_answers(found: list[Any], deadline: Deadline) -> TimedSocket:
    last: OSError = OSError("the name has no address")
    for family, kind, protocol, _, address in found:
        sock = TimedSocket(family, kind, protocol)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(min(deadline.remaining(), CONNECT_SECONDS))
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = error
        else:
            return sock
    raise last
