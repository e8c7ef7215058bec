"""Jobs, status updates and settlements as the ledger keeps them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True)
class Delivery:
    """Which request brought something, and the hash of exactly the bytes it brought."""

    request_id: int
    cid: str
    data_identifier: str
    sha256: str


@dataclass(frozen=True)
class Job:
    """One registered job; `amount` is gross, `open_amount` what is left of it."""

    jobid: int
    request_id: int
    cid: str
    jobtype: str
    billnum: str
    billcode: str
    amount: Decimal
    currency: str
    debtor: str
    custnum: str
    govid: str
    billdate: str
    paydate: str
    data_identifier: str
    sha256: str
    registered_at: str
    clock_at: str
    visible_at: str
    veil: str
    settled: Decimal = Decimal(0)
    dataset: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def open_amount(self) -> Decimal:
        return self.amount - self.settled

    @property
    def is_paid(self) -> bool:
        return self.open_amount <= 0 < self.amount

    def summary(self) -> dict[str, object]:
        """What the control page tells about the job; without its dataset."""
        told = asdict(self) | {"amount": str(self.amount), "settled": str(self.settled)}
        told.pop("dataset")
        return told | {"open_amount": str(self.open_amount)}


@dataclass(frozen=True)
class NewJob:
    """A job as the contract understood it, before the ledger gives it a number."""

    jobtype: str
    billnum: str
    billcode: str
    amount: Decimal
    currency: str
    debtor: str
    custnum: str
    govid: str
    billdate: str
    paydate: str
    dataset: dict[str, Any]


@dataclass(frozen=True)
class Update:
    """One status update, named as the wire names it."""

    jobid: int
    statusid: str
    billnum: str
    statustype: str
    statustime: str
    statusref: str
    statustext: str
    statuscode: str
    paydate: str
    amount: str

    @classmethod
    def read(cls, row: sqlite3.Row) -> Update:
        return cls(*(row[name] for name in cls.__dataclass_fields__))

    def told(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Settlement:
    """A payment or an allocated credit note."""

    kind: str
    amount: Decimal
    on_date: str
    details: dict[str, Any]
