"""Room: what the child that reads says to its parent: frames of plain text, from which nothing can be unpacked but text."""

import json
import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from ropo_portal.imports.readers.layouts import Line
from ropo_portal.imports.readers.tables import Packed

HEAD = struct.Struct(">cI")
LONGEST = 1 << 26
NAMES, LINES, SURVEY, REFUSED, END = b"N", b"L", b"S", b"R", b"E"
BATCH = 500
# Separators of ASCII; cells never hold them, because nothing unprintable stays in a cell.
_LINE, _CELL, _PROBLEM = "\x1e", "\x1f", "\x1d"


def frame(kind: bytes, body: bytes) -> bytes:
    """Return a frame: kind, length, body."""
    return HEAD.pack(kind, len(body)) + body


def json_frame(kind: bytes, value: Any) -> bytes:
    """Return a frame that holds JSON."""
    return frame(kind, json.dumps(value).encode())


def batches(found: Iterable[Packed]) -> Iterator[bytes]:
    """Yield frames of many lines each."""
    lines = iter(found)
    while batch := list(islice(lines, BATCH)):
        yield frame(LINES, _LINE.join([_packed(line) for line in batch]).encode())


def _packed(line: Packed) -> str:
    number, values, problems = line
    head = (
        _PROBLEM.join([str(number), *(f"{name}={code}" for name, code in problems)])
        if problems
        else str(number)
    )
    return f"{head}{_CELL}{_CELL.join(values)}"


class Unpacking:
    """
    Reads the lines out of frames.

    A line whose cells but those in `own` are what they were in the line before, `key` among them, leaves them out
    (`Line.is_more`): most lines of a file with several rows an invoice.
    """

    def __init__(self, names: Sequence[str], *, key: str = "", own: Collection[str] = ()) -> None:
        self.names = names
        self.own = [place for place, name in enumerate(names) if name in own]
        shared = [place for place, name in enumerate(names) if name not in own]
        can_repeat = key in names and len(shared) > 1 and bool(self.own)
        self.shared = itemgetter(*shared) if can_repeat else None
        self.key = names.index(key) if can_repeat else 0
        self.last: tuple[str, ...] | None = None

    def lines(self, body: bytes) -> Iterator[Line]:
        """Yield the lines of a frame."""
        for text in body.decode().split(_LINE):
            head, *values = text.split(_CELL)
            if len(values) != len(self.names):
                raise ValueError("A line with another number of cells.")
            if _PROBLEM in head:
                yield self._troubled(head, values)
            elif self.shared and (shared := self.shared(values)) == self.last:
                cells = {self.names[place]: values[place] for place in self.own if values[place]}
                yield Line(int(head), cells, {}, is_more=True)
            else:
                self.last = shared if self.shared and values[self.key] else None
                yield Line(int(head), self._cells(values), {})

    def _troubled(self, head: str, values: Sequence[str]) -> Line:
        self.last = None
        head, *told = head.split(_PROBLEM)
        return Line(int(head), self._cells(values), dict(each.split("=", 1) for each in told))

    def _cells(self, values: Sequence[str]) -> dict[str, str]:
        return {name: value for name, value in zip(self.names, values, strict=True) if value}
