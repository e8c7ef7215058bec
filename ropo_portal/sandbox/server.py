"""The way in: puts the stand-in together and runs it, in this process or as a process of its own."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .application import Application
from .clock import Clock
from .control import Control
from .events import Pusher
from .ledger import Ledger
from .listener import Listener
from .options import Options, listed_accounts
from .plan import Plan
from .progress import Progress
from .tokens import Tokens
from .world import World

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from .events import Receiver


class Sandbox:
    """One running stand-in: its address, ledger, clock and plan of faults."""

    def __init__(
        self,
        ledger: Path | str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        push_every: float = 0,
        **options: Any,
    ) -> None:
        self.options = Options(**options)
        self.clock = Clock()
        self.ledger = Ledger(ledger, self.clock)
        self.clock.advance(seconds=float(self.ledger.recall("clock offset", "0")))
        self.options.opened = listed_accounts(self.ledger.recall("accounts", "[]"))
        world = World(self.options, self.clock, self.ledger, Tokens(self._secret(), self.clock))
        self.faults = Plan(self.options, self.ledger.times_played)
        self.pusher = Pusher(self.ledger, self.clock, every=push_every)
        world.before_answer = self.pusher.push
        progress = Progress(world)
        world.catch_up = progress.catch_up
        world.catch_up_all = self.pusher.before_push = progress.catch_up_all
        control = Control(world, self.faults, self.pusher)
        self._listener = Listener(Application(world, self.faults, control), host, port)

    def _secret(self) -> bytes:
        """Kept in the ledger, so that a restart does not end everybody's token."""
        secret = self.ledger.recall("token secret", os.urandom(32).hex())
        self.ledger.remember("token secret", secret)
        return bytes.fromhex(secret)

    @property
    def url(self) -> str:
        return self._listener.url

    @property
    def port(self) -> int:
        return self._listener.port

    def start(self) -> None:
        self._listener.start()
        self.pusher.start()

    def stop(self) -> None:
        self.pusher.stop()
        self._listener.stop()
        self.ledger.remember("clock offset", str(self.clock.offset.total_seconds()))
        self.ledger.close()

    # what tests ask for

    def plan(self, fault: str, *, times: int = 1, path: str = "") -> None:
        """Let the fault play for the next calls; without a path, for calls it suits."""
        self.faults.order(fault, times=times, path=path)

    def jobs(self, **equal: object) -> list[dict[str, object]]:
        """Registered jobs as plain values, narrowed by column."""
        condition = " AND ".join(f"{name} = ?" for name in equal) or "1"
        return [job.summary() for job in self.ledger.jobs(condition, *equal.values())]

    def payments(self) -> list[dict[str, object]]:
        return [dict(row) for row in self.ledger.rows("SELECT * FROM payments ORDER BY id")]

    def credits(self) -> list[dict[str, object]]:
        return [dict(row) for row in self.ledger.rows("SELECT * FROM credits ORDER BY id")]

    def requests(self, path: str = "") -> list[dict[str, object]]:
        """Every call that was noted, with its headers and body; `path` is without /rest."""
        wanted = f"/rest{path}" if path else "%"
        return [
            dict(row)
            for row in self.ledger.rows("SELECT * FROM requests WHERE path LIKE ? ORDER BY id", wanted)
        ]

    def advance(self, **amount: float) -> dt.datetime:
        return self.clock.advance(**amount)

    def push_to(self, receiver: Receiver | None) -> None:
        self.pusher.receiver = receiver


@contextmanager
def running(ledger: Path | str, **options: Any) -> Iterator[Sandbox]:
    """A stand-in that serves as long as the block lasts."""
    sandbox = Sandbox(ledger, **options)
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.stop()
