"""Room: which cells of a file speak of the whole invoice, which of one row, and which texts they stand for."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal import days, money
from ropo_portal.encryption import masked
from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers import check_business_id, check_text
from ropo_portal.imports.readers.words import PROBLEMS
from ropo_portal.invoices.content import RowContent
from ropo_portal.invoices.extras import FIELDS as EXTRAS
from ropo_portal.invoices.extras import Take
from ropo_portal.invoices.models import Invoice, InvoiceRow

Text = str | Promise
# Column of the file -> field of the row.
ROW: Final = {
    "row_description": "description", "row_quantity": "quantity", "row_unit": "unit", "row_price": "unit_price",
    "row_vat_rate": "vat_rate", "row_discount": "discount", "row_product_number": "product_number",
    "row_message": "free_text", "row_start_date": "start_date", "row_end_date": "end_date",
}  # fmt: skip
ROW_SUMS: Final = ("row_net", "row_vat", "row_total")
# Column of the file -> field of the invoice.
HEAD: Final = {
    "invoice_number": "number", "reference": "reference", "invoice_date": "invoice_date", "due_date": "due_date",
    "delivery_date": "supply_date", "channel": "channel", "message": "free_text", "our_reference": "our_reference",
    "your_reference": "your_reference", "order_number": "order_number",
}  # fmt: skip
# Column of the file -> field of the debtor.
DEBTOR: Final = {
    "debtor_number": "customer_number", "debtor_name": "name", "debtor_vat_id": "vat_id", "extra_line_1": "extra_line_1",
    "extra_line_2": "extra_line_2", "street": "street", "post_code": "postcode", "city": "city", "debtor_country": "country",
    "email": "email", "phone": "phone", "einvoice_address": "einvoice_address", "einvoice_operator": "einvoice_operator",
    "language": "language",
}  # fmt: skip
OF_ROW: Final = frozenset({*ROW, *ROW_SUMS})
DATES: Final = frozenset({"invoice_date", "due_date", "delivery_date", "row_start_date", "row_end_date"})
# Cells that may hold a personal identity code, which is never shown whole.
PERSONAL: Final = frozenset({"debtor_id"})
# Fields of an invoice that a file cannot bring: they hold tables of their own.
NOT_FROM_FILES: Final = frozenset({"plan_instalments", "accounting_rows"})
PLACES: Final = {"row_quantity": 4, "row_price": 4}
PERCENTS: Final = frozenset({"row_vat_rate", "row_discount"})
AMOUNTS: Final = frozenset({*ROW_SUMS, "stated_net", "stated_vat", "stated_total"})
ROW_LENGTHS: Final = {
    column: InvoiceRow._meta.get_field(name).max_length  # type: ignore[union-attr]
    for column, name in ROW.items()
    if name in {"description", "unit", "product_number", "free_text"}
}
HEAD_LENGTHS: Final = {
    column: Invoice._meta.get_field(name).max_length  # type: ignore[union-attr]
    for column, name in HEAD.items()
    if name in {"free_text", "our_reference", "your_reference", "order_number"}
}
COMPANIES: Final = ("FI", "SE", "NO")
FINNISH_COMPANY: Final = re.compile(r"[0-9]{7}-[0-9]")
UNREADABLE: Final = _("This cannot be read. Write it anew.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of one cell: where, what stands there, and why that is wrong."""

    line: int
    column: str
    value: str
    code: str
    message: Text

    @property
    def stored(self) -> dict[str, Any]:
        """What the database keeps of it: never the value, which may be personal."""
        return {"line": self.line, "column": self.column, "code": self.code}


@dataclass(frozen=True, slots=True)
class Staged:
    """One line as staged."""

    number: int
    cells: Mapping[str, str]
    problems: Mapping[str, str]


@dataclass(slots=True)
class Group:
    """The lines of one invoice, in their order."""

    key: str
    lines: list[Staged] = field(default_factory=list)
    # Whether later lines speak of their rows alone.
    is_plain: bool = False

    @property
    def head(self) -> Mapping[str, str]:
        """The first line, which speaks for the invoice."""
        return self.lines[0].cells

    def cell(self, column: str) -> str:
        """Return the first text of a column that is about the whole invoice."""
        if text := self.lines[0].cells.get(column):
            return text
        if self.is_plain and column not in OF_ROW:
            return ""
        return next((text for line in self.lines[1:] if (text := line.cells.get(column))), "")

    def fault(self, column: str, code: str, message: Text, line: int | None = None) -> Fault:
        """Make an error of the head, shown at its first line, or of another line."""
        where = self.lines[line or 0]
        text = where.cells.get(column, "")
        return Fault(where.number, column, shown(column, text), code, message)

    def refusal(self, column: str, refusal: DomainError, line: int | None = None) -> Fault:
        """Make an error of a refusal."""
        return self.fault(column, refusal.code or "refused", refusal.message, line)


@lru_cache(maxsize=20_000)
def is_public_id(text: str) -> bool:
    """Whether a text is a company's id, or has a form that no personal identity code has."""
    if FINNISH_COMPANY.fullmatch(text):
        return True
    for country in COMPANIES:
        with suppress(DomainError):
            return bool(check_business_id(country, text))
    return False


def shown(column: str, text: str) -> str:
    """Return a cell as it may be shown: ids of companies are public, all others are hidden but for their end."""
    return masked(text) if column in PERSONAL and not is_public_id(text) else text


def unreadable(group: Group) -> Iterable[Fault]:
    """Return what the readers could not read."""
    for place, line in enumerate(group.lines):
        if line.problems:
            for column, code in line.problems.items():
                yield group.fault(column, code, PROBLEMS.get(code, UNREADABLE), place)


