"""Room: the file, and what its columns mean."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days, money
from ropo_portal.errors import sentence
from ropo_portal.imports import readers
from ropo_portal.imports.columns import shown
from ropo_portal.imports.models import Import
from ropo_portal.ui.fields import PlainField

MOST_COLUMNS = 500
SEPARATORS = {";": _("Semicolon"), ",": _("Comma"), "\t": _("Tab"), "|": "|"}
DECIMALS = (("", _("Not chosen")), (",", _("Comma: 1 234,50")), (".", _("Point: 1,234.50")))
ORDER_WORDS = {"dmy": _("Day, month, year"), "mdy": _("Month, day, year"), "ymd": _("Year, month, day")}


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("File of invoices"),
        help_text=_("CSV, Excel (.xlsx), OpenDocument (.ods), Finvoice or Peppol."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xlsx,.ods,.xml", "data-key": "Ctrl+o"}
        ),
    )


class LayoutForm(forms.Form):
    """How the file is laid out; one select for each of its columns."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.IntegerField(label=_("Row of the headers"), min_value=0, max_value=100, required=False)
    encoding = forms.ChoiceField(label=_("Letters"), required=False)
    separator = forms.ChoiceField(label=_("Separator"), choices=list(SEPARATORS.items()), required=False)
    decimal = forms.ChoiceField(label=_("Decimal sign"), choices=DECIMALS, required=False)
    date_order = forms.ChoiceField(label=_("Order of dates"), required=False)
    keep_as = PlainField(
        label=_("Keep these columns as"),
        longest=70,
        help_text=_("Found again by itself in files with the same headers."),
    )

    def __init__(self, data: Any, *, batch: Import) -> None:
        self.kept = readers.Layout.from_dict(batch.layout)
        values = {name: value for name, value in batch.layout.items() if name != "columns"}
        super().__init__(data, initial=values)
        fields: Any = self.fields
        orders = [(order, ORDER_WORDS.get(order, order)) for order in readers.ORDERS]
        fields["date_order"].choices = [("", _("Not chosen")), *orders]
        fields["encoding"].choices = [
            (name, name) for name in dict.fromkeys([*readers.ENCODINGS, self.kept.encoding])
        ]
        chosen = data.get("sheet", "") if data else self.kept.sheet
        fields["sheet"].choices = [(chosen, chosen or "–")]
        for name in _useless(self.kept.kind):
            del fields[name]

    @property
    def layout(self) -> readers.Layout:
        """Return the layout as chosen; only after `is_valid`."""
        values = self.kept.to_dict()
        values |= {
            name: value for name, value in self.cleaned_data.items() if name in values and value is not None
        }
        if self.kept.kind in readers.TABLES:
            values["columns"] = self._columns()
        return readers.Layout.from_dict(values)

    @property
    def shown(self) -> readers.Layout:
        """Return the layout whose sample the page shows."""
        return self.layout if self.is_bound and self.is_valid() else self.kept

    def _columns(self) -> dict[str, str]:
        """Return the chosen columns; of two that mean the same the first is taken."""
        found: dict[str, str] = {}
        for place in range(MOST_COLUMNS):
            name = self.data.get(f"column-{place}", "")
            if name in readers.FIELDS and name not in found.values():
                found[str(place)] = name
        return found

    def columns(self, survey: readers.Survey) -> list[dict[str, Any]]:
        """Return for each column of the file its header, its first texts, and what it is taken for."""
        layout = survey.layout
        if "sheet" in self.fields:
            self._offer_sheets(survey.sheets)
        if layout.kind not in readers.TABLES:
            return []
        width = max([len(survey.headers), *(len(sample) for sample in survey.samples)], default=0)
        return [
            {
                "place": place,
                "header": survey.headers[place] if place < len(survey.headers) else "",
                "chosen": layout.columns.get(place, ""),
                "texts": dict.fromkeys(
                    _told(layout.columns.get(place, ""), sample[place], layout)
                    for sample in survey.samples[:3]
                    if place < len(sample) and sample[place]
                ),
            }
            for place in range(width)
        ]

    def _offer_sheets(self, sheets: list[str]) -> None:
        fields: Any = self.fields
        fields["sheet"].choices = [(sheet, sheet) for sheet in sheets]


def _told(name: str, text: str, layout: readers.Layout) -> str:
    """Return a text of the file, and beside it what it is read as, or all that it may mean while nobody has said."""
    raw, language = shown(name, text), get_language() or "en"
    # Cells of workbooks carry their kind with them; only written text can mean several things.
    found = readers.meanings(name, text, layout) if layout.kind == "csv" else []
    told = [_written(name, value, language) for value in found]
    if len(told) > 1:
        return str(
            sentence(_("%(text)s (%(first)s or %(second)s?)"), text=raw, first=told[0], second=told[1])
        )
    return raw if not told or told == [raw] else f"{raw} \u2192 {told[0]}"


def _written(name: str, value: str, language: str) -> str:
    if readers.FIELDS[name].kind == "date":
        return days.format_date(dt.date.fromisoformat(value), language)
    return money.format_decimal(Decimal(value), language)


@dataclass(frozen=True)
class ReadCell:
    """A cell of the first lines in the reader's way of writing; what could not be read stands as in the file."""

    text: str
    kind: str = "text"
    is_unreadable: bool = False


def read_cell(name: str, value: str) -> ReadCell:
    """Write a cell as it was read; an identity is never shown whole."""
    kind = readers.FIELDS[name].kind
    if kind == "text" or not value:
        return ReadCell(shown(name, value), kind)
    try:
        return ReadCell(_written(name, value, get_language() or "en"), kind)
    except (ValueError, ArithmeticError):
        return ReadCell(value, kind, is_unreadable=True)


def _useless(kind: str) -> tuple[str, ...]:
    """Return the questions that a file of the kind does not ask."""
    if kind not in readers.TABLES:
        return ("sheet", "header_row", "encoding", "separator", "decimal", "date_order", "keep_as")
    return ("sheet",) if kind == "csv" else ("encoding", "separator")
