"""Room: fields in which a clerk pastes a short table, one row a line."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal import days, money
from ropo_portal.errors import DomainError, sentence
from ropo_portal.invoices.forms.fields import language
from ropo_portal.ui.fields import RefusingField

CELLS = re.compile(r" *[;\t] *")
MOST_LINES = 120
TEXTS = (("account", 20), ("text", 100), ("vat_code", 20), ("dimension_name", 40))
ORDER = ("account", "text", "debit", "credit", "net", "vat", "vat_rate", "vat_code", "dimension_name")
NUMBERS = ("debit", "credit", "net", "vat", "vat_rate")
DIMENSIONS, DIMENSION_LENGTH = 10, 10


class LinesField(RefusingField):
    """A table as lines of text; a refusal names its line."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))
        super().__init__(empty_value=None, **options)

    def read_line(self, line: str) -> Any:
        """Return the value of one line."""
        raise NotImplementedError

    def write_line(self, value: Any) -> str:
        """Return the line that reads back as the value."""
        raise NotImplementedError

    def read(self, text: str) -> list[Any]:
        """Read every line that is not blank."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise DomainError(
                sentence(_("At most %(most)s lines are allowed."), most=MOST_LINES), code="too_many_lines"
            )
        return [self._line(number, line) for number, line in enumerate(lines, start=1)]

    def write(self, value: Any) -> str:
        """Write the table as it can be typed."""
        return "\n".join(self.write_line(row) for row in value)

    def _line(self, number: int, line: str) -> Any:
        try:
            return self.read_line(line)
        except DomainError as error:
            message = sentence(_("Line %(number)s: %(why)s"), number=number, why=error.message)
            raise DomainError(message, code=error.code) from error


class InstalmentsField(LinesField):
    """Days and amounts of a payment plan."""

    def read_line(self, line: str) -> list[str]:
        """Read a day and then an amount."""
        day, _space, amount = re.sub(CELLS, " ", line).partition(" ")
        return [days.parse_date(day, language()).isoformat(), str(money.positive(_amount(amount)))]

    def write_line(self, value: Any) -> str:
        """Write a day and an amount."""
        day = days.parse_date(value[0], "en")
        return f"{days.format_date(day, language())} {_shown(value[1])}"


class PostingsField(LinesField):
    """Postings for the ledger: each has an account and either a debit or a credit."""

    def read_line(self, line: str) -> dict[str, Any]:
        """Read the cells of one posting."""
        cells = CELLS.split(line)
        row: dict[str, Any] = {name: cell for name, cell in zip(ORDER, cells, strict=False) if cell}
        row |= {name: str(_amount(row[name])) for name in NUMBERS if name in row}
        if not row.get("account"):
            raise DomainError(_("the account is missing."), code="no_account")
        if ("debit" in row) == ("credit" in row):
            raise DomainError(_("a posting has either a debit or a credit."), code="debit_or_credit")
        if any(len(row.get(name, "")) > longest for name, longest in TEXTS):
            raise DomainError(_("a text is too long."), code="too_long")
        dimensions = [cell for cell in cells[len(ORDER) :] if cell]
        if len(dimensions) > DIMENSIONS or any(len(cell) > DIMENSION_LENGTH for cell in dimensions):
            raise DomainError(_("at most ten dimensions of ten characters are allowed."), code="dimensions")
        return row | ({"dimensions": dimensions} if dimensions else {})

    def write_line(self, value: Mapping[str, Any]) -> str:
        """Write the cells, separated by semicolons."""
        cells = [
            _shown(value[name]) if name in NUMBERS and name in value else value.get(name, "")
            for name in ORDER
        ]
        return "; ".join([*cells, *value.get("dimensions", ())]).rstrip("; ")


def _amount(text: str) -> Decimal:
    return money.parse_amount(text, language())


def _shown(amount: str) -> str:
    return money.format_number(Decimal(amount), language(), grouped=False)
