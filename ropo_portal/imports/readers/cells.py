"""Room: cells of one column made plain: each distinct text is read once."""

import re
import unicodedata
from collections.abc import Callable

from ropo_portal.imports.readers.dates import read_date, serial_day
from ropo_portal.imports.readers.fields import Field
from ropo_portal.imports.readers.layouts import Layout
from ropo_portal.imports.readers.numbers import Unreadable, read_number

# Before a number that a sheet holds as a number. No file can have it: NUL is refused in text and impossible in XML.
TYPED = "\0"
_KEPT = 5_000
_BLANK = " \t\r\n\u00a0\u2007\u2009\u202f\ufeff"
_SPACES = re.compile(r"[\t\u00a0\u2007\u2009\u202f]")
_BREAKS = re.compile(r"\s*\n\s*")
_FRACTION = re.compile(r"0\.[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SPOILED = re.compile(r"[0-9][.,][0-9]+E\+[0-9]+")
_MOST_DIGITS = 15

Found = list[tuple[str, str]]


def plain(text: str, *, takes_lines: bool) -> tuple[str, bool]:
    """Return the text composed and trimmed, and whether something that cannot be seen was left out."""
    if text.isascii() and text.isprintable():
        return text.strip(), False
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", text.strip(_BLANK)))
    if "\n" in text or "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = text if takes_lines else _BREAKS.sub(" ", text)
    visible = "".join(each for each in text if each.isprintable() or (each == "\n" and takes_lines))
    return visible, visible != text


class Cells(dict[str, str]):
    """The readings of one column by what stood in the cell; what has none is told in `found` and stays as typed."""

    def __init__(self, field: Field, layout: Layout, found: Found) -> None:
        super().__init__()
        self.field = field
        self.found = found
        self.read = _reader(field, layout)

    def __missing__(self, cell: str) -> str:
        text, is_stripped = plain(cell.removeprefix(TYPED), takes_lines=self.field.takes_lines)
        if is_stripped:
            self.found.append((self.field.name, "hidden_characters"))
            return text
        if not text:
            return ""
        try:
            value = _typed(text, self.field) if cell[0] == TYPED else self.read(text)
        except Unreadable as why:
            self.found.append((self.field.name, why.code))
            return text
        if len(self) >= _KEPT:
            self.clear()
        self[cell] = value
        return value


def _reader(field: Field, layout: Layout) -> Callable[[str], str]:
    if field.kind == "date":
        return lambda text: read_date(text, layout.date_order)
    if field.kind != "text":
        return lambda text: read_number(text, layout.decimal)
    return lambda text: _text(text, field)


def _text(text: str, field: Field) -> str:
    if len(text) > field.longest:
        raise Unreadable("too_long")
    if _SPOILED.fullmatch(text):
        raise Unreadable("spoiled_number")
    return text


def _typed(text: str, field: Field) -> str:
    """Return a number that the sheet holds as a number; it has a point and no grouping."""
    if field.kind == "date":
        if found := serial_day(text):
            return found
        raise Unreadable("not_a_date")
    if field.kind == "text":
        if len(text.lstrip("-").partition(".")[0]) > _MOST_DIGITS:
            raise Unreadable("spoiled_number")
        return _text(text, field)
    if field.kind == "rate" and _FRACTION.fullmatch(text):
        return _percent(text, field)
    if not _NUMBER.fullmatch(text):
        raise Unreadable("not_a_number")
    return text


def _percent(text: str, field: Field) -> str:
    """Read a percentage shown as 25.5 % and stored as 0.255; no tax rate lies below one percent."""
    if field.name != "row_vat_rate":
        raise Unreadable("ambiguous_percent")
    digits = text.removeprefix("0.").ljust(2, "0")
    whole, fraction = digits[:2].lstrip("0") or "0", digits[2:]
    return f"{whole}.{fraction}" if fraction else whole
