"""Personal identity codes of Finland, Sweden and Norway; no message repeats the code."""

import re
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.identifiers.digits import luhn_digit, weighted

_FI = re.compile(r"([0-9]{6})([-+YXWVUABCDEF])([0-9]{3})([0-9A-Y])")
_FI_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FI_CENTURIES = {
    "+": 1800,
    **dict.fromkeys("-YXWVU", 1900),
    **dict.fromkeys("ABCDEF", 2000),
}
_FI_FIRST, _FI_FIRST_TEST = 2, 900
_SE = re.compile(r"([0-9]{2})?([0-9]{6})([-+]?)([0-9]{4})")
_SE_COORDINATION = 60
_NO = re.compile(r"[0-9]{11}")
_NO_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
_NO_D_NUMBER, _NO_H_NUMBER, _NO_SYNTHETIC = 40, 40, 80
_NO_HELP = "89"
# Whatever may be a code inside a text, written with the usual gaps.
_LIKELY = re.compile(
    r"(?<![0-9A-Z])(?:[0-9]{6} ?[-+YXWVUABCDEF] ?[0-9]{3}[0-9A-Y]|(?:[0-9]{2})?[0-9]{6} ?[-+]? ?[0-9]{4}"
    r"|[0-9]{6} ?-? ?[0-9]{5})(?![0-9A-Z])"
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
# Individual numbers, years within the century, century (a table of the population register).
_NO_CENTURIES = (
    (0, 499, 0, 99, 1900),
    (500, 749, 54, 99, 1800),
    (500, 999, 0, 39, 2000),
    (900, 999, 40, 99, 1900),
)


class NotAPersonalId(DomainError):
    """The text is no personal identity code of that country."""


class ArtificialId(NotAPersonalId):
    """The code is right, but belongs to the range for tests."""


def check_personal_id(
    country: str,
    text: str,
    *,
    allow_test: bool = False,
    field: str | None = None,
    today: date | None = None,
) -> str:
    """Return the code in its one canonical form, or say which part is wrong.

    Codes from the artificial ranges pass only with `allow_test`.
    """
    text = re.sub(r"[ \u00a0]", "", text).upper()
    today = today or datetime.now(UTC).date()
    try:
        if country == "FI":
            return _finnish(text, allow_test=allow_test)
        if country == "SE":
            return _swedish(text, today)
        if country == "NO":
            return _norwegian(text, allow_test=allow_test)
    except NotAPersonalId as refusal:
        refusal.field = field
        raise
    raise NotAPersonalId(
        _("Personal identity codes are checked for Finland, Sweden and Norway only."),
        field=field,
    )


def _finnish(text: str, *, allow_test: bool) -> str:
    match = _FI.fullmatch(text)
    if not match:
        raise _wrong_form(
            _("A Finnish identity code has six digits, a separator, three digits and a check character.")
        )
    born, separator, individual, check = match.groups()
    _require_day(_FI_CENTURIES[separator] + int(born[4:]), int(born[2:4]), int(born[:2]))
    if int(individual) < _FI_FIRST:
        raise NotAPersonalId(
            _("Check the identity code: its individual number does not exist."),
            code="individual",
        )
    if _FI_CHECKS[int(born + individual) % 31] != check:
        raise _wrong_check()
    if int(individual) >= _FI_FIRST_TEST and not allow_test:
        raise _test_only()
    return text


def _swedish(text: str, today: date) -> str:
    match = _SE.fullmatch(text)
    if not match:
        raise _wrong_form(_("A Swedish personal number has ten or twelve digits."))
    century, born, separator, tail = match.groups()
    year, month, day = int(born[:2]), int(born[2:4]), int(born[4:])
    day -= _SE_COORDINATION if day > _SE_COORDINATION else 0
    full_year = int(century) * 100 + year if century else _swedish_year(year, month, day, separator, today)
    _require_day(full_year, month, day)
    if luhn_digit(born + tail[:-1]) != tail[-1]:
        raise _wrong_check()
    return f"{full_year // 100:02}{born}-{tail}"


def _swedish_year(year: int, month: int, day: int, separator: str, today: date) -> int:
    """Ten digits: the latest such day that is not in the future; + means a hundred years earlier."""
    full_year = today.year - (today.year - year) % 100
    if (full_year, month, day) > (today.year, today.month, today.day):
        full_year -= 100
    return full_year - 100 if separator == "+" else full_year


def _norwegian(text: str, *, allow_test: bool) -> str:
    text = text.replace("-", "")
    if not _NO.fullmatch(text):
        raise _wrong_form(_("A Norwegian identity number has eleven digits."))
    if text[0] in _NO_HELP:
        raise NotAPersonalId(
            _("That is a help number of a hospital, not an identity number."),
            code="help_number",
        )
    day, month, year, individual = (
        int(text[:2]),
        int(text[2:4]),
        int(text[4:6]),
        int(text[6:9]),
    )
    is_synthetic = month > _NO_SYNTHETIC
    month -= _NO_SYNTHETIC if is_synthetic else _NO_H_NUMBER if month > _NO_H_NUMBER else 0
    day -= _NO_D_NUMBER if day > _NO_D_NUMBER else 0
    _require_day(_norwegian_year(year, individual), month, day)
    for length, weights in zip((9, 10), _NO_WEIGHTS, strict=True):
        if str(-weighted(text[:length], weights) % 11) != text[length]:
            raise _wrong_check()
    if is_synthetic and not allow_test:
        raise _test_only()
    return text


def _norwegian_year(year: int, individual: int) -> int:
    for first, last, from_year, to_year, century in _NO_CENTURIES:
        if first <= individual <= last and from_year <= year <= to_year:
            return century + year
    raise NotAPersonalId(
        _("Check the identity code: its individual number does not exist."),
        code="individual",
    )


def _require_day(year: int, month: int, day: int) -> None:
    try:
        date(year, month, day)
    except ValueError:
        raise NotAPersonalId(
            _("Check the identity code: its day of birth does not exist."), code="day"
        ) from None


def _wrong_form(message: object) -> NotAPersonalId:
    return NotAPersonalId(message, code="form")  # type: ignore[arg-type]


def _wrong_check() -> NotAPersonalId:
    return NotAPersonalId(
        _("Check the identity code: its check character does not fit."),
        code="check_digit",
    )


def _test_only() -> ArtificialId:
    return ArtificialId(
        _("Artificial identity codes are for tests and are not accepted here."),
        code="test_only",
    )


def is_personal_id(text: str) -> bool:
    """Tell whether a text is somebody's identity code in any of the countries, artificial ones included."""
    for country in ("FI", "SE", "NO"):
        with suppress(DomainError):
            check_personal_id(country, text, allow_test=True)
            return True
    return False


def holds_personal_id(text: str) -> bool:
    """Tell whether somebody's identity code of any of the countries stands somewhere in a text."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).translate(_DASHES)).upper()
    return any(is_personal_id(found.group()) for found in _LIKELY.finditer(plain))
