"""Room: lines of XML documents, made plain like those of tables."""

from collections.abc import Iterator
from pathlib import Path

from ropo_portal.imports.readers import finvoice, ubl
from ropo_portal.imports.readers.cells import Cells, Found
from ropo_portal.imports.readers.fields import FIELDS
from ropo_portal.imports.readers.layouts import Layout
from ropo_portal.imports.readers.markup import documents
from ropo_portal.imports.readers.tables import Packed

_USED = {*finvoice.HEAD, *finvoice.ROW, *finvoice.MADE, *ubl.HEAD, *ubl.ROW, *ubl.MADE}
NAMES = tuple(name for name in FIELDS if name in _USED)
_NUMBERS = frozenset(name for name in NAMES if FIELDS[name].kind in {"amount", "rate", "quantity"})
_ROWS = {"finvoice": finvoice.rows, "ubl": ubl.rows}


def packed(path: Path) -> Iterator[Packed]:
    """Yield every row of every document; the number counts the rows of the file."""
    found: Found = []
    layout = Layout("", decimal=".", date_order="ymd")
    readers = {name: Cells(FIELDS[name], layout, found) for name in NAMES}
    number = 0
    for kind, document in documents(path):
        for cells, problems in _ROWS[kind](document):
            number += 1
            # Documents group no thousands, so a comma is a decimal sign.
            texts = (cells.get(name, "") for name in NAMES)
            values = [
                readers[name][text.replace(",", ".") if name in _NUMBERS else text]
                for name, text in zip(NAMES, texts, strict=True)
            ]
            yield number, values, found + problems
            found.clear()


def first_kind(path: Path) -> str:
    """Return finvoice or ubl."""
    return next(kind for kind, _document in documents(path))


def count_guess(path: Path) -> int:
    """Return about how many rows the file has, by its tags."""
    count = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            count += chunk.count(b"</InvoiceRow>") + chunk.count(b"InvoiceLine>") // 2
            count += chunk.count(b"CreditNoteLine>") // 2
    return count
