"""Payment references: viite, RF, OCR and KID, made and checked."""

import re
from collections.abc import Callable, Collection
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers.digits import is_digits, luhn_digit, mod11_digit

_RF = re.compile(r"RF([0-9]{2})([0-9A-Z]{1,21})")
_VIITE_WEIGHTS = (7, 3, 1)
_SHORTEST_VIITE, _LONGEST_VIITE = 4, 20
_SHORTEST_OCR, _LONGEST_OCR = 2, 25
_NO_CHECK_DIGIT = "-"
_BLANKS = re.compile(r"[ \u00a0\u2007\u2009\u202f]")


class ReferenceKind(StrEnum):
    """Which rule a payment reference follows."""

    VIITE = "viite"
    RF = "rf"
    OCR = "ocr"
    KID10 = "kid10"
    KID11 = "kid11"


KINDS_OF = {
    "FI": (ReferenceKind.VIITE,),
    "SE": (ReferenceKind.OCR,),
    "NO": (ReferenceKind.KID10, ReferenceKind.KID11),
}


class CannotMakeReference(DomainError):
    """No reference of that kind can be made from that number."""


def make_reference(
    kind: ReferenceKind | str,
    base: str,
    *,
    length: int | None = None,
    length_digit: bool = True,
) -> str:
    """Return the reference for a number: `length` is the whole length the bank agreed to.

    `length_digit` is for OCR alone: the digit before the last tells the length.
    """
    kind = ReferenceKind(kind)
    base = compact_reference(base)
    if not is_digits(base) or not base.strip("0"):
        raise CannotMakeReference(_("A reference is made from digits."), code="not_digits")
    if kind in {ReferenceKind.VIITE, ReferenceKind.RF}:
        viite = _make_viite(base.lstrip("0"))
        return viite if kind == ReferenceKind.VIITE else wrap_viite(viite)
    with_length = kind == ReferenceKind.OCR and length_digit
    body = base.zfill(length - 1 - with_length) if length else base
    size = len(body) + 1 + with_length
    if size > _LONGEST_OCR or (length and size != length):
        raise _wrong_length(length or _LONGEST_OCR)
    body += str(size % 10) if with_length else ""
    check = mod11_digit(body) if kind == ReferenceKind.KID11 else luhn_digit(body)
    if check == _NO_CHECK_DIGIT:
        message = _("This number has no check digit of the agreed kind; take the next number.")
        raise CannotMakeReference(message, code="no_check_digit")
    return body + check


def _wrong_length(length: int) -> CannotMakeReference:
    message = sentence(_("The number is too long for a reference of %(length)s digits."), length=length)
    return CannotMakeReference(message, code="too_long")


def _make_viite(base: str) -> str:
    viite = base + _viite_digit(base)
    if len(viite) < _SHORTEST_VIITE:
        message = _("A Finnish reference needs at least three digits before its check digit.")
        raise CannotMakeReference(message, code="too_short")
    if len(viite) > _LONGEST_VIITE:
        raise _wrong_length(_LONGEST_VIITE)
    return viite


def _viite_digit(base: str) -> str:
    total = sum(int(digit) * _VIITE_WEIGHTS[place % 3] for place, digit in enumerate(reversed(base)))
    return str(-total % 10)


def wrap_viite(viite: str) -> str:
    """Return the international form of a Finnish reference: 1234561 becomes RF341234561."""
    content = compact_reference(viite).lstrip("0")
    return f"RF{98 - _mod97(f'{content}RF00'):02}{content}"


def _mod97(text: str) -> int:
    return int("".join(str(int(char, 36)) for char in text)) % 97


def compact_reference(text: str) -> str:
    """Return a reference without blanks and in capitals."""
    return text.upper() if text.isalnum() else _BLANKS.sub("", text).upper()


def canonical_reference(text: str) -> str:
    """Return the form to compare by: no blanks, no zeros that carry no meaning."""
    text = compact_reference(text)
    if match := _RF.fullmatch(text):
        return f"RF{match[1]}{match[2].lstrip('0')}"
    return text


def is_viite(text: str) -> bool:
    """Tell whether a text is a Finnish reference; leading zeros do not count."""
    digits = compact_reference(text).lstrip("0")
    return (
        is_digits(digits)
        and _SHORTEST_VIITE <= len(digits) <= _LONGEST_VIITE
        and (_viite_digit(digits[:-1]) == digits[-1])
    )


def is_rf(text: str) -> bool:
    """Tell whether a text is an international creditor reference (ISO 11649)."""
    match = _RF.fullmatch(compact_reference(text))
    return bool(match and match[2].strip("0") and _mod97(f"{match[2]}RF{match[1]}") == 1)


def is_ocr(text: str, *, length_digit: bool = False, lengths: Collection[int] = ()) -> bool:
    """Tell whether a text is a Swedish OCR reference at the level the bank agreed to."""
    digits = compact_reference(text)
    return (
        is_digits(digits)
        and _SHORTEST_OCR <= len(digits) <= _LONGEST_OCR
        and luhn_digit(digits[:-1]) == digits[-1]
        and (not length_digit or digits[-2] == str(len(digits) % 10))
        and (not lengths or len(digits) in lengths)
    )


def is_kid(text: str, kind: ReferenceKind, *, lengths: Collection[int] = ()) -> bool:
    """Tell whether a text is a Norwegian KID of that kind; mod 11 may end in a hyphen."""
    number = compact_reference(text)
    if not is_digits(number[:-1]) or not _SHORTEST_OCR <= len(number) <= _LONGEST_OCR:
        return False
    if lengths and len(number) not in lengths:
        return False
    check = mod11_digit if kind == ReferenceKind.KID11 else luhn_digit
    return check(number[:-1]) == number[-1]


def check_reference(country: str, text: str) -> ReferenceKind | None:
    """Return the kind a reference fits; None is no error, for Ropo takes a message as well."""
    if is_rf(text):
        return ReferenceKind.RF
    checks: dict[ReferenceKind, Callable[[str], bool]] = {
        ReferenceKind.VIITE: is_viite,
        ReferenceKind.OCR: is_ocr,
        ReferenceKind.KID10: lambda number: is_kid(number, ReferenceKind.KID10),
        ReferenceKind.KID11: lambda number: is_kid(number, ReferenceKind.KID11),
    }
    return next((kind for kind in KINDS_OF.get(country, ()) if checks[kind](text)), None)


def format_reference(kind: ReferenceKind | None, text: str) -> str:
    """Return a reference as it is printed: viite in fives from the right, RF in fours."""
    text = compact_reference(text) if kind else text
    if kind == ReferenceKind.VIITE:
        text = text.lstrip("0")
        head = len(text) % 5
        return " ".join(
            part
            for part in (
                text[:head],
                *(text[i : i + 5] for i in range(head, len(text), 5)),
            )
            if part
        )
    if kind == ReferenceKind.RF:
        return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
    return text
