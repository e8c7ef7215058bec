"""Room: what becomes of one invented invoice: drafted, sent, paid, reminded; most of them end well."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.identifiers import new_id

if TYPE_CHECKING:
    from ropo_portal.demo.measuring.town import Town

DAY = dt.timedelta(days=1)
TERM, SPAN = 14, 730
FIRST_JOB, FIRST_REFERENCE = 40_000_000, 5_000_000_000
# The share of those that end so, of a thousand; below each limit the state to its left.
NEW_STATES = (("draft", 400), ("queued", 500))
STATES = (("rejected", 5), ("unconfirmed", 6), ("held", 7))
NEW_DAYS = 7
# Of a hundred: paid when not due, lately due, long due; with a claim when overdue; reminded of those.
PAID, CLAIMED, REMINDED, PROMISED = (30, 70, 88), 80, 60, 2


class Life:
    """One invoice of a debtor, and everything that followed."""

    def __init__(
        self, town: "Town", place: int, environment: CreditorEnvironment, debtor: tuple[str, str]
    ) -> None:
        self.town, self.place, self.environment, self.debtor = town, place, environment, debtor
        self.creditor = str(environment.creditor_id)
        self.parties = (self.creditor, str(environment.pk))
        self.chance = town.chance.randrange
        age = self.chance(SPAN)
        self.moment = town.at - age * DAY - dt.timedelta(seconds=self.chance(80_000))
        self.date = self.moment.date()
        self.due = self.date + TERM * DAY
        self.late = age - TERM
        self.number = f"L{place:07}"
        self.key = self.number.casefold()
        self.reference = str(FIRST_REFERENCE + place * 7)
        # Cents of the net sum; every second one, so that a quarter and a half of them are whole.
        self.net = 5_000 + 200 * self.chance(20_000)
        self.total = _euros(self.net * 251 // 200)
        self.id = new_id().hex

    def live(self) -> None:
        """Write it down with its rows, send it, and let time pass."""
        self.state = self._state()
        sent = None if self.state == "draft" else self._submission(self.id, "invoice", "print", self.state)
        head = (self.debtor[0], self.number, self.key, self.reference, self.date, self.due)
        vat = self.net * 51 // 200
        self._add(
            "invoice",
            self.id,
            *self.parties,
            *head,
            _euros(self.net),
            _euros(vat),
            self.total,
            self.moment,
            sent,
        )
        self._rows()
        self._told("invoice.created", "invoices.invoice", self.id)
        if sent:
            self._told("invoice.posted", "invoices.invoice", self.id)
            self._told("submission.accepted", "submissions.submission", sent)
        elif self.chance(10) == 0:
            self._add("approval", new_id(), self.id, self.moment)
        if self.state == "accepted":
            self._money(head)

    def _state(self) -> str:
        roll = self.chance(1000)
        shares = (*STATES, *NEW_STATES) if -self.late > TERM - NEW_DAYS else STATES
        return next((state for state, limit in shares if roll < limit), "accepted")

    def _rows(self) -> None:
        many = self.chance(5) + 1
        prices = [_euros(self.net - 1_000 * (many - 1)), *["10.00"] * (many - 1)]
        for position, price in enumerate(prices, start=1):
            self._add("row", new_id(), self.id, str(position), f"Huolto {position}", price)

    def _submission(self, document: str, kind: str, opening: str, state: str, **more: Any) -> uuid.UUID:
        """Write the order and its one attempt; return the order's key."""
        found, at = new_id(), more.get("at", self.moment)
        later = at + dt.timedelta(seconds=20)
        is_told = state in {"accepted", "rejected"}
        job = str(FIRST_JOB + 3 * self.place + (opening == "claim")) if state == "accepted" else ""
        self._add(
            "submission", found, *self.parties, kind, document, self.number, self.key, opening, self.debtor[1], self.total,
            state, "never-sent" if state == "held" else "", at, at, later if is_told else None, later, job,
            "2" if "moves" in more else "", more.get("moves"), "unknown field" if state == "rejected" else "",
        )  # fmt: skip
        if state in {"accepted", "rejected", "unconfirmed"}:
            outcome = state if is_told else "unknown"
            self._add("attempt", new_id(), found, at, at + dt.timedelta(minutes=2), later, outcome, "")
        return found

    def _money(self, head: tuple[Any, ...]) -> None:
        """Let it be paid, or fall due, be reminded and promised."""
        stage = 0 if self.late <= 0 else 1 if self.late <= 60 else 2
        is_paid = self.chance(100) < PAID[stage]
        if not is_paid and (self.late <= 0 or self.chance(100) >= CLAIMED):
            return
        claim = new_id()
        self._add("claim", claim, *self.parties, *head, self.total, self.id, self.moment)
        if is_paid:
            self._pay(claim)
        elif self.late > TERM and self.chance(100) < REMINDED:
            moves = self.town.at.date() + self.chance(30) * DAY
            reminder = new_id()
            sent = self._submission(
                reminder.hex, "reminder", "claim", "accepted", at=self.moment + 2 * TERM * DAY, moves=moves
            )
            self._add("reminder", reminder, claim, self.total, self.moment, sent)
        elif self.chance(100) < PROMISED:
            day = max(self.town.at.date() - 20 * DAY + self.chance(40) * DAY, self.date)
            self._add(
                "promise",
                new_id(),
                self.debtor[0],
                self.parties[1],
                claim,
                day,
                self.total,
                self.moment,
                self.date,
            )

    def _pay(self, claim: uuid.UUID) -> None:
        day = min(self.due + (self.chance(30) - 15) * DAY, self.town.at.date())
        update, at = new_id(), self.moment
        self._add(
            "update",
            update,
            self.parties[1],
            f"u{self.place}",
            None,
            self.number,
            self.key,
            self.total,
            day,
            at,
            at,
        )
        self._add("report", new_id(), claim, update, self.total, day, at)

    def _told(self, verb: str, subject: str, key: Any) -> None:
        self.town.sequence += 1
        self._add(
            "entry", new_id(), self.creditor, str(self.town.sequence), self.creditor, self.moment, verb, subject, key,
            self.number,
        )  # fmt: skip

    def _add(self, sheet: str, *values: Any) -> None:
        self.town.sheets[sheet].add(*values)


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
