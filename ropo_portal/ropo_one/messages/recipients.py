"""Whom a message is about: the debtor in Ropo's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ropo_portal.ropo_one.messages.wire import MessageError, country_text, language_text, without_empty

if TYPE_CHECKING:
    from ropo_portal.ropo_one.messages.wire import Wire


class RecipientKind(StrEnum):
    """A company or a person; Ropo puts their names into different members."""

    COMPANY = "company"
    PERSON = "person"


@dataclass(frozen=True)
class Recipient:
    """The debtor as a message needs it; country in two letters, language as in `fi` or `nb`."""

    kind: RecipientKind | str
    name: str
    street: str
    postcode: str
    city: str
    country: str = "FI"
    extra_line_1: str = ""
    extra_line_2: str = ""
    email: str = ""
    email_2: str = ""
    phone: str = ""
    einvoice_address: str = ""
    einvoice_operator: str = ""
    customer_number: str = ""
    national_id: str = field(default="", repr=False)
    vat_id: str = ""
    language: str = ""
    contact_person: str = ""
    country_name: str = ""


def recipient_members(recipient: Recipient) -> Wire:
    """The members of a dataset that say who the debtor is."""
    kind = RecipientKind(recipient.kind)
    for name in ("name", "street", "postcode", "city"):
        if not getattr(recipient, name).strip():
            raise MessageError(f"The recipient has no {name}.")
    return without_empty(
        {
            "customertype": "1" if kind is RecipientKind.COMPANY else "2",
            "company": recipient.name if kind is RecipientKind.COMPANY else "",
            "person": recipient.name if kind is RecipientKind.PERSON else recipient.contact_person,
            "addressaddline1": recipient.extra_line_1,
            "addressaddline2": recipient.extra_line_2,
            "address": recipient.street,
            "postcode": recipient.postcode,
            "city": recipient.city,
            "addresscountry": country_text(recipient.country),
            "countryname": recipient.country_name,
            "email": recipient.email,
            "email2": recipient.email_2,
            "phone": recipient.phone,
            "evoice": recipient.einvoice_address,
            "evoiceint": recipient.einvoice_operator,
            "custnum": recipient.customer_number,
            "govid": recipient.national_id,
            "vatid": recipient.vat_id,
            "language": language_text(recipient.language),
        }
    )
