"""Ropo One's arithmetic as far as it is known: net, VAT and gross of a job's rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
EXACT = ("netamount", "vatamount", "totalamount")


def money(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Amounts:
    """Net, VAT and gross that belong together."""

    net: Decimal
    vat: Decimal
    total: Decimal


@dataclass(frozen=True)
class Price:
    """What a job comes to, row by row, rate by rate and in all."""

    rows: tuple[Amounts, ...]
    groups: tuple[tuple[Decimal, Amounts], ...]
    all: Amounts


def price(dataset: dict[str, Any], *, rounding: str = "group") -> Price:
    """Price the rows; totals that came with the dataset are kept as they are."""
    rows = [_row(row) for row in dataset.get("payrow") or ()]
    rates = [Decimal(str(row["taxpr"])) for row in dataset.get("payrow") or ()]
    groups = []
    for rate in sorted(set(rates)):
        members = [row for row, its_rate in zip(rows, rates, strict=True) if its_rate == rate]
        groups.append((rate, _group(members, rate, exact=_are_exact(dataset), rounding=rounding)))
    return Price(tuple(rows), tuple(groups), _all(dataset, [amounts for _, amounts in groups]))


def _row(row: dict[str, Any]) -> Amounts:
    if all(name in row for name in EXACT):
        return Amounts(*(Decimal(str(row[name])) for name in EXACT))
    discount = 1 - Decimal(str(row.get("discount") or 0)) / 100
    net = money(Decimal(str(row["count"])) * Decimal(str(row["amount"])) * discount)
    vat = money(net * Decimal(str(row["taxpr"])) / 100)
    return Amounts(net, vat, net + vat)


def _are_exact(dataset: dict[str, Any]) -> bool:
    return all(name in row for row in dataset.get("payrow") or () for name in EXACT)


def _group(members: list[Amounts], rate: Decimal, *, exact: bool, rounding: str) -> Amounts:
    net = sum((row.net for row in members), Decimal(0))
    if exact or rounding == "row":
        vat = sum((row.vat for row in members), Decimal(0))
    else:
        vat = money(net * rate / 100)
    return Amounts(net, vat, net + vat)


def _all(dataset: dict[str, Any], groups: list[Amounts]) -> Amounts:
    if all(name in dataset for name in EXACT):
        return Amounts(*(Decimal(str(dataset[name])) for name in EXACT))
    if not groups:
        gross = money(Decimal(str(dataset.get("amount") or 0)))
        return Amounts(gross, Decimal(0), gross)
    net = sum((group.net for group in groups), Decimal(0))
    vat = sum((group.vat for group in groups), Decimal(0))
    return Amounts(net, vat, net + vat)


def disagreement(dataset: dict[str, Any]) -> str:
    """The first exact total that contradicts the others, or nothing."""
    rows = dataset.get("payrow") or []
    for position, each in enumerate([*rows, dataset], start=1):
        where = "totalamount" if each is dataset else f"payrow {position}"
        if all(name in each for name in EXACT):
            net, vat, total = (Decimal(str(each[name])) for name in EXACT)
            if abs(net + vat - total) > CENT:
                return f"{where}: {net} + {vat} <> {total}"
    return _sums(dataset, rows)


def _sums(dataset: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    for name in EXACT:
        if name in dataset and rows and all(name in row for row in rows):
            found = sum((Decimal(str(row[name])) for row in rows), Decimal(0))
            if abs(found - Decimal(str(dataset[name]))) > CENT * len(rows):
                return f"{name}: {found} <> {dataset[name]}"
    return ""
