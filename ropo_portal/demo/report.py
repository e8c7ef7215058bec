"""Room: the portal's truth beside the ledger's: what arrived, what was lost, what was booked twice."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ropo_portal.demo import standin
from ropo_portal.history.models import Entry
from ropo_portal.submissions.models import Kind, Submission

State = Submission.State
# States in which nothing may stand in the ledger; one that is held may have been sent, or never.
NOT_THERE = frozenset({State.REJECTED, State.CANCELLED, State.QUEUED})

# What the ledger calls each kind: the type of a job, or what lowers one.
LEDGER = {
    Kind.INVOICE: "300", Kind.LOCAL_PRINT: "300", Kind.CREDIT_NOTE: "300", Kind.MONITORED_INVOICE: "0",
    Kind.REMINDER: "1", Kind.DEBT_COLLECTION: "2", Kind.LETTER: "301",
    Kind.BYPASS_PAYMENT: "payment", Kind.CREDIT_ALLOCATION: "credit",
}  # fmt: skip
# What it booked without a word of ours: money that the debtor brought there, and credit notes that named their invoice.
RECEIVED, PLACED = "received", "by_jobid"

# Customer number at Ropo One, invoice number, and what it is in the ledger.
Address = tuple[str, str, str]


@dataclass(frozen=True)
class Promise:
    """What the portal says about one submission."""

    id: uuid.UUID
    account: str
    number: str
    state: str
    held_reason: str = ""
    kind: str = Kind.INVOICE

    @property
    def address(self) -> Address:
        """Under which the ledger would have it."""
        return self.account, self.number, LEDGER[Kind(self.kind)]

    @property
    def is_denied(self) -> bool:
        """Whether the portal says that Ropo One has nothing."""
        never = self.state == State.HELD and self.held_reason == Submission.HeldReason.NEVER_SENT
        return never or self.state in NOT_THERE


@dataclass(frozen=True)
class Comparison:
    """How many stand where, and every number about which the two disagree."""

    states: Counter[str]
    lost: tuple[str, ...]
    duplicated: tuple[str, ...]
    contradictions: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether the portal and the ledger tell the same."""
        return not (self.lost or self.duplicated or self.contradictions)

    @property
    def closing_line(self) -> str:
        """The last line of `demo --check`."""
        counts = {state: self.states[state] for state in State.values}
        return (
            f"demo: {counts['accepted']} accepted, {counts['rejected']} rejected, "
            f"{counts['unconfirmed']} unconfirmed, {counts['held']} held, "
            f"{len(self.lost)} lost, {len(self.duplicated)} duplicated"
        )


def compared(
    promises: Iterable[Promise], *, promised: Iterable[uuid.UUID], booked: Iterable[Address]
) -> Comparison:
    """
    Compare submissions, the ids the history saw queued, and the rows of the ledger.

    Lost: queued once and gone, or accepted without a row in the ledger. Duplicated: every row that nobody promised.
    """
    kept, rows = list(promises), Counter(booked)
    gone = set(promised) - {one.id for one in kept}
    accepted = Counter(one.address for one in kept if one.state == State.ACCEPTED)
    known = {one.address for one in kept}
    live = Counter(one.address for one in kept if not one.is_denied)
    denied = {one.address for one in kept if one.is_denied} - set(live)
    return Comparison(
        states=Counter(str(one.state) for one in kept),
        lost=(*map(str, sorted(gone)), *_numbers(accepted - rows)),
        duplicated=tuple(_numbers(rows - Counter({one: max(live[one], 1) for one in rows}))),
        contradictions=(
            *(
                f"{number} is booked, but the portal says it is not"
                for _, number, _ in sorted(denied & set(rows))
            ),
            *(
                f"{number} is booked for {account}, but nobody posted it"
                for account, number, _ in sorted(set(rows) - known)
            ),
        ),
    )


def _numbers(counted: Counter[Address]) -> list[str]:
    return sorted(number for _, number, _ in counted.elements())


def compare() -> Comparison:
    """Read both sides and compare."""
    rows = Submission.objects.values_list("pk", "environment__cid", "number", "state", "held_reason", "kind")
    promised = Entry.objects.filter(verb="submission.queued").values_list("subject_id", flat=True)
    return compared((Promise(*row) for row in rows), promised=promised, booked=read_ledger())


def read_ledger() -> list[Address]:
    """Return what is registered with the stand-in on a word of ours."""
    told = standin.ledger()
    found = [(str(job["cid"]), str(job["billnum"]), str(job["jobtype"])) for job in told["jobs"]]
    for word in ("payment", "credit"):
        ours = (row for row in told[f"{word}s"] if _is_told(json.loads(row["details"])))
        found += [(str(row["cid"]), str(row["billnum"]), word) for row in ours]
    return found


def _is_told(details: dict[str, object]) -> bool:
    return details.get("type") != RECEIVED and PLACED not in details
