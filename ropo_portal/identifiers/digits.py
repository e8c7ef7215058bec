"""Check digits that several identifiers share."""

from collections.abc import Iterable


def weighted(digits: str, weights: Iterable[int]) -> int:
    """Return the sum of digits times weights, from the left."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def luhn_digit(digits: str) -> str:
    """Return the modulo 10 check digit: every second digit from the right is doubled."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-sum(sum(divmod(value, 10)) for value in doubled) % 10)


def mod11_digit(digits: str) -> str:
    """Return the modulo 11 check digit, weights 2 to 7 from the right; "-" when it would be 10."""
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
    value = -total % 11
    return "-" if value == 10 else str(value)


def is_digits(text: str) -> bool:
    """Tell whether a text has plain digits only: not Arabic ones, not full-width ones."""
    return text.isascii() and text.isdigit()
