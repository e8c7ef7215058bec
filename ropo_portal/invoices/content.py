"""Room: what a clerk writes on an invoice, before it has a row in the database and after."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from ropo_portal import money
from ropo_portal.invoices.models import Invoice, InvoiceRow
from ropo_portal.parties.models import Channel, Debtor

MOST_ROWS = 500
PLAIN: tuple[str, ...] = (
    "invoice_date",
    "due_date",
    "supply_date",
    "channel",
    "free_text",
    "our_reference",
    "your_reference",
    "order_number",
)


@dataclass(frozen=True)
class RowContent:
    """One row; unit price without VAT, rate and discount in percent."""

    description: str
    unit_price: Decimal
    vat_rate: Decimal
    quantity: Decimal = Decimal(1)
    unit: str = ""
    discount: Decimal = Decimal(0)
    product_number: str = ""
    free_text: str = ""
    start_date: dt.date | None = None
    end_date: dt.date | None = None

    def __str__(self) -> str:
        return row_words(self.texts)

    @property
    def texts(self) -> list[str | None]:
        """The values as texts, in the order of the fields."""
        return [_text(value) for value in vars(self).values()]


@dataclass(frozen=True)
class InvoiceContent:
    """An invoice as written; without a number the series gives one, without a reference the number does."""

    debtor: Debtor
    invoice_date: dt.date
    due_date: dt.date
    rows: tuple[RowContent, ...] = ()
    number: str = ""
    reference: str = ""
    supply_date: dt.date | None = None
    channel: str = Channel.POST
    free_text: str = ""
    our_reference: str = ""
    your_reference: str = ""
    order_number: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def totals(self) -> money.Totals:
        """Net, VAT and total, with VAT rounded once per rate."""
        return money.totals(self.rows)

    @cached_property
    def sums(self) -> money.Sums:
        """Net, VAT and total, without the shares of the rows."""
        return money.sums(self.rows)

    @classmethod
    def of(cls, invoice: Invoice) -> "InvoiceContent":
        """Read back what is stored."""
        return cls(
            debtor=invoice.debtor,
            rows=tuple(_row_content(row) for row in invoice.rows.all()),
            number=invoice.number,
            reference=invoice.reference,
            extras=invoice.extras,
            **{name: getattr(invoice, name) for name in PLAIN},
        )

    def write_on(self, invoice: Invoice) -> None:
        """Set the invoice's columns, sums included; number and reference are the numbering's business."""
        sums = self.sums
        invoice.debtor = self.debtor
        for name in PLAIN:
            setattr(invoice, name, getattr(self, name))
        invoice.extras = dict(self.extras)
        invoice.net_amount, invoice.vat_amount, invoice.total_amount = sums.net, sums.vat, sums.total

    def write_rows(self, invoice: Invoice) -> None:
        """Replace the stored rows where they differ."""
        if InvoiceContent.of(invoice).rows == self.rows:
            return
        invoice.rows.all().delete()
        InvoiceRow.objects.bulk_create(
            InvoiceRow(invoice=invoice, position=place, **vars(row))
            for place, row in enumerate(self.rows, start=1)
        )

    def facts(self) -> dict[str, Any]:
        """Business fields as the history keeps them: plain values, the debtor by number and never by name."""
        return PlainInvoice.of(self).facts()


@dataclass(slots=True)
class PlainInvoice:
    """An invoice that passed the checks, as texts that the tables take; what the series gives may still be blank."""

    debtor_id: str
    customer_number: str
    number: str
    reference: str
    fields: list[str | None]
    extras: dict[str, Any]
    sums: list[str]
    rows: list[list[str | None]]

    @classmethod
    def of(cls, content: InvoiceContent) -> "PlainInvoice":
        """Write an invoice down."""
        sums = content.sums
        return cls(
            str(content.debtor.pk),
            content.debtor.customer_number,
            content.number,
            content.reference,
            [_text(getattr(content, name)) for name in PLAIN],
            dict(content.extras),
            [str(sums.net), str(sums.vat), str(sums.total)],
            [row.texts for row in content.rows],
        )

    def to_list(self) -> list[Any]:
        """Return what JSON can hold and `PlainInvoice(*values)` reads back."""
        return [getattr(self, name) for name in self.__slots__]

    def facts(self) -> dict[str, Any]:
        """Business fields as the history keeps them: plain values, the debtor by number and never by name."""
        return {
            "debtor": self.customer_number or self.debtor_id,
            "number": self.number,
            "reference": self.reference,
            **{name: value or "" for name, value in zip(PLAIN, self.fields, strict=True)},
            "total": self.sums[2],
            "rows": [row_words(row) for row in self.rows],
            "extras": {name: value for name, value in self.extras.items() if value},
        }


def row_words(texts: Sequence[str | None]) -> str:
    """Say in one line what a row is; texts in the order of `RowContent`."""
    description, unit_price, vat_rate, quantity, unit, discount = (text or "" for text in texts[:6])
    less = "" if (percent := _shortest(discount)) in {"0", "-0"} else f" −{percent} %"
    price = f"{_shortest(quantity)} {unit} × {_shortest(unit_price)}".replace("  ", " ")
    return f"{description}: {price}{less}, {_shortest(vat_rate)} %"


def _shortest(number: str) -> str:
    """Return a number without needless zeros, as `format(Decimal(number).normalize(), "f")` writes it."""
    if "E" in number:
        return f"{Decimal(number).normalize():f}"
    return number.rstrip("0").rstrip(".") if "." in number else number


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _row_content(row: InvoiceRow) -> RowContent:
    return RowContent(**{name: getattr(row, name) for name in RowContent.__dataclass_fields__})


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep only what differs."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
