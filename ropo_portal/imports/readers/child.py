"""Room: the process that reads one file and tells its parent; it dies rather than do anything else."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ropo_portal.imports.readers import frames
from ropo_portal.imports.readers.confinement import confine
from ropo_portal.imports.readers.layouts import TABLES, Layout
from ropo_portal.imports.readers.reading import packed
from ropo_portal.imports.readers.refusals import CannotRead


def run(argument: str) -> None:
    """Do what the parent asks: survey a file, or read its lines."""
    asked = json.loads(argument)
    path, layout = Path(asked["path"]), asked["layout"] and Layout.from_dict(asked["layout"])
    answer = _answer_for(asked["verb"], path, layout)
    confine(asked["limits"])
    try:
        for piece in answer:
            _say(piece)
        _say(frames.frame(frames.END, b""))
    except CannotRead as refusal:
        _say(frames.json_frame(frames.REFUSED, [refusal.code, refusal.values]))
    except MemoryError:
        _say(frames.json_frame(frames.REFUSED, ["memory", {}]))


def _answer_for(verb: str, path: Path, layout: Any) -> Iterable[bytes]:
    """Load what the answer needs, before the doors are shut."""
    if verb == "survey":
        from ropo_portal.imports.readers import papers, surveying  # noqa: F401, PLC0415 (lines need neither)

        return _survey(path, layout)
    if layout.kind not in TABLES:
        from ropo_portal.imports.readers import papers  # noqa: F401, PLC0415 (tables need no lxml)
    elif layout.kind != "csv":
        from ropo_portal.imports.readers import archives  # noqa: F401, PLC0415 (text needs no archives)
    return _lines(path, layout)


def _survey(path: Path, layout: Layout | None) -> Iterator[bytes]:
    from ropo_portal.imports.readers.surveying import survey  # noqa: PLC0415 (loaded already)

    yield frames.json_frame(frames.SURVEY, survey(path, name=path.name, layout=layout).to_dict())


def _lines(path: Path, layout: Layout) -> Iterator[bytes]:
    names, found = packed(path, layout)
    yield frames.json_frame(frames.NAMES, list(names))
    yield from frames.batches(found)


def _say(piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(sys.stdout.fileno(), rest) :]
