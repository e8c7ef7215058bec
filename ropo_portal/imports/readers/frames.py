"""Room: what the child that reads says to its parent: frames of plain text, from which nothing can be unpacked but text."""

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
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


def unpacked(body: bytes, names: Sequence[str]) -> Iterator[Line]:
    """Yield the lines of a frame."""
    for text in body.decode().split(_LINE):
        head, *values = text.split(_CELL)
        if len(values) != len(names):
            raise ValueError("A line with another number of cells.")
        cells = {name: value for name, value in zip(names, values, strict=True) if value}
        if _PROBLEM in head:
            head, *told = head.split(_PROBLEM)
            yield Line(int(head), cells, dict(each.split("=", 1) for each in told))
        else:
            yield Line(int(head), cells, {})