def disagreements(group: Group) -> Iterable[Fault]:
    """Return cells by which later lines say something else about the invoice than its first line."""
    if group.is_plain:
        return
    first = group.lines[0]
    for place, line in enumerate(group.lines[1:], start=1):
        for column, text in line.cells.items():
            if column not in OF_ROW and text != first.cells.get(column, "") and text != group.cell(column):
                message = sentence(
                    _("Line %(line)s says something else about the same invoice."), line=first.number
                )
                yield group.fault(column, "differs", message, place)


@lru_cache(maxsize=20_000)
def day(text: str) -> dt.date:
    """Read a day as the readers write it, by the rule of the forms."""
    return days.parse_date(text)


# Far the most numbers, below every limit; the forms read them to the same.
_USUAL = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,4})?")
_FINEST: Final = {2: Decimal("0.01"), 4: Decimal("0.0001")}


@lru_cache(maxsize=10_000)
def amount(text: str, places: int = 2) -> Decimal:
    """Read a number as the readers write it, by the rule of the forms."""
    whole, point, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) <= places and _USUAL.fullmatch(text):
        return Decimal(text).quantize(_FINEST[places])
    # Three decimals alone could be thousands to the eye of a form; here they are decimals.
    return money.parse_amount(f"{whole}.{decimals:0<4}" if point and len(decimals) == 3 else f"{whole}.{decimals}"
                              if decimals else whole, places=places)  # fmt: skip


@lru_cache(maxsize=5000)
def percent(text: str) -> Decimal:
    """Read a percentage as the readers write it, by the rule of the forms."""
    return money.parse_percent(str(amount(text)))


@lru_cache(maxsize=10_000)
def text_of(text: str, longest: int, *, lines: bool = False) -> str:
    """Read a text, by the rule of the forms."""
    return check_text(text, longest, lines=lines)


def _reader(column: str) -> Callable[[str], Any]:
    """Return what reads the cells of a column; it refuses (`DomainError`) what a form would refuse."""
    if column in DATES:
        return day
    if column in PERCENTS:
        return percent
    if column in PLACES or column in AMOUNTS:
        return partial(amount, places=PLACES.get(column, 2))
    if column in ROW_LENGTHS:
        return partial(text_of, longest=ROW_LENGTHS[column])
    if column in HEAD_LENGTHS:
        return partial(text_of, longest=HEAD_LENGTHS[column], lines=column == "message")
    return str


READERS: Final = {column: _reader(column) for column in (*HEAD, *ROW)}


def read(group: Group, place: int, columns: Iterable[str], faults: list[Fault]) -> dict[str, Any]:
    """Read the cells of a line in these columns; what cannot be read becomes an error, what is blank is left out."""
    line, found = group.lines[place], {}
    cells, problems = line.cells, line.problems
    for column in columns:
        if column in cells and (text := cells[column]) and column not in problems:
            try:
                found[column] = READERS[column](text)
            except DomainError as refusal:
                faults.append(group.refusal(column, refusal, place))
    return found


NEEDED_ROW: Final[Sequence[tuple[str, Text]]] = (
    ("row_description", _("Describe what is sold on this row.")),
    ("row_price", _("Enter the price without VAT.")),
    ("row_vat_rate", _("Enter the VAT rate.")),
)


def row(group: Group, place: int, faults: list[Fault]) -> RowContent | None:
    """Return the row of a line, or note what is wrong with it."""
    cells = group.lines[place].cells
    if not group.lines[place].problems and all(cells.get(column) for column, _message in NEEDED_ROW):
        with suppress(DomainError):  # every error is found again below, and put at its cell
            return RowContent(
                **{ROW[name]: READERS[name](text) for name, text in cells.items() if text and name in ROW}
            )
    before = len(faults)
    found = read(group, place, ROW, faults)
    problems = group.lines[place].problems
    for column, message in NEEDED_ROW:
        if not group.lines[place].cells.get(column) and column not in problems:
            faults.append(group.fault(column, "required", message, place))
    if len(faults) > before or not problems.keys().isdisjoint(ROW):
        return None
    return RowContent(**{ROW[column]: value for column, value in found.items()})


def extras(group: Group, faults: list[Fault]) -> dict[str, Any]:
    """Return the seldom needed fields as `Invoice.extras` keeps them."""
    found: dict[str, Any] = {}
    for column in EXTRAS.keys() & group.head.keys():
        text = group.head[column]
        if text and column not in group.lines[0].problems:
            try:
                found[column] = _extra(column, text)
            except DomainError as refusal:
                faults.append(group.refusal(column, refusal))
    return {column: value for column, value in found.items() if value not in ("", False)}


def _extra(column: str, text: str) -> Any:
    extra = EXTRAS[column]
    if column in NOT_FROM_FILES:
        raise DomainError(_("Files do not bring this; write it on the invoice."), code="not_from_files")
    if extra.take is Take.DATE:
        return day(text).isoformat()
    if extra.take is Take.PERCENT:
        return str(percent(text))
    if extra.take is Take.AMOUNT:
        return str(amount(text))
    if extra.take is Take.FLAG:
        return text.strip().casefold() not in {"0", "no", "false", "ei", "nej", "nei"}
    if extra.take is Take.CHOICE and text not in dict(extra.choices):
        known = ", ".join(code for code, _words in extra.choices)
        raise DomainError(sentence(_("Write one of: %(known)s."), known=known), code="unknown")
    return text_of(text, extra.max_length, lines=extra.take is Take.LONG_TEXT)
