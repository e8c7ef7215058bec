"""A small threaded HTTP server whose application gets the connection itself."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from .connection import BadRequest, Connection
from .exchange import Reply, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from .exchange import Request

log = logging.getLogger(__name__)
BACKLOG = 256
STOP_SECONDS = 5.0


class Listener:
    """Accepts on one address until it is stopped; stopping leaves no thread behind."""

    def __init__(self, application: Callable[[Request, Connection], None], host: str, port: int) -> None:
        self._application = application
        self._socket = socket.create_server((host, port), backlog=BACKLOG)
        self._wake, self._woken = socket.socketpair()
        self._lock = threading.Lock()
        self._talks: dict[threading.Thread, Connection] = {}
        self._accepting = threading.Thread(target=self._accept, name="sandbox-accept", daemon=True)
        self._stopping = threading.Event()
        self.host = host
        self.port: int = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        self._accepting.start()

    def stop(self) -> None:
        """Take no more calls, interrupt those under way, wait for their threads."""
        self._stopping.set()
        self._wake.send(b"x")
        self._accepting.join(STOP_SECONDS)
        with self._lock:
            talks = dict(self._talks)
        for connection in talks.values():
            connection.interrupt()
        for thread in talks:
            thread.join(STOP_SECONDS)
        for each in (self._socket, self._wake, self._woken):
            each.close()

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self._stopping.is_set():
                selector.select()
                if self._stopping.is_set():
                    return
                with suppress(OSError):
                    self._greet(self._socket.accept()[0])

    def _greet(self, raw: socket.socket) -> None:
        connection = Connection(raw)
        thread = threading.Thread(target=self._talk, args=(connection,), name="sandbox-talk", daemon=True)
        with self._lock:
            self._talks[thread] = connection
        thread.start()

    def _talk(self, connection: Connection) -> None:
        try:
            while connection.open and not self._stopping.is_set():
                request = connection.request()
                if request is None:
                    break
                self._application(request, connection)
        except BadRequest as error:
            with suppress(OSError):
                connection.answer(json_reply(400, {"error": str(error)}), keep_alive=False)
        except OSError:
            pass  # the client is gone, which is its right
        except Exception:
            log.exception("the stand-in itself failed")
            with suppress(OSError):
                connection.answer(Reply(500), keep_alive=False)
        finally:
            connection.close()
            with self._lock:
                self._talks.pop(threading.current_thread(), None)
