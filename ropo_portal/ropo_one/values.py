"""Single values of an answer, however Ropo may write them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

# Half of a character pair or a NUL would be refused by the database, and with it the whole answer.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,10})?", re.ASCII)


def listed(value: object) -> list[Any]:
    """A list as it is, anything single as a list of one, nothing as an empty list."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def text_of(value: object) -> str:
    """A text of any scalar, fit to be stored; lists and objects are no text."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return _UNSTORABLE.sub("\ufffd", str(value)).strip()


def decimal_of(value: object) -> Decimal | None:
    """A number with a point or a comma before its decimals; "1,234" can be read in two ways and is not read."""
    if isinstance(value, bool):
        return None
    text = re.sub(r"[\s\u00a0\u202f]", "", text_of(value))
    if "," in text and "." in text:
        thousands = "," if text.rfind(".") > text.rfind(",") else "."
        text = text.replace(thousands, "")
    elif re.fullmatch(r"-?\d{1,3},\d{3}", text, re.ASCII):
        return None
    text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern lets nothing else through
        return None


def date_of(value: object) -> dt.date | None:
    """The day at the beginning of a text, if there is one."""
    text = text_of(value)[:10]
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
