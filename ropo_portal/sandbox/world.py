"""What every desk of the stand-in shares: switches, ledger, clock, tokens and the visit at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .answers import Errors
from .ledger import stamp
from .texts import text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from .clock import Clock
    from .exchange import Reply, Request
    from .ledger import Ledger
    from .options import Account, Options
    from .records import Delivery, Job
    from .tokens import Tokens


class LookUpDown(Exception):
    """The look-up was told to fail."""


@dataclass
class World:
    """The stand-in's possessions."""

    options: Options
    clock: Clock
    ledger: Ledger
    tokens: Tokens
    errors: Errors = field(default_factory=Errors)
    before_answer: Callable[[], object] = field(default=lambda: None)
    catch_up: Callable[[Account], None] = field(default=lambda _: None)
    catch_up_all: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True)
class Visit:
    """One authorized call: who asks, what, and what the chosen fault means for it."""

    world: World
    request: Request
    account: Account
    delivery: Delivery
    keep: bool = True
    veil: str = ""
    times: int = 1

    @property
    def profile(self) -> str:
        wanted = self.request.headers.get("x-sandbox-profile", "")
        return wanted if wanted in self.world.options.CHOICES["profile"] else self.world.options.profile

    @property
    def now(self) -> dt.datetime:
        return self.world.clock.now()

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.account.zone).date()

    def local_time(self) -> str:
        return self.now.astimezone(self.account.zone).strftime("%Y-%m-%d %H:%M:%S")

    def text(self, key: str, *values: object) -> str:
        return text(self.account.country, key, *values)

    def booking(self) -> AbstractContextManager[None]:
        return self.world.ledger.booking(keep=self.keep)

    def refuse(self, status: int, key: str, *values: object) -> Reply:
        """An error in the shape the switch asks for."""
        return self.world.errors.any(self.world.options.error_shape, status, self.text(key, *values))

    def seen(self, jobs: list[Job]) -> list[Job]:
        """The jobs a look-up admits to, which lag and lies may hide."""
        veils = {self.veil.partition(":")[0], *(job.veil.partition(":")[0] for job in jobs)}
        if "lookup-fails" in veils:
            raise LookUpDown
        if "lookup-not-found" in veils and self.veil:
            return []
        now = stamp(self.now)
        return [job for job in jobs if job.visible_at <= now and not job.veil.startswith("lookup-not-found")]

    def jobs(self, condition: str, *values: object) -> list[Job]:
        return self.world.ledger.jobs(f"cid = ? AND {condition}", self.account.cid, *values)
