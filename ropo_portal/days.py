"""Days: read and written the way Nordic clerks write them."""

import re
from datetime import UTC, date, datetime

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
