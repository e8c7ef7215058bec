"""Room: the cells of one invoice as a clerk sees and types them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import get_language

from ropo_portal import days, money
from ropo_portal.imports import columns as cells_of
from ropo_portal.imports import lines
from ropo_portal.imports.judging import Judgement
from ropo_portal.imports.models import ImportedInvoice
from ropo_portal.imports.readers import FIELDS
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.refusals import LETTER_LANGUAGES

ALWAYS = ("invoice_number", "invoice_date", "due_date", "debtor_number", "debtor_name", "debtor_id", "debtor_kind",
          "street", "post_code", "city")  # fmt: skip
# Columns with few answers, which are chosen and not typed.
CHOICES: Final[Mapping[str, Sequence[tuple[str, Any]]]] = {
    "debtor_kind": Debtor.Kind.choices, "language": LETTER_LANGUAGES,
}  # fmt: skip
ALWAYS_ROW = ("row_description", "row_quantity", "row_unit", "row_price", "row_vat_rate")


class MendForm:
    """Cells by line and column: those of the file, and those an invoice cannot be without."""

    def __init__(self, data: Mapping[str, str] | None, *, imported: ImportedInvoice) -> None:
        self.data, self.imported = data, imported
        self.group = lines.groups([imported])[0]
        names = {*(name for line in self.group.lines for name in line.cells)}
        names |= {name for line in self.group.lines for name in line.problems} & FIELDS.keys()
        first = self.group.lines[0].number
        names |= {name for name in FIELDS if _name(first, name) in (data or {})}
        wanted = names | {*ALWAYS, *ALWAYS_ROW}
        self.head_columns = [name for name in FIELDS if name in wanted and name not in cells_of.OF_ROW]
        self.row_columns = [
            {"name": name, "label": FIELDS[name].label}
            for name in FIELDS
            if name in wanted and name in cells_of.OF_ROW
        ]

    @property
    def revision(self) -> int:
        """Return the revision the clerk saw."""
        text = (self.data or {}).get("revision", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def cells(self) -> dict[tuple[int, str], str]:
        """Return the cells that were typed anew; a hidden one that was left blank stays as it is."""
        found = {}
        data = self.data or {}
        for place, line in enumerate(self.group.lines):
            names = [column["name"] for column in self.row_columns]
            for name in [*names, *([] if place else self.head_columns)]:
                text = data.get(_name(line.number, str(name)))
                was = (
                    self._shown(line, str(name))
                    if place or name in line.cells
                    else self._shown_head(str(name))
                )
                if text is not None and text.strip() != was:
                    found[line.number, str(name)] = text
        return found

    def cells_shown(self, judged: Judgement, column: str = "") -> dict[str, Any]:
        """Return the cells of the whole invoice and of its rows; the first wrong one, of this column if it can be, gets the cursor."""
        head, rows = self._head(judged), self._rows(judged)
        every = [*head, *(cell for row in rows for cell in row["cells"])]
        wrong = [cell for cell in every if cell["faults"]]
        if wrong:
            fitting = [cell for cell in wrong if cell["name"].endswith(f"-{column}")]
            (fitting or wrong)[0]["is_first_fault"] = True
        return {"head": head, "lines": rows}

    def _head(self, judged: Judgement) -> list[dict[str, Any]]:
        """Return the cells about the whole invoice: also those that are wrong although the file has none of them."""
        first, wrong = self.group.lines[0], {fault.column for fault in judged.faults} - cells_of.OF_ROW
        names = [name for name in FIELDS if name in wrong or name in self.head_columns]
        return [self._cell(first.number, name, self._shown_head(name), judged) for name in names]

    def _rows(self, judged: Judgement) -> list[dict[str, Any]]:
        """Return the lines with the cells of their rows."""
        return [
            {
                "number": line.number,
                "cells": [
                    self._cell(
                        line.number, str(column["name"]), self._shown(line, str(column["name"])), judged
                    )
                    for column in self.row_columns
                ],
            }
            for line in self.group.lines
        ]

    def _cell(self, number: int, name: str, shown: str, judged: Judgement) -> dict[str, Any]:
        is_row = name in cells_of.OF_ROW
        faults = [
            fault for fault in judged.faults if fault.column == name and (fault.line == number or not is_row)
        ]
        typed = (self.data or {}).get(_name(number, name))
        whole = self.group.cell(name)
        return {
            "name": _name(number, name),
            "label": FIELDS[name].label,
            "value": shown if typed is None else typed,
            "placeholder": cells_of.shown(name, whole) if _is_hidden(name, whole) else "",
            "faults": faults,
            "choices": offered(name, shown if typed is None else typed),
            "is_number": FIELDS[name].kind not in {"text", "date"},
        }

    def _shown_head(self, name: str) -> str:
        first = self.group.lines[0]
        text = self.group.cell(name)
        return self._written(name, text, is_raw=name in first.problems)

    def _shown(self, line: cells_of.Staged, name: str) -> str:
        return self._written(name, line.cells.get(name, ""), is_raw=name in line.problems)

    def _written(self, name: str, text: str, *, is_raw: bool) -> str:
        """Write a cell as the reader writes days and numbers; an identity is never written."""
        if _is_hidden(name, text):
            return ""
        kind, language = FIELDS[name].kind, get_language() or "en"
        if not text or kind == "text" or is_raw:
            return text
        # What is out of range or has too many decimals is written all the same: the errors beside it say so.
        with suppress(ValueError, InvalidOperation):
            if kind == "date":
                return days.format_date(dt.date.fromisoformat(text), language)
            return money.format_decimal(Decimal(text), language)
        return text


def offered(name: str, text: str = "") -> list[tuple[str, Any]]:
    """Return what can be chosen in a column, and what stands there already; nothing where it is typed."""
    choices = list(CHOICES.get(name, ()))
    stands = [(text, text)] if text and text not in dict(choices) else []
    return [("", "–"), *stands, *choices] if choices else []


def _is_hidden(name: str, text: str) -> bool:
    return name in cells_of.PERSONAL and bool(text) and not cells_of.is_public_id(text)


def _name(number: int, column: str) -> str:
    return f"cell-{number}-{column}"
