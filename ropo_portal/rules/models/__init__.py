"""Room: what changes with the calendar: tax rates, waiting times, fees and interest, each with its source."""

from typing import Any

from ropo_portal.rules.models.costs import Fee, FeeCap, InterestRate
from ropo_portal.rules.models.dated import Country, DatedRule, DebtorKind
from ropo_portal.rules.models.vat import Band, VatRate
from ropo_portal.rules.models.waiting import After, LegalRule, Step

# Every kind of rule by the word that stands for it in addresses.
KINDS: dict[str, type[Any]] = {
    "waiting": LegalRule,
    "fees": FeeCap,
    "interest": InterestRate,
    "vat": VatRate,
}

__all__ = [
    "KINDS",
    "After",
    "Band",
    "Country",
    "DatedRule",
    "DebtorKind",
    "Fee",
    "FeeCap",
    "InterestRate",
    "LegalRule",
    "Step",
    "VatRate",
]
