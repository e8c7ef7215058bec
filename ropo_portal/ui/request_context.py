"""Who is asking, from where: carried beside the call so that history can write it down."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    """The name of one request and the address it came from; empty outside of requests."""

    request_id: str = ""
    address: str = ""


NOBODY = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=NOBODY)


def current() -> RequestContext:
    """Give the context of the running request or task."""
    return _current.get()


@contextmanager
def bound(*, request_id: str, address: str = "") -> Iterator[RequestContext]:
    """Make this the current context for a while; tasks use it with the id that travelled with them."""
    context = RequestContext(request_id=request_id, address=address)
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
