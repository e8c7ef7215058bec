"""Room: a letter as data, before it has pages."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ropo_portal.identifiers import ReferenceKind, check_reference
from ropo_portal.money import Totals, totals


class DraftKind(StrEnum):
    """What the letter is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class DraftCreditor:
    """Who sends the letter and where the money goes."""

    name: str
    address: tuple[str, ...] = ()
    business_id: str = ""
    vat_id: str = ""
    iban: str = ""
    bic: str = ""
    bankgiro: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class DraftRecipient:
    """Who reads the letter; the address is printed as it stands under the name, `above` over it."""

    name: str
    address: tuple[str, ...] = ()
    customer_number: str = ""
    business_id: str = ""
    above: str = ""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One row; it can be added up as it is (`money.PricedRow`)."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    unit: str = ""
    discount: Decimal = Decimal(0)
    free_text: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before Ropo makes the real one."""

    kind: DraftKind
    creditor: DraftCreditor
    recipient: DraftRecipient
    number: str
    reference: str
    invoice_date: dt.date
    due_date: dt.date | None
    rows: tuple[DraftRow, ...] = ()
    sums: Totals | None = None
    # What is left to pay, when that is not the total: reminders.
    open_amount: Decimal | None = None
    currency: str = "EUR"
    country: str = "FI"
    language: str = "fi"
    supply_date: dt.date | None = None
    refers_to: str = ""
    our_reference: str = ""
    your_reference: str = ""
    order_number: str = ""
    free_text: str = ""
    late_interest: Decimal | None = None
    stamp: str = ""

    @property
    def totals(self) -> Totals:
        """The sums given, else the sums of the rows."""
        return self.sums or totals(self.rows)

    @property
    def payable(self) -> Decimal:
        """What the recipient is asked to pay."""
        return self.totals.total if self.open_amount is None else self.open_amount

    @property
    def reference_kind(self) -> ReferenceKind | None:
        """The rule the reference follows in its country."""
        return check_reference(self.country, self.reference)
