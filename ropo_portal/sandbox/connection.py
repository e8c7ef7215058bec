"""One client's connection with the raw socket in hand, so that it can also be reset, starved or cut."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from .exchange import Request

if TYPE_CHECKING:
    from .exchange import Reply

HEAD_LIMIT = 65_536
IDLE_SECONDS = 60.0
PIECE = 65_536


class HungUp(ConnectionError):
    """The client went away in the middle of its own words."""


class BadRequest(ValueError):
    """The head of the request cannot be read as HTTP."""


class Connection:
    """Reads requests and writes answers; every way to break off is a method of its own."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._buffer = b""
        self.open = True
        raw.settimeout(IDLE_SECONDS)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self) -> Request | None:
        """The next request without its body, or nothing when the client is done."""
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > HEAD_LIMIT:
                raise BadRequest("the head is too long")
            if not self._more():
                return None
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        return _parsed(head.decode("latin-1"))

    def complete(self, request: Request, *, bytes_per_second: float = 0) -> Request:
        """The same request with its body, read at the given pace."""
        if request.headers.get("expect", "").lower() == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in request.headers.get("transfer-encoding", "").lower():
            return replace(request, body=self._chunks())
        length = request.headers.get("content-length", "0")
        if not length.isdigit():
            raise BadRequest("Content-Length is not a number")
        return replace(request, body=self._take(int(length), bytes_per_second))

    def answer(self, reply: Reply, *, keep_alive: bool) -> None:
        self.send(reply.encoded(keep_alive=keep_alive))
        if not keep_alive:
            self.close()

    def send(self, data: bytes) -> None:
        self._raw.sendall(data)

    def drip(self, data: bytes, *, pause: float) -> None:
        """One byte, then a pause, and so on."""
        for position in range(len(data)):
            self.send(data[position : position + 1])
            time.sleep(pause)

    def hold(self, seconds: float) -> None:
        """Say nothing until the client hangs up or the time is over."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._raw.settimeout(left)
            try:
                if not self._raw.recv(PIECE):
                    return
            except OSError:
                return

    def reset(self) -> None:
        """Drop the connection hard: the client sees a reset."""
        self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._end()

    def close(self) -> None:
        """End the connection politely; what was sent still arrives."""
        if self.open:
            with contextlib.suppress(OSError):
                self._raw.shutdown(socket.SHUT_WR)
            self._end()

    def interrupt(self) -> None:
        """Wake whoever waits on this connection, from another thread."""
        with contextlib.suppress(OSError):
            self._raw.shutdown(socket.SHUT_RDWR)

    def _end(self) -> None:
        self.open = False
        self._raw.close()

    def _more(self) -> bool:
        piece = self._raw.recv(PIECE)
        self._buffer += piece
        return bool(piece)

    def _take(self, length: int, bytes_per_second: float = 0) -> bytes:
        parts = [self._buffer[:length]]
        self._buffer = self._buffer[length:]
        missing = length - len(parts[0])
        if bytes_per_second:
            time.sleep(len(parts[0]) / bytes_per_second)
        step = max(1, int(bytes_per_second / 10)) if bytes_per_second else PIECE
        while missing:
            part = self._raw.recv(min(step, missing))
            if not part:
                raise HungUp("the body ended early")
            parts.append(part)
            missing -= len(part)
            if bytes_per_second:
                time.sleep(len(part) / bytes_per_second)
        return b"".join(parts)

    def _line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            if not self._more():
                raise HungUp("the body ended early")
        line, self._buffer = self._buffer.split(b"\r\n", 1)
        return line

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self._line().split(b";")[0], 16):
            parts.append(self._take(size))
            self._line()
        while self._line():
            pass
        return b"".join(parts)


def _parsed(head: str) -> Request:
    first, *lines = head.split("\r\n")
    method, _, rest = first.partition(" ")
    address, _, version = rest.rpartition(" ")
    if not version.startswith("HTTP/1.") or not address:
        raise BadRequest("the first line is not HTTP/1")
    target = urlsplit(address)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if version == "HTTP/1.0":
        headers["connection"] = "close"
    query = dict(parse_qsl(target.query, keep_blank_values=True))
    return Request(method, unquote(target.path), query, headers)
