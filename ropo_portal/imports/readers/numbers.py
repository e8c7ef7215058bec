"""Room: numbers as people write them, read only when they have one reading."""

import re
from dataclasses import dataclass

LONGEST = 40
_CURRENCY = r"(?:EUR|SEK|NOK|DKK|USD|GBP|kr\.?|[€$£])"
_AROUND = re.compile(rf"{_CURRENCY}\s*(?=[-+−(.,0-9])|(?<=[-+−).,0-9])\s*(?:{_CURRENCY}|:-|%)", re.IGNORECASE)
_SIGNED = re.compile(r"(\()?\s*([-+−])?\s*([0-9.,'’ ]+?)\s*([-−])?\s*(\))?")
_ONE_SIGN = re.compile(r"([0-9]+|[0-9]{1,3}(?:([ '’])[0-9]{3})(?:\2[0-9]{3})*)(?:([.,])([0-9]+))?")
_TWO_SIGNS = re.compile(r"([0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)(?!\2)([.,])([0-9]+)")
_GROUPS_ONLY = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")
_BARE = re.compile(r"([.,])([0-9]+)")
# By far the most numbers of a file whose style is known.
_CENTS = {sign: re.compile(rf"(?:0|[1-9][0-9]*)[{sign}][0-9]{{1,2}}") for sign in ".,"}
_DIGITS = re.compile(r"[^0-9]")


class Unreadable(Exception):
    """A cell has no reading, or two; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Shape:
    """The digits of a number and what its signs prove."""

    whole: str
    fraction: str = ""
    # The sign before the fraction, or the one that must be decimal because the other groups.
    proves: str = ""
    # One sign before three digits: a fraction, or a thousand times as much.
    is_ambiguous: bool = False
    sign: str = ""


def shape(text: str) -> Shape | None:
    """Tell what the signs of a number without minus say; None when it is no number."""
    if match := _ONE_SIGN.fullmatch(text):
        whole, grouping, sign, fraction = match.groups()
        if not sign:
            return Shape(_DIGITS.sub("", whole))
        may_group = len(fraction) == 3 and not grouping and len(whole) <= 3 and whole[0] != "0"
        return Shape(_DIGITS.sub("", whole), fraction, "" if may_group else sign, may_group, sign)
    if match := _TWO_SIGNS.fullmatch(text):
        return Shape(_DIGITS.sub("", match[1]), match[4], match[3])
    if match := _GROUPS_ONLY.fullmatch(text):
        return Shape(_DIGITS.sub("", text), "", "," if match[1] == "." else ".")
    if match := _BARE.fullmatch(text):
        return Shape("0", match[2], match[1])
    return None


def taken_apart(text: str) -> tuple[bool, Shape] | None:
    """Return whether a number is negative, and its shape."""
    if len(text) > LONGEST:
        return None
    match = _SIGNED.fullmatch(_AROUND.sub("", text).strip())
    if not match:
        return None
    opened, before, body, after, closed = match.groups()
    if bool(opened) != bool(closed) or (before or "") + (after or "") + (opened or "") not in _SIGNS:
        return None
    found = shape(body)
    return (before not in {None, "+"} or bool(after or opened), found) if found else None


_SIGNS = frozenset({"", "-", "−", "+", "("})


def read_number(text: str, decimal: str) -> str:
    """Return the number with a point and no grouping; `decimal` is the file's sign, empty when nobody has said."""
    if text.isdigit() and text.isascii() and len(text) <= LONGEST:
        return text.lstrip("0") or "0"
    if decimal and _CENTS[decimal].fullmatch(text) and len(text) <= LONGEST:
        return text.replace(",", ".")
    parts = taken_apart(text)
    if parts is None:
        raise Unreadable("not_a_number")
    is_negative, found = parts
    whole, fraction = found.whole, found.fraction
    if found.is_ambiguous:
        if not decimal:
            raise Unreadable("ambiguous_number")
        if found.sign != decimal:
            whole, fraction = whole + fraction, ""
    elif decimal and found.proves and found.proves != decimal:
        raise Unreadable("other_decimal_sign")
    number = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return f"-{number}" if is_negative and number.strip("0.") else number
