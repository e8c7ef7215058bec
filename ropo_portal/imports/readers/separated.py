"""Room: text files with separators, read as a stream that never holds more than a few lines."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from ropo_portal.imports.readers.layouts import Layout
from ropo_portal.imports.readers.refusals import CannotRead

LONGEST_CELL = 32_767  # what a cell of a spreadsheet can hold
LONGEST_LINE = 1 << 20
MOST_COLUMNS = 500
SEPARATORS = (";", ",", "\t", "|")
_CHUNK = 1 << 16

Record = tuple[int, list[str]]


class Guarded(io.RawIOBase):
    """The bytes of a file, refused when no line ends or when a NUL stands where no NUL can be."""

    def __init__(self, file: io.RawIOBase, *, is_wide: bool) -> None:
        self.file = file
        self.is_wide = is_wide
        self.since_break = 0
        self.breaks = 0

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, target: Any) -> int | None:
        """Read, and count the bytes since a line ended."""
        count = self.file.readinto(target)
        chunk = bytes(memoryview(target)[: count or 0])
        if _has_nul(chunk, is_wide=self.is_wide):
            raise CannotRead("nul")
        place = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self.since_break = self.since_break + len(chunk) if place < 0 else len(chunk) - place
        self.breaks += chunk.count(b"\n")
        if self.since_break > LONGEST_LINE:
            raise CannotRead("long_line", line=self.breaks + 1, most=LONGEST_LINE)
        return count


def _has_nul(chunk: bytes, *, is_wide: bool) -> bool:
    if not is_wide:
        return b"\0" in chunk
    return b"\0\0" in chunk and any(
        not (low or high) for low, high in zip(chunk[::2], chunk[1::2], strict=False)
    )


def records(path: Path, layout: Layout) -> Iterator[Record]:
    """Yield the number of the line and its cells; blank lines are passed over."""
    csv.field_size_limit(LONGEST_CELL)
    is_wide = layout.encoding.startswith("utf-16")
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    with path.open("rb", buffering=0) as file:
        stream = io.BufferedReader(Guarded(file, is_wide=is_wide), _CHUNK)
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        reader = csv.reader(text, delimiter=layout.separator, strict=True)
        yield from _numbered(reader, layout)


def _numbered(reader: Any, layout: Layout) -> Iterator[Record]:
    number = 1
    try:
        for cells in reader:
            if cells:
                if len(cells) > MOST_COLUMNS:
                    raise CannotRead("many_columns", most=MOST_COLUMNS)
                yield number, cells
            number = reader.line_num + 1
    except UnicodeError as error:
        raise CannotRead("encoding", line=reader.line_num, encoding=layout.encoding) from error
    except csv.Error as error:
        if "field larger" in str(error):
            raise CannotRead("long_cell", line=number, most=LONGEST_CELL) from error
        raise CannotRead("quotes", line=number) from error


def head_records(text: str, separator: str, most: int) -> list[Record]:
    """Return the first records of a text; what breaks off later is found when the whole is read."""
    csv.field_size_limit(LONGEST_CELL)
    found: list[Record] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        found.extend(islice(_numbered(reader, Layout("csv")), most))
    except CannotRead:
        if len(found) < 2:
            raise
    return found
