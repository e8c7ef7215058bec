"""Room: lines of tables: what each column means is known, every cell is made plain."""

from collections.abc import Iterable, Iterator
from operator import getitem, itemgetter
from pathlib import Path

from ropo_portal.imports.readers import separated, sheets
from ropo_portal.imports.readers.cells import Cells, Found
from ropo_portal.imports.readers.fields import FIELDS
from ropo_portal.imports.readers.layouts import Layout
from ropo_portal.imports.readers.refusals import CannotRead
from ropo_portal.imports.readers.separated import Record

# A line on its way: its number, the cells in the order of the columns, and what could not be read.
Packed = tuple[int, list[str], Found]
LINE = ""  # the name under which a problem of the whole line is told


def records(path: Path, layout: Layout) -> Iterator[Record]:
    """Yield the records of any table."""
    return separated.records(path, layout) if layout.kind == "csv" else sheets.records(path, layout)


def columns_of(layout: Layout) -> list[tuple[int, str]]:
    """Return places and names of the columns that are read, each name once."""
    chosen = {name: place for place, name in sorted(layout.columns.items(), reverse=True) if name in FIELDS}
    if not chosen:
        raise CannotRead("columns")
    return sorted((place, name) for name, place in chosen.items())


def packed(path: Path, layout: Layout) -> Iterator[Packed]:
    """Yield every line under the header."""
    return read(records(path, layout), layout)


def read(found_records: Iterable[Record], layout: Layout) -> Iterator[Packed]:
    """Read records: short ones are filled up, long ones cut, and both are told."""
    columns = columns_of(layout)
    found: Found = []
    readers = [Cells(FIELDS[name], layout, found) for _place, name in columns]
    places = [place for place, _name in columns]
    pick = itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)
    need, width = places[-1] + 1, 0
    for number, row in found_records:
        if number <= layout.header_row:
            width = len(row) if number == layout.header_row else width
            continue
        width = width or len(row)
        if len(row) != width:
            if not any(cell.strip() for cell in row):
                continue
            _tell_ragged(row, width, found)
            row = row + [""] * (need - len(row))  # noqa: PLW2901 (the line filled up)
        values = list(map(getitem, readers, pick(row)))
        if found:
            yield number, values, found[:]
            found.clear()
        elif any(values):
            yield number, values, []


def _tell_ragged(row: list[str], width: int, found: Found) -> None:
    if len(row) < width:
        found.append((LINE, "too_few_cells"))
    elif any(cell.strip() for cell in row[width:]):
        found.append((LINE, "too_many_cells"))
