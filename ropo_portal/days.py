"""Days: read and written the way Nordic clerks write them."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError, sentence

EARLIEST = date(1990, 1, 1)
YEARS_AHEAD = 10

_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class NotADay(DomainError):
    """The text names no day."""


class DayOutOfRange(DomainError):
    """The day exists, but lies too far away."""


def parse_date(
    text: str,
    language: str = "en",
    *,
    field: str | None = None,
    earliest: date = EARLIEST,
    latest: date | None = None,
) -> date:
    """Read day.month.year or year-month-day; day/month/year only when it cannot mean anything else."""
    numbers = _numbers(text.strip())
    example = format_date(date(2026, 12, 31), language)
    if numbers is None:
        message = sentence(
            _("Write the date as day.month.year, for example %(example)s."),
            example=example,
        )
        raise NotADay(message, field=field, code="not_a_date")
    try:
        day = date(*numbers)
    except ValueError:
        message = sentence(
            _("That day does not exist. Write day.month.year, for example %(example)s."),
            example=example,
        )
        raise NotADay(message, field=field, code="no_such_day") from None
    latest = latest or years_later(datetime.now(UTC).date(), YEARS_AHEAD)
    if earliest <= day <= latest:
        return day
    message = sentence(
        _("The date must lie between %(earliest)s and %(latest)s."),
        earliest=format_date(earliest, language),
        latest=format_date(latest, language),
    )
    raise DayOutOfRange(message, field=field, code="out_of_range")


def _numbers(text: str) -> tuple[int, int, int] | None:
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DOTTED.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if (match := _SLASHED.fullmatch(text)) and (int(match[1]) > 12 or match[1] == match[2]):
        return int(match[3]), int(match[2]), int(match[1])
    return None


def format_date(day: date, language: str) -> str:
    """Write a day so that `parse_date` reads it back: 31.12.2026, in Swedish 2026-12-31."""
    if language[:2] == "sv":
        return day.isoformat()
    if language[:2] == "nb":
        return f"{day.day:02}.{day.month:02}.{day.year}"
    return f"{day.day}.{day.month}.{day.year}"


def years_later(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# Days on which banks do not work: month and day, then days counted from Easter Sunday.
_FIXED = {
    "FI": ((1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)),
    "SE": ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)),
    "NO": ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)),
}
_FROM_EASTER = {"FI": (-2, 1, 39), "SE": (-2, 1, 39), "NO": (-3, -2, 1, 39, 50)}
_WITH_MIDSUMMER = frozenset({"FI", "SE"})


def easter(year: int) -> date:
    """Return Easter Sunday."""
    century, golden = year // 100, year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - epact - year % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def bank_holidays(country: str, year: int) -> frozenset[date]:
    """Return the days of a year, weekends apart, on which a country's banks do not work."""
    sunday = easter(year)
    found = {date(year, month, day) for month, day in _FIXED[country]}
    found |= {sunday + timedelta(days=distance) for distance in _FROM_EASTER[country]}
    if country in _WITH_MIDSUMMER:
        eves = (date(year, 6, day) for day in range(19, 26))
        found |= {eve for eve in eves if eve.weekday() == 4}
    return frozenset(found)


def is_banking_day(day: date, country: str) -> bool:
    """Tell whether the banks of a country work on a day."""
    return day.weekday() < 5 and day not in bank_holidays(country, day.year)


def banking_days(country: str, *, after: date, count: int) -> list[date]:
    """Return the next banking days after a day."""
    found: list[date] = []
    while len(found) < count:
        after += timedelta(days=1)
        if is_banking_day(after, country):
            found.append(after)
    return found
