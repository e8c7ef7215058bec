"""Fees and interest of a claim on its way; the sums are invented, and every update about them says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from . import life
from .pricing import money

if TYPE_CHECKING:
    import datetime as dt

    from .records import Job

REMINDER_FEE = {"EUR": Decimal("5.00"), "SEK": Decimal("60.00"), "NOK": Decimal("35.00")}
COLLECTION_FEE = {"EUR": Decimal("14.00"), "SEK": Decimal("180.00"), "NOK": Decimal("105.00")}
RATE = Decimal("0.105")
YEAR = 365


@dataclass(frozen=True)
class Cost:
    """One sum beside the principal."""

    kind: str
    amount: Decimal


def costs(job: Job, step: life.Step) -> list[Cost]:
    """A reminder costs a fee; collection a larger one, and the interest since the due date."""
    if step.status == life.REMINDER:
        return [Cost("fee", REMINDER_FEE[job.currency])]
    if step.status == life.COLLECTION:
        fee = Cost("fee", COLLECTION_FEE[job.currency])
        return [fee, *_interest(job, step.on)]
    return []


def _interest(job: Job, on: dt.date) -> list[Cost]:
    days = max(0, (on - life.due_day(job, on)).days)
    sum_ = money(max(Decimal(0), job.open_amount) * RATE * days / YEAR)
    return [Cost("interest", sum_)] if sum_ else []
