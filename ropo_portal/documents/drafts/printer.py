"""Room: pages from data, by typst, with fonts that are the same on every machine."""

import datetime as dt
import json
import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import font_source_sans_pro  # type: ignore[import-untyped]
import typst

FOLDER = Path(__file__).parent / "letter"
TEMPLATE = FOLDER / "letter.typ"
STANDARD: Literal["a-2b"] = "a-2b"
_NO_FONT = "could not be displayed"
_LONG_WORD = re.compile(r"\S{25,}")
_MAY_BREAK = "\u200b"
_WORD_PART = 12

_of_thread = threading.local()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[font_source_sans_pro.font_directory])


def _compiler() -> typst.Compiler:
    """A compiler must not be shared by threads, and a template must be a path: see typst's Python wheel."""
    if not hasattr(_of_thread, "compiler"):
        _of_thread.compiler = typst.Compiler(
            str(TEMPLATE), root=str(FOLDER), font_paths=_fonts(), ignore_system_fonts=True
        )
    return cast("typst.Compiler", _of_thread.compiler)


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    """Everything people wrote travels as one JSON value, so none of it is ever read as markup."""
    return {"data": json.dumps(data, ensure_ascii=False)}


def breakable(text: str) -> str:
    """Let very long words break, so that nothing runs off the paper."""
    return _LONG_WORD.sub(lambda word: _MAY_BREAK.join(re.findall(rf".{{1,{_WORD_PART}}}", word[0])), text)


def pdf(data: Mapping[str, Any], *, on: dt.date) -> bytes:
    """Return all pages as PDF/A-2b; characters that no font has make it an ordinary PDF."""
    made_at = dt.datetime(on.year, on.month, on.day, tzinfo=dt.UTC)
    inputs = _inputs(data)
    try:
        pages = _compiler().compile(
            sys_inputs=inputs, format="pdf", pdf_standards=[STANDARD], timestamp=made_at
        )
    except typst.TypstError as error:
        if _NO_FONT not in str(error):
            raise
        pages = _compiler().compile(sys_inputs=inputs, format="pdf", timestamp=made_at)
    return cast("bytes", pages)


def first_page_png(data: Mapping[str, Any], *, pixels_per_inch: float) -> bytes:
    """Return the first page as PNG."""
    pages = _compiler().compile(sys_inputs=_inputs(data), format="png", ppi=pixels_per_inch)
    return cast("bytes", pages[0] if isinstance(pages, list) else pages)
