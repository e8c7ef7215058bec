"""Room: the lines of any file, once its layout is known."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ropo_portal.imports.readers import tables
from ropo_portal.imports.readers.layouts import TABLES, Layout, Line
from ropo_portal.imports.readers.refusals import CannotRead
from ropo_portal.imports.readers.tables import Packed


def packed(path: Path, layout: Layout) -> tuple[Sequence[str], Iterator[Packed]]:
    """Return the names of the columns, and the lines with their cells in that order."""
    if layout.kind not in TABLES:
        from ropo_portal.imports.readers import papers  # noqa: PLC0415 (lxml is for those who have XML)

        return papers.NAMES, papers.packed(path)
    if layout.kind != "csv":
        from ropo_portal.imports.readers.archives import kind_of_archive  # noqa: PLC0415 (the same, for archives)

        if kind_of_archive(path) != layout.kind:
            raise CannotRead("unknown")
    return [name for _place, name in tables.columns_of(layout)], tables.packed(path, layout)


def lines(path: Path, *, layout: Layout) -> Iterator[Line]:
    """Yield the lines of a file, as a stream; blank cells are left out."""
    names, found = packed(path, layout)
    for number, values, problems in found:
        cells = {name: value for name, value in zip(names, values, strict=True) if value}
        yield Line(number, cells, dict(problems))
