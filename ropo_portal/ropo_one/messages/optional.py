"""What a message may say beyond its minimum: one table from our names to Ropo's, from which forms can be made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ropo_portal.ropo_one.messages import extras
from ropo_portal.ropo_one.messages.extras import (
    AccountingRow,
    AdditionalAddress,
    Attachment,
    CashDiscount,
    Instalment,
    PaymentPlan,
)
from ropo_portal.ropo_one.messages.wire import (
    MessageError,
    amount_text,
    date_text,
    flag_text,
    number_text,
    without_empty,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ropo_portal.ropo_one.messages.wire import (
        Wire,
    )

__all__ = [
    "OPTIONAL_FIELDS",
    "AccountingRow",
    "AdditionalAddress",
    "Attachment",
    "CashDiscount",
    "Instalment",
    "Job",
    "Kind",
    "OptionalField",
    "PaymentPlan",
    "optional_members",
]


class Kind(StrEnum):
    """The kind of value an optional field takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    CASH_DISCOUNTS = "cash_discounts"
    PAYMENT_PLAN = "payment_plan"
    ADDRESSES = "addresses"
    ATTACHMENTS = "attachments"
    ACCOUNTING_ROWS = "accounting_rows"


class Job(StrEnum):
    """The job types the portal builds, by Ropo's number."""

    PRINT_INVOICE = "300"
    REMINDER = "1"
    DEBT_COLLECTION = "2"
    LETTER = "301"


class Certainty(StrEnum):
    """How a fact of the contract is known."""

    DOCUMENTED = "documented"
    SEEN = "seen in use"
    GUESSED = "guessed"


@dataclass(frozen=True)
class OptionalField:
    """One optional member: our name, Ropo's name, what it takes and what it means."""

    name: str
    wire: str
    kind: Kind
    meaning: str
    jobs: frozenset[Job]
    certainty: Certainty = Certainty.SEEN
    choices: tuple[str, ...] = ()


_INVOICE = frozenset({Job.PRINT_INVOICE})
_CLAIMS = frozenset({Job.PRINT_INVOICE, Job.REMINDER, Job.DEBT_COLLECTION})
_COLLECTION = frozenset({Job.DEBT_COLLECTION})
_DOC = Certainty.DOCUMENTED

