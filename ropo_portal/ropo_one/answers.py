"""What Ropo One answered, in typed form and without any judgement; docs/ropo-one/contract.md has a part for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True)
class Answer:
    """What every answer keeps: the status, a few headers, the raw body and how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    elapsed: float


@dataclass(frozen=True)
class JobResult:
    """One job of a delivery. docs/ropo-one/contract.md, "Answer to jobs"."""

    job_id: str
    number: str
    reference: str
    amount: Decimal | None
    accepted: bool
    error: str


@dataclass(frozen=True)
class JobsAnswer(Answer):
    """The answer to a delivery of jobs. docs/ropo-one/contract.md, "Answer to jobs".

    `accepted_count` is Ropo's own count, None when it gave none that can be read. `errors` holds every text of the
    answer that says something went wrong, those of single results included.
    """

    accepted_count: int | None
    results: tuple[JobResult, ...]
    errors: tuple[str, ...]

    @property
    def accepted(self) -> tuple[JobResult, ...]:
        """The results that Ropo took."""
        return tuple(result for result in self.results if result.accepted)

    @property
    def rejected(self) -> tuple[JobResult, ...]:
        """The results that Ropo turned down."""
        return tuple(result for result in self.results if not result.accepted)


@dataclass(frozen=True)
class PaymentAnswer(Answer):
    """The echo of a bypass payment. docs/ropo-one/contract.md, "Payments". Every member may be empty."""

    job_id: str
    number: str
    reference: str
    paid_date: dt.date | None
    amount: Decimal | None
    errors: tuple[str, ...]


@dataclass(frozen=True)
class CreditAnswer(Answer):
    """The echo of a credit note's allocation. docs/ropo-one/contract.md, "Credit notes". Members may be empty."""

    job_id: str
    number: str
    reference: str
    credit_date: dt.date | None
    amount: Decimal | None
    errors: tuple[str, ...]


@dataclass(frozen=True)
class LocalPrintAnswer(Answer):
    """The document of a job that was registered for delivery by ourselves. docs/ropo-one/contract.md, "Documents"."""

    @property
    def pdf(self) -> bytes:
        """The document itself."""
        return self.body


@dataclass(frozen=True)
class JobInfo(Answer):
    """One job as Ropo sees it now. docs/ropo-one/contract.md, "One job"."""

    job_id: str
    number: str
    reference: str
    status_code: str
    status_text: str
    next_status_code: str
    next_status_text: str
    next_status_date: dt.date | None
    current_due_date: dt.date | None
    received_date: dt.date | None
    original_text: str
    members: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class StatusUpdate:
    """One change that Ropo tells about. docs/ropo-one/contract.md, "Status updates".

    `time_text` has no zone: it is kept as it came, the environment's zone is the likely one.
    """

    update_id: str
    job_id: str
    number: str
    kind: str
    code: str
    heading: str
    text: str
    time_text: str
    paid_date: dt.date | None
    amount: Decimal | None
    members: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class StatusPage(Answer):
    """One page of changes, at most a thousand. docs/ropo-one/contract.md, "Status updates".

    `unreadable` counts the entries without the keys of a change: keep the raw body and show them to a person. A
    filtered page has none: the client takes such an answer for unclear.
    """

    updates: tuple[StatusUpdate, ...]
    unreadable: int

    @property
    def raw(self) -> bytes:
        """The page as it came over the wire, to be kept before anything else."""
        return self.body


@dataclass(frozen=True)
class CustomerInvoice:
    """One invoice of a debtor. docs/ropo-one/contract.md, "A debtor's invoices"."""

    job_id: str
    number: str
    invoice_date: dt.date | None
    state: str
    open_amount: Decimal | None
    is_group: bool
    group_job_ids: tuple[str, ...]
    group_total: Decimal | None
    link: str


@dataclass(frozen=True)
class CustomerInvoices(Answer):
    """A debtor's invoices. docs/ropo-one/contract.md, "A debtor's invoices"."""

    invoices: tuple[CustomerInvoice, ...]
