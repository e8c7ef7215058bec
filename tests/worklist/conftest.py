"""What the tests of the work list share."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ropo_portal.worklist.models import BookEntry, OpenItem

TODAY = dt.date(2026, 11, 23)


def sums(kind: str, **wanted: Any) -> dict[dt.date, tuple[Decimal, int, int]]:
    """Return amount, items and days late of every day of the book that holds anything."""
    found: dict[dt.date, tuple[Decimal, int, int]] = {}
    for entry in BookEntry.objects.filter(kind=kind, **wanted):
        amount, items, late = found.get(entry.day, (Decimal(0), 0, 0))
        found[entry.day] = (
            (amount + entry.amount).quantize(Decimal("0.01")),
            items + entry.items,
            late + entry.late_days,
        )
    return {day: row for day, row in sorted(found.items()) if any(row)}


def items() -> list[tuple[Decimal, bool, dt.date | None]]:
    """Return what is open of everything, whether Ropo pursues it, and when it was closed."""
    rows = OpenItem.objects.order_by("due_date", "id")
    return [(row.amount.quantize(Decimal("0.01")), row.is_pursued, row.closed_date) for row in rows]


@pytest.fixture
def take(user_as: Callable[[str], Any]) -> Callable[..., Any]:
    """Let somebody take a row."""
    from ropo_portal.worklist.operations import take_work  # noqa: PLC0415 (after the settings)
    from tests.factories import AT  # noqa: PLC0415 (the same)

    def act(row: Any, role: str = "sender", **facts: Any) -> Any:
        facts = {"kind": "held", "actor": facts.pop("actor", None) or user_as(role), "at": AT, **facts}
        return take_work(subject=row, creditor_id=row.creditor_id, **facts)

    return act