_TABLE: tuple[OptionalField, ...] = (
    OptionalField("our_reference", "ourcode", Kind.TEXT, "Our reference, printed on the invoice", _INVOICE),
    OptionalField("your_reference", "yourcode", Kind.TEXT, "The buyer's reference", _INVOICE),
    OptionalField("order_number", "ordernumber", Kind.TEXT, "Order number", _INVOICE),
    OptionalField("internal_reference", "ownref", Kind.TEXT, "Reference for our own use", _INVOICE),
    OptionalField("seller_code", "salesman", Kind.TEXT, "Seller's code", _INVOICE),
    OptionalField("seller", "salesmanname", Kind.TEXT, "Seller's name", _INVOICE),
    OptionalField("delivery_method", "deliverymethod", Kind.TEXT, "How the goods were delivered", _INVOICE),
    OptionalField("delivery_term", "deliveryterm", Kind.TEXT, "Delivery term", _INVOICE),
    OptionalField("free_text", "freetext", Kind.LONG_TEXT, "Text on the document", _CLAIMS),
    OptionalField("claim_text", "claimtext", Kind.LONG_TEXT, "What the claim rests on", _COLLECTION),
    OptionalField("late_interest", "overdueinterest", Kind.NUMBER, "Late interest, percent a year", _CLAIMS),
    OptionalField("collection_process", "collectionprocess", Kind.CHOICE, "Process Ropo runs", _CLAIMS, _DOC,
                  ("T1", "AUTO")),
    OptionalField("country_of_registration", "country", Kind.TEXT, "Country of registration, three letters",
                  _CLAIMS, _DOC),
    OptionalField("cash_discounts", "cashdiscountrow", Kind.CASH_DISCOUNTS, "Discounts for paying early",
                  _INVOICE, _DOC),
    OptionalField("payment_plan", "payplan", Kind.PAYMENT_PLAN, "Instalments; companies only", _INVOICE, _DOC),
    OptionalField("finance", "finance", Kind.CHOICE, "Financing (1) or purchase (2) of the invoice; companies "
                  "with a valid business id only", _INVOICE, _DOC, ("1", "2")),
    OptionalField("fixed_fee", "fixedfee", Kind.FLAG, "Fixed compensation for late payment; companies only",
                  _INVOICE, _DOC),
    OptionalField("additional_addresses", "addaddress", Kind.ADDRESSES, "Delivery or billing address",
                  _CLAIMS, _DOC),
    OptionalField("attachments", "attachment", Kind.ATTACHMENTS, "Files sent along, PDF", _INVOICE, _DOC),
    OptionalField("accounting_date", "accountdate", Kind.DATE, "Accounting date; the invoice date if not given",
                  _INVOICE, _DOC),
    OptionalField("accounting_rows", "accountrow", Kind.ACCOUNTING_ROWS, "Postings for the ledger", _INVOICE, _DOC),
    OptionalField("period", "period", Kind.TEXT, "Accounting period", _INVOICE),
    OptionalField("vat_period", "vatperiod", Kind.TEXT, "VAT period", _INVOICE),
    OptionalField("voucher_batch", "voucherbatch", Kind.TEXT, "Voucher series", _INVOICE),
    OptionalField("voucher_number", "vouchernum", Kind.TEXT, "Voucher number", _INVOICE),
    OptionalField("post_class", "postclass", Kind.CHOICE, "Postal class", _CLAIMS, choices=("1", "2")),
    OptionalField("color", "color", Kind.FLAG, "Print in color", _CLAIMS),
    OptionalField("reverse_charge", "negvat", Kind.FLAG, "The buyer is liable for the VAT", _CLAIMS),
    OptionalField("cash_receipt", "cashbill", Kind.FLAG, "Already paid in cash", _CLAIMS),
    OptionalField("no_automatic_reminders", "sensible", Kind.FLAG, "No reminders by themselves", _CLAIMS),
    OptionalField("print_operator", "printoperator", Kind.TEXT, "Who prints", _INVOICE),
    OptionalField("template", "billtemplate", Kind.TEXT, "Layout of the invoice", _INVOICE),
    OptionalField("template_model", "model", Kind.TEXT, "Variant of the layout", _INVOICE),
)  # fmt: skip

OPTIONAL_FIELDS: Mapping[str, OptionalField] = MappingProxyType({field.name: field for field in _TABLE})


def _text(value: object) -> str:
    if not isinstance(value, str | int):
        raise MessageError("A text is needed.")
    return str(value)


_SCALARS: Mapping[Kind, Callable[[Any], str]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.LONG_TEXT: _text,
        Kind.CHOICE: _text,
        Kind.NUMBER: number_text,
        Kind.AMOUNT: amount_text,
        Kind.DATE: date_text,
        Kind.FLAG: flag_text,
    }
)
_STRUCTURES: Mapping[Kind, Callable[[Any], Wire]] = MappingProxyType(
    {
        Kind.CASH_DISCOUNTS: lambda rows: {
            "cashdiscountrow": [extras.cash_discount_members(row) for row in rows]
        },
        Kind.PAYMENT_PLAN: extras.payment_plan_members,
        Kind.ADDRESSES: lambda rows: {"addaddress": [extras.address_members(row) for row in rows]},
        Kind.ATTACHMENTS: lambda rows: {"attachment": [extras.attachment_members(row) for row in rows]},
        Kind.ACCOUNTING_ROWS: lambda rows: {"accountrow": [extras.accounting_members(row) for row in rows]},
    }
)


def optional_members(given: Mapping[str, Any], *, job: Job) -> Wire:
    """The wire members of the optional values given by our names, in the order of the table."""
    for name in given:
        if name not in OPTIONAL_FIELDS:
            raise MessageError(f"There is no optional field called {name}.")
    members: Wire = {}
    for field in _TABLE:
        value = given.get(field.name)
        if value is None or value in ("", (), []):
            continue
        if job not in field.jobs:
            raise MessageError(f"The field {field.name} does not belong to this kind of message.")
        members |= _members(field, value)
    return without_empty(members)


def _members(field: OptionalField, value: object) -> Wire:
    if field.kind in _STRUCTURES:
        return _STRUCTURES[field.kind](value)
    text = _SCALARS[field.kind](value)
    if field.choices and text not in field.choices:
        raise MessageError(f"The field {field.name} can only be {' or '.join(field.choices)}.")
    return {field.wire: text}
