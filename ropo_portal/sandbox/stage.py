"""What a fault has in its hands when it plays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .connection import Connection
    from .exchange import Reply


@dataclass(frozen=True)
class Stage:
    """The connection, the answer that was due, and the argument the fault was ordered with."""

    connection: Connection
    reply: Reply
    argument: str
    keep_alive: bool
    billnum: str
    push_events: Callable[[], object]

    def number(self, otherwise: float) -> float:
        try:
            return float(self.argument)
        except ValueError:
            return otherwise

    def answer(self, reply: Reply) -> None:
        self.connection.answer(reply, keep_alive=self.keep_alive)

    def with_reply(self, reply: Reply) -> Stage:
        return replace(self, reply=reply)
