"""Room: the portal's truth beside the ledger's: what arrived, what was lost, what was booked twice."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.request import urlopen

from django.conf import settings

from ropo_portal.history.models import Entry
from ropo_portal.submissions.models import Submission

State = Submission.State
# States in which nothing may stand in the ledger; one that is held may have been sent, or never.
NOT_THERE = frozenset({State.REJECTED, State.CANCELLED, State.QUEUED})

# Customer number at Ropo One, and invoice number.
Address = tuple[str, str]


@dataclass(frozen=True)
class Promise:
    """What the portal says about one submission."""

    id: uuid.UUID
    account: str
    number: str
    state: str
    held_reason: str = ""

    @property
    def address(self) -> Address:
        """Under which the ledger would have it."""
        return self.account, self.number

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

    Lost: queued once and gone, or accepted without a row in the ledger. Duplicated: every row beyond the first.
    """
    kept, rows = list(promises), Counter(booked)
    gone = set(promised) - {one.id for one in kept}
    missing = [one.number for one in kept if one.state == State.ACCEPTED and not rows[one.address]]
    known = {one.address for one in kept}
    live = {one.address for one in kept if not one.is_denied}
    denied = {one.address for one in kept if one.is_denied} - live
    return Comparison(
        states=Counter(str(one.state) for one in kept),
        lost=(*map(str, sorted(gone)), *sorted(missing)),
        duplicated=tuple(number for (_, number), count in sorted(rows.items()) for _ in range(count - 1)),
        contradictions=(
            *(
                f"{number} is booked, but the portal says it is not"
                for _, number in sorted(denied & set(rows))
            ),
            *(
                f"{number} is booked for {account}, but nobody posted it"
                for account, number in sorted(set(rows) - known)
            ),
        ),
    )


def compare() -> Comparison:
    """Read both sides and compare."""
    rows = Submission.objects.values_list("pk", "environment__cid", "number", "state", "held_reason")
    promised = Entry.objects.filter(verb="submission.queued").values_list("subject_id", flat=True)
    return compared((Promise(*row) for row in rows), promised=promised, booked=read_ledger())


def read_ledger() -> list[Address]:
    """Ask the stand-in what is registered with it."""
    with urlopen(f"{settings.SANDBOX_URL}/control/ledger", timeout=10) as answer:  # noqa: S310 (our own child)
        told = json.load(answer)
    return [(str(job["cid"]), str(job["billnum"])) for job in told["jobs"]]
