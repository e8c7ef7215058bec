"""Drafts for tests: every argument has a default."""

import datetime as dt
from decimal import Decimal
from typing import Any

from ropo_portal.documents.drafts import Draft, DraftCreditor, DraftKind, DraftRecipient, DraftRow

HOMES: dict[str, dict[str, Any]] = {
    "FI": {"reference": "20261100017", "currency": "EUR", "language": "fi"},
    "SE": {"reference": "123456790", "currency": "SEK", "language": "sv"},
    "NO": {"reference": "602243", "currency": "NOK", "language": "nb"},
    "DE": {"reference": "RF18539007547034", "currency": "EUR", "language": "de"},
}
IBANS = {
    "FI": "FI4250001510000023",
    "SE": "SE3550000000054910000003",
    "NO": "NO9386011117947",
    "DE": "DE89370400440532013000",
}


def make_row(description: str = "Work", **fields: Any) -> DraftRow:
    values = {"quantity": Decimal(2), "unit_price": Decimal("10.01"), "vat_rate": Decimal("25.5"), **fields}
    return DraftRow(description, **values)


def make_creditor(country: str = "FI", **fields: Any) -> DraftCreditor:
    values = {
        "name": "Malli Oy",
        "address": ("Esimerkkitie 1", "00100 Helsinki"),
        "iban": IBANS[country],
        **fields,
    }
    return DraftCreditor(**values)


def make_draft(country: str = "FI", **fields: Any) -> Draft:
    values = {
        "kind": DraftKind.INVOICE,
        "creditor": make_creditor(country),
        "recipient": DraftRecipient("Matti Meikäläinen", ("Kotikatu 2 A 3", "33100 Tampere")),
        "number": "20260003",
        "invoice_date": dt.date(2026, 12, 1),
        "due_date": dt.date(2026, 12, 31),
        "rows": (make_row(),),
        "country": country,
        **HOMES[country],
        **fields,
    }
    return Draft(**values)
