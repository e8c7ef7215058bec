"""Room: the fields an invoice seldom needs, as data: sections, our names, and what each takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.parties.models import Debtor

Text = str | Promise
ADDRESS_PARTS: tuple[str, ...] = ("extra_line_1", "extra_line_2", "street", "postcode", "city", "country")
CASH_DISCOUNTS = 2


class Take(StrEnum):
    """What an extra field takes; stored as plain text, numbers with a point and days as year-month-day."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    PERCENT = "percent"
    AMOUNT = "amount"
    COUNT = "count"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    EMAIL = "email"
    COUNTRY = "country"
    INSTALMENTS = "instalments"
    POSTINGS = "postings"


@dataclass(frozen=True)
class Extra:
    """One field: its name in `Invoice.extras` and in the form."""

    name: str
    label: Text
    take: Take = Take.TEXT
    max_length: int = 70
    help: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True)
class Section:
    """Fields that are folded away together; `only` names the kind of debtor they are for."""

    name: str
    title: Text
    fields: tuple[Extra, ...]
    hint: Text = ""
    only: str = ""


def _discount(place: int) -> tuple[Extra, ...]:
    start = f"cash_discount_{place}"
    return (
        Extra(f"{start}_date", _("Pay by"), Take.DATE),
        Extra(f"{start}_percent", _("Discount, %"), Take.PERCENT),
        Extra(f"{start}_amount", _("Discount as an amount"), Take.AMOUNT),
        Extra(f"{start}_text", _("Text of the discount")),
    )


def _address(kind: str) -> tuple[Extra, ...]:
    return (
        Extra(f"{kind}_extra_line_1", _("Name"), max_length=50),
        Extra(f"{kind}_extra_line_2", _("Second line"), max_length=50),
        Extra(f"{kind}_street", _("Street address")),
        Extra(f"{kind}_postcode", _("Post code"), max_length=12),
        Extra(f"{kind}_city", _("City"), max_length=50),
        Extra(f"{kind}_country", _("Country"), Take.COUNTRY),
    )


SECTIONS: tuple[Section, ...] = (
    Section(
        "references",
        _("References and order"),
        (
            Extra("internal_reference", _("Reference for our own use"), help=_("Not printed.")),
            Extra("seller", _("Seller's name")),
            Extra("seller_code", _("Seller's code")),
            Extra("contact_person", _("Contact person at the company")),
        ),
    ),
    Section(
        "delivery",
        _("Delivery"),
        (Extra("delivery_method", _("Delivery method")), Extra("delivery_term", _("Delivery term"))),
    ),
    Section("delivery-address", _("Delivery address"), _address("delivery")),
    Section("billing-address", _("Billing address"), _address("billing")),
    Section(
        "late",
        _("Late payment"),
        (
            Extra(
                "late_interest",
                _("Late interest, % a year"),
                Take.PERCENT,
                help=_("Empty: as agreed with Ropo."),
            ),
            Extra("no_automatic_reminders", _("No reminders by themselves"), Take.FLAG),
            Extra(
                "collection_process",
                _("Process at Ropo"),
                Take.CHOICE,
                choices=(("T1", _("Printing only")), ("AUTO", _("Automatic"))),
            ),
        ),
    ),
    Section(
        "cash-discount",
        _("Cash discount"),
        _discount(1) + _discount(2),
        hint=_("A percentage or an amount; the day lies before the due date."),
    ),
    Section(
        "payment-plan",
        _("Payment plan"),
        (
            Extra("plan_months", _("Months between instalments"), Take.COUNT),
            Extra("plan_count", _("Number of instalments"), Take.COUNT),
            Extra("plan_amount", _("Amount of an instalment"), Take.AMOUNT),
            Extra(
                "plan_instalments",
                _("Own plan"),
                Take.INSTALMENTS,
                help=_("One instalment a line: day, then amount."),
            ),
        ),
        hint=_("Months with a number or an amount, or a plan of your own. Not for consumers."),
        only=Debtor.Kind.COMPANY,
    ),
    Section(
        "business",
        _("Fixed fee and finance"),
        (
            Extra("fixed_fee", _("Fixed compensation for late payment"), Take.FLAG),
            Extra(
                "finance",
                _("Finance"),
                Take.CHOICE,
                choices=(("1", _("Invoice financing")), ("2", _("Invoice purchase"))),
            ),
            Extra("country_of_registration", _("Country of registration"), Take.COUNTRY),
        ),
        hint=_("Companies only. The fixed compensation cannot go with finance."),
        only=Debtor.Kind.COMPANY,
    ),
    Section(
        "channel",
        _("E-mail and e-invoice"),
        (
            Extra("second_email", _("Second e-mail"), Take.EMAIL),
            Extra(
                "einvoice_payment_id",
                _("E-invoice identifier of the consumer"),
                help=_("Given by the consumer's bank; needed for an e-invoice to a consumer."),
            ),
        ),
    ),
    Section(
        "accounting",
        _("Accounting"),
        (
            Extra("accounting_date", _("Accounting date"), Take.DATE),
            Extra("period", _("Accounting period"), max_length=20),
            Extra("vat_period", _("VAT period"), max_length=20),
            Extra("voucher_batch", _("Voucher series"), max_length=20),
            Extra("voucher_number", _("Voucher number"), max_length=20),
            Extra(
                "accounting_rows",
                _("Postings"),
                Take.POSTINGS,
                help=_(
                    "One posting a line, as pasted from a spreadsheet: account; text; debit; credit; net; VAT; "
                    "VAT %; VAT code; dimension name; dimensions."
                ),
            ),
        ),
    ),
    Section(
        "print",
        _("Print"),
        (
            Extra(
                "post_class",
                _("Postal class"),
                Take.CHOICE,
                choices=(("1", _("First class")), ("2", _("Second class"))),
            ),
            Extra("color", _("Print in color"), Take.FLAG),
            Extra("reverse_charge", _("The buyer is liable for the VAT"), Take.FLAG),
            Extra("cash_receipt", _("Already paid in cash"), Take.FLAG),
            Extra("print_operator", _("Printer"), max_length=40),
            Extra("template", _("Layout"), max_length=40),
            Extra("template_model", _("Variant of the layout"), max_length=40),
        ),
    ),
)

FIELDS: Mapping[str, Extra] = {extra.name: extra for section in SECTIONS for extra in section.fields}


def sections_in_use(extras: Mapping[str, object]) -> set[str]:
    """Names of the sections that hold something, so that they stand open."""
    return {section.name for section in SECTIONS if any(extras.get(extra.name) for extra in section.fields)}
