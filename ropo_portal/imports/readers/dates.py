"""Room: days as people and spreadsheets write them, read only when they have one reading."""

import re
from datetime import date, timedelta

from ropo_portal.imports.readers.numbers import Unreadable

_ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_TIME = re.compile(rf"[ T][0-9]{{1,2}}[:.][0-9]{{2}}(?:[:.][0-9]{{2}}(?:[.,][0-9]+)?)?{_ZONE}$")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-./])([0-9]{{1,2}})\2([0-9]{{1,2}}){_ZONE}")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./]) ?([0-9]{1,2})\2 ?([0-9]{4}|[0-9]{2})")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"([0-9]{5})(?:[.,]0+)?")
# Day zero of spreadsheets, and the counts of 1990 and of 2100.
_ZERO, _FIRST, _LAST = date(1899, 12, 30), 32_874, 73_050
ORDERS = ("dmy", "mdy", "ymd")


def day(year: int, month: int, number: int) -> str:
    """Return a day as text, or an empty text when there is no such day."""
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return ""


def serial_day(text: str) -> str:
    """Return the day that a spreadsheet means by a count of days, or an empty text."""
    match = _SERIAL.fullmatch(text)
    is_day = match and _FIRST <= int(match[1]) < _LAST
    return (_ZERO + timedelta(days=int(match[1]))).isoformat() if match and is_day else ""


def readings(text: str) -> dict[str, str] | None:
    """Return each order that gives a day, with the day; None when it does not look like a date.

    Points mean day.month, and a year of four digits in front leaves no question.
    """
    if len(text) > 40:
        return None
    text = _TIME.sub("", text.removesuffix(".") if text.count(".") == 3 else text)
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        groups = match.groups()
        found = day(int(groups[0]), int(groups[-2]), int(groups[-1]))
        return dict.fromkeys(ORDERS, found) if found else {}
    if not (match := _YEAR_LAST.fullmatch(text)):
        found = serial_day(text)
        return dict.fromkeys(ORDERS, found) if found else None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    full = year if len(match[4]) == 4 else 2000 + year
    possible = {"dmy": day(full, second, first), "mdy": day(full, first, second)}
    if len(match[4]) == 2 and len(match[1]) == 2:
        possible["ymd"] = day(2000 + first, second, year)
    return {order: found for order, found in possible.items() if found}


def is_pointed(text: str) -> bool:
    """Tell whether day and month are divided by points, as only day.month is."""
    match = _YEAR_LAST.fullmatch(_TIME.sub("", text))
    return bool(match) and match[2] == "."  # type: ignore[index]


def read_date(text: str, order: str) -> str:
    """Return the day as year-month-day; `order` is the file's, empty when nobody has said."""
    if len(text) == 10 and text[4] == text[7] == "-" and (found := _iso(text)):
        return found
    possible = readings(text)
    if possible is None:
        raise Unreadable("not_a_date")
    if order in possible:
        return possible[order]
    if order in {"", "ymd"} and "dmy" in possible and is_pointed(text):
        return possible["dmy"]
    if not possible or order in {"dmy", "mdy"}:
        raise Unreadable("no_such_day")
    if len(set(possible.values())) == 1:
        return next(iter(possible.values()))
    raise Unreadable("ambiguous_date")


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
