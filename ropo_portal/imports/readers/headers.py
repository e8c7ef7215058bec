"""Room: which line is the header, and what its cells mean."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from ropo_portal.imports.readers.fields import FIELDS
from ropo_portal.imports.readers.layouts import Doubt
from ropo_portal.imports.readers.separated import Record
from ropo_portal.imports.readers.synonyms import SYNONYMS, WEAK

_DEEPEST = 20
_ACCENTS = {
    0x300: None,
    0x301: None,
}  # grave and acute; the rings and dots of the north are letters of their own
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_CURRENCY = re.compile(r"\b(eur|sek|nok|€)\b|€", re.IGNORECASE)


def bare(header: str) -> str:
    """Return the letters and digits of a header, however it is written; of à and á only the letter."""
    apart = unicodedata.normalize("NFKD", header).translate(_ACCENTS)
    return "".join(each for each in unicodedata.normalize("NFC", apart).casefold() if each.isalnum())


_STRONG = {bare(word): name for name, words in SYNONYMS.items() for word in words} | {
    bare(name): name for name in FIELDS
}
_WEAK = {bare(word): name for name, words in WEAK.items() for word in words}


@dataclass(frozen=True)
class Header:
    """The header line and what was made of it."""

    row: int
    cells: list[str]
    columns: dict[int, str]
    doubts: list[Doubt] = field(default_factory=list)


def meaning(header: str, table: dict[str, str]) -> str:
    """Return the column a header means, with or without what stands in brackets."""
    for text in (header, _BRACKETS.sub("", header), _CURRENCY.sub("", _BRACKETS.sub("", header))):
        if name := table.get(bare(text)):
            return name
    return ""


def known(cells: Sequence[str]) -> int:
    """Return how many cells are headers we know."""
    return sum(bool(meaning(cell, _STRONG) or meaning(cell, _WEAK)) for cell in cells)


def find(records: Sequence[Record]) -> Header:
    """Choose the line with most known headers."""
    head = records[:_DEEPEST]
    best = max(range(len(head)), key=lambda place: (known(head[place][1]), -place))
    number, cells = head[best]
    if not known(cells):
        return Header(records[0][0], list(records[0][1]), {}, [Doubt("no_header", {})])
    columns, doubts = _columns(cells)
    return Header(number, list(cells), columns, doubts)


def _columns(cells: Sequence[str]) -> tuple[dict[int, str], list[Doubt]]:
    columns: dict[int, str] = {}
    doubts = []
    taken: dict[str, str] = {}
    for table in (_STRONG, _WEAK):
        for place, cell in enumerate(cells):
            name = "" if place in columns else meaning(cell, table)
            if name and name not in taken:
                columns[place], taken[name] = name, cell
                if table is _WEAK:
                    doubts.append(Doubt("weak_header", {"header": cell[:60], "field": name}))
            elif name and table is _STRONG:
                doubts.append(
                    Doubt("double_header", {"first": taken[name][:60], "second": cell[:60], "field": name})
                )
    return columns, doubts
