"""The print invoice: Ropo's job type 300."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ropo_portal.ropo_one.messages.optional import Job, PaymentPlan, optional_members
from ropo_portal.ropo_one.messages.recipients import RecipientKind, recipient_members
from ropo_portal.ropo_one.messages.wire import (
    MessageError,
    amount_text,
    date_text,
    jobs_message,
    number_text,
    without_empty,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal

    from ropo_portal.ropo_one.messages.recipients import Recipient
    from ropo_portal.ropo_one.messages.wire import (
        Message,
        Wire,
    )


class Channel(StrEnum):
    """How the document reaches the debtor."""

    POST = "post"
    EMAIL = "email"
    EINVOICE = "einvoice"
    CONSUMER_EINVOICE = "consumer_einvoice"


@dataclass(frozen=True)
class Row:
    """One row of an invoice; unit price without VAT, rates and discount in percent."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    unit: str = ""
    discount: Decimal | None = None
    net: Decimal | None = None
    vat: Decimal | None = None
    total: Decimal | None = None
    product_number: str = ""
    free_text: str = ""
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    ean_code: str = ""
    seller_code: str = ""
    gross_unit_price: Decimal | None = None


@dataclass(frozen=True)
class VatGroup:
    """The sums of one VAT rate."""

    rate: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal


@dataclass(frozen=True)
class PrintInvoice:
    """An invoice that Ropo distributes; the money goes to the creditor's own account."""

    recipient: Recipient
    number: str
    reference: str
    invoice_date: dt.date
    due_date: dt.date
    rows: tuple[Row, ...]
    net: Decimal
    vat: Decimal
    total: Decimal
    vat_groups: tuple[VatGroup, ...] = ()
    channel: Channel | str = Channel.POST
    einvoice_payment_id: str = ""
    credited_number: str = ""
    credited_job_id: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)


_CHANNELS = {
    Channel.POST: "post",
    Channel.EMAIL: "email",
    Channel.EINVOICE: "evoice",
    Channel.CONSUMER_EINVOICE: "b2c",
}


def channel_members(channel: Channel | str, recipient: Recipient, einvoice_payment_id: str = "") -> Wire:
    """How the document travels, after checking that the address it needs is there."""
    way = Channel(channel)
    if way is Channel.EMAIL and not recipient.email:
        raise MessageError("Sending by e-mail needs an e-mail address.")
    if way in {Channel.EINVOICE, Channel.CONSUMER_EINVOICE} and not (
        recipient.einvoice_address and recipient.einvoice_operator
    ):
        raise MessageError("An e-invoice needs an address and an operator.")
    members: Wire = {"sendtype": _CHANNELS[way]}
    if way is Channel.CONSUMER_EINVOICE:
        if not einvoice_payment_id:
            raise MessageError("A consumer's e-invoice needs the identifier of the invoicing subject.")
        members["propertyrow"] = [{"propname": "job_finvoice_paymentid", "propvalue": einvoice_payment_id}]
    return members


def print_invoice_message(invoice: PrintInvoice) -> Message:
    """The invoice in Ropo's words. The invoice number is always to be checked for a double."""
    if not invoice.rows:
        raise MessageError("An invoice needs at least one row.")
    if not invoice.number or not invoice.reference:
        raise MessageError("An invoice needs a number and a reference, or it cannot be reminded of later.")
    if invoice.credited_number and invoice.credited_job_id:
        raise MessageError("Name the credited invoice by its number or by its job, not by both.")
    _check_company_only(invoice)
    return jobs_message(
        {"jobtype": Job.PRINT_INVOICE.value}
        | recipient_members(invoice.recipient)
        | _head(invoice)
        | channel_members(invoice.channel, invoice.recipient, invoice.einvoice_payment_id)
        | optional_members(invoice.extras, job=Job.PRINT_INVOICE)
        | {"payrow": [row_members(row) for row in invoice.rows]}
    )


def _head(invoice: PrintInvoice) -> Wire:
    return without_empty(
        {
            "billnum": invoice.number,
            "checkbillnum": "1",
            "billcode": invoice.reference,
            "billdate": date_text(invoice.invoice_date),
            "paydate": date_text(invoice.due_date),
            "netamount": amount_text(invoice.net),
            "vatamount": amount_text(invoice.vat),
            "totalamount": amount_text(invoice.total),
            "taxrow": [_vat_members(group) for group in invoice.vat_groups],
            "refundtobillnum": invoice.credited_number,
            "refundtojobid": invoice.credited_job_id,
        }
    )


def _vat_members(group: VatGroup) -> Wire:
    return {
        "taxpr": number_text(group.rate),
        "netamount": amount_text(group.net),
        "vatamount": amount_text(group.vat),
        "totalamount": amount_text(group.total),
    }


def row_members(row: Row) -> Wire:
    """One invoice row."""
    if not row.description.strip():
        raise MessageError("A row needs a description.")
    return without_empty(
        {
            "desc": row.description,
            "count": number_text(row.quantity),
            "itemtype": row.unit,
            "amount": number_text(row.unit_price, least_decimals=2),
            "taxpr": number_text(row.vat_rate),
            "discount": number_text(row.discount),
            "netamount": amount_text(row.net),
            "vatamount": amount_text(row.vat),
            "totalamount": amount_text(row.total),
            "totalitemprice": number_text(row.gross_unit_price, least_decimals=2),
            "productid": row.product_number,
            "freetext": row.free_text,
            "startdate": date_text(row.start_date),
            "enddate": date_text(row.end_date),
            "eancode": row.ean_code,
            "salesman": row.seller_code,
        }
    )


def _check_company_only(invoice: PrintInvoice) -> None:
    extras = invoice.extras
    fixed_fee = extras.get("fixed_fee") in (True, "1", "true", 1)
    if extras.get("finance") and fixed_fee:
        raise MessageError("The fixed compensation cannot go with financing.")
    if extras.get("finance") and not invoice.recipient.national_id:
        raise MessageError("Financing needs the company's business id.")
    plan = extras.get("payment_plan")
    if isinstance(plan, PaymentPlan) and invoice.extras.get("finance"):
        raise MessageError("A payment plan cannot go with financing.")
    if RecipientKind(invoice.recipient.kind) is RecipientKind.PERSON and (
        fixed_fee or plan or extras.get("finance")
    ):
        raise MessageError("The fixed compensation, financing and payment plans are for companies only.")
