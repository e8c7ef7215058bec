"""The optional parts of a message that have parts themselves."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ropo_portal.ropo_one.messages.wire import (
    MessageError,
    amount_text,
    country_text,
    date_text,
    number_text,
    without_empty,
)

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from ropo_portal.ropo_one.messages.wire import (
        Wire,
    )

DIMENSION_LENGTH = 10
DIMENSIONS = 10


@dataclass(frozen=True)
class CashDiscount:
    """A discount for paying by a day: as percent, as an amount, or both."""

    date: dt.date
    percent: Decimal | None = None
    amount: Decimal | None = None
    text: str = ""


@dataclass(frozen=True)
class Instalment:
    """One part of a payment plan of our own."""

    date: dt.date
    amount: Decimal


@dataclass(frozen=True)
class PaymentPlan:
    """Either instalments of our own, or months between them with an amount or a count."""

    instalments: tuple[Instalment, ...] = ()
    months_between: int | None = None
    amount: Decimal | None = None
    count: int | None = None


@dataclass(frozen=True)
class AdditionalAddress:
    """A delivery address or a billing address beside the debtor's own."""

    kind: str
    street: str
    postcode: str
    city: str
    country: str = ""
    extra_line_1: str = ""
    extra_line_2: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that travels with the document."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class AccountingRow:
    """One posting: an account with either a debit or a credit."""

    account: str
    text: str = ""
    debit: Decimal | None = None
    credit: Decimal | None = None
    net: Decimal | None = None
    vat: Decimal | None = None
    vat_rate: Decimal | None = None
    vat_code: str = ""
    dimension_name: str = ""
    dimensions: tuple[str, ...] = ()


_ADDRESS_KINDS = {"delivery": "2", "billing": "3"}


def cash_discount_members(discount: CashDiscount) -> Wire:
    """One row of the cash discounts."""
    if discount.percent is None and discount.amount is None:
        raise MessageError("A cash discount needs a percentage or an amount.")
    return without_empty(
        {
            "discountdate": date_text(discount.date),
            "discountpercent": number_text(discount.percent),
            "discountamount": amount_text(discount.amount),
            "discountfreetext": discount.text,
        }
    )


def payment_plan_members(plan: PaymentPlan) -> Wire:
    """A payment plan: an object of its own, or three members of the dataset."""
    by_rule = plan.months_between is not None or plan.amount is not None or plan.count is not None
    if plan.instalments and by_rule:
        raise MessageError("A payment plan has instalments or a rule, not both.")
    if plan.instalments:
        parts = [
            {"date": date_text(part.date), "amount": amount_text(part.amount)} for part in plan.instalments
        ]
        return {"payplan": {"instalment": parts}}
    if plan.months_between is None or (plan.amount is None) == (plan.count is None):
        raise MessageError(
            "A payment plan needs the months between instalments and either an amount or a count."
        )
    return without_empty(
        {
            "payplaninterval": number_text(plan.months_between),
            "payplanamount": amount_text(plan.amount),
            "payplancount": number_text(plan.count),
        }
    )


def address_members(address: AdditionalAddress) -> Wire:
    """One additional address."""
    if address.kind not in _ADDRESS_KINDS:
        raise MessageError("An additional address is for delivery or for billing.")
    return without_empty(
        {
            "addressaddline1": address.extra_line_1,
            "addressaddline2": address.extra_line_2,
            "address": address.street,
            "postcode": address.postcode,
            "city": address.city,
            "addresscountry": country_text(address.country),
            "addresstype": _ADDRESS_KINDS[address.kind],
        }
    )


def attachment_members(attachment: Attachment) -> Wire:
    """One file, its content in base64."""
    if not attachment.name or not attachment.content:
        raise MessageError("An attachment needs a name and a content.")
    content = base64.b64encode(attachment.content).decode("ascii")
    return {"attachmentname": attachment.name, "attachmentfile": content}


def accounting_members(row: AccountingRow) -> Wire:
    """One posting row."""
    if (row.debit is None) == (row.credit is None):
        raise MessageError("A posting has either a debit or a credit.")
    if len(row.dimensions) > DIMENSIONS or any(len(text) > DIMENSION_LENGTH for text in row.dimensions):
        raise MessageError("A posting has at most ten dimensions of at most ten characters.")
    members: dict[str, Any] = {
        "accountid": row.account,
        "desc": row.text,
        "debit": amount_text(row.debit),
        "credit": amount_text(row.credit),
        "netamount": amount_text(row.net),
        "vatamount": amount_text(row.vat),
        "taxpr": number_text(row.vat_rate),
        "vatcode": row.vat_code,
        "servicecode_name": row.dimension_name,
    }
    for place, text in enumerate(row.dimensions, start=1):
        members["type" if place == 1 else f"type{place}"] = text
    return without_empty(members)
