"""Money: two decimals, rounded half up, value added tax once per rate."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError, sentence

CENT, ZERO = Decimal("0.01"), Decimal("0.00")
LIMIT = Decimal("99999999.99")
LONGEST = 40
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
SPACES = " \u00a0\u2007\u2009\u202f"
DECIMAL_SIGNS = {"fi": ",", "sv": ",", "nb": ",", "en": "."}
HOME_SIGNS = {("sv", "SEK"): "kr", ("nb", "NOK"): "kr"}

_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}})+")
_PLAIN = re.compile(r"[0-9]+")
_NUMBER = re.compile(rf"([-+{MINUS}]?)([0-9{SPACES}]+)(?:[.,]([0-9]+))?")
_ONE_SIGN_THREE_DIGITS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_SEVERAL_SIGNS = re.compile(r"[0-9]{1,3}(?:[.,'][0-9]{3})+[.,][0-9]+|[0-9]{1,3}(?:[.,][0-9]{3}){2,}")


class NotAnAmount(DomainError):
    """The text is not a number a clerk would write."""


class AmbiguousAmount(NotAnAmount):
    """The text could mean two numbers; we never guess."""


class AmountOutOfRange(DomainError):
    """The number is fine, but not here."""


class PricedRow(Protocol):
    """What a row must have to be added up; the unit price is net of tax, rates are percents."""

    @property
    def quantity(self) -> Decimal: ...

    @property
    def unit_price(self) -> Decimal: ...

    @property
    def vat_rate(self) -> Decimal: ...

    @property
    def discount(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Sums:
    """Net, tax and total of a document."""

    net: Decimal
    vat: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class RowAmounts:
    """The sums of one row."""

    net: Decimal
    vat: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class VatGroup:
    """The sums of all rows taxed at one rate."""

    rate: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a document: what is shown is what is sent."""

    net: Decimal
    vat: Decimal
    total: Decimal
    groups: tuple[VatGroup, ...]
    rows: tuple[RowAmounts, ...]


def money(value: Decimal | int | str) -> Decimal:
    """Round to cents, half away from zero; a float has already lost what we would round."""
    if isinstance(value, float):
        raise TypeError("Money is never a float.")
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


def row_net(row: PricedRow) -> Decimal:
    """Return the net sum of one row after its discount."""
    full = row.quantity * row.unit_price
    return (full * (100 - row.discount) / 100 if row.discount else full).quantize(CENT, ROUND_HALF_UP)


def sums(rows: Iterable[PricedRow]) -> Sums:
    """Add up rows without sharing the tax out among them; the same sums as those of `totals`."""
    nets: dict[Decimal, Decimal] = {}
    for row in rows:
        nets[row.vat_rate] = nets.get(row.vat_rate, ZERO) + row_net(row)
    net = sum(nets.values(), ZERO)
    vat = sum((money(part * rate / 100) for rate, part in nets.items()), ZERO)
    return Sums(net, vat, net + vat)


def totals(rows: Iterable[PricedRow]) -> Totals:
    """Add up rows: tax is rounded once per rate, then shared out so that the rows sum to it."""
    priced = [(row.vat_rate, row_net(row)) for row in rows]
    amounts = [RowAmounts(net, Decimal(0), net) for _rate, net in priced]
    groups = []
    for rate in sorted({rate for rate, _net in priced}, reverse=True):
        places = [place for place, (row_rate, _net) in enumerate(priced) if row_rate == rate]
        nets = [priced[place][1] for place in places]
        net = sum(nets, Decimal("0.00"))
        vat = money(net * rate / 100)
        groups.append(VatGroup(rate, net, vat, net + vat))
        for place, share in zip(places, _shares(vat, nets, rate), strict=True):
            amounts[place] = RowAmounts(priced[place][1], share, priced[place][1] + share)
    net = sum((group.net for group in groups), Decimal("0.00"))
    vat = sum((group.vat for group in groups), Decimal("0.00"))
    return Totals(net, vat, net + vat, tuple(groups), tuple(amounts))


def _shares(vat: Decimal, nets: list[Decimal], rate: Decimal) -> list[Decimal]:
    """Share the tax of a group among its rows: the largest remainders get the missing cents."""
    exact = [net * rate / 100 for net in nets]
    shares = [value.quantize(CENT, rounding=ROUND_FLOOR) for value in exact]
    missing = int((vat - sum(shares, Decimal(0))) / CENT)
    by_remainder = sorted(range(len(nets)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[:missing]:
        shares[place] += CENT
    return shares


def parse_amount(
    text: str,
    language: str = "en",
    *,
    field: str | None = None,
    places: int = 2,
    limit: Decimal = LIMIT,
) -> Decimal:
    """Read a number as a clerk writes it; refuse whatever could mean two numbers.

    Decimal comma and point are both taken in every language, spaces group thousands.
    """
    text = text.strip()
    compact = text.lstrip(f"-+{MINUS}")
    if _SEVERAL_SIGNS.fullmatch(compact) or _ONE_SIGN_THREE_DIGITS.fullmatch(compact):
        raise _ambiguous(compact, language, field)
    match = _NUMBER.fullmatch(text)
    if not match or len(text) > LONGEST or not (_PLAIN.fullmatch(match[2]) or _GROUPED.fullmatch(match[2])):
        raise NotAnAmount(
            sentence(
                _("Enter the amount as a number, for example %(example)s."),
                example=format_number(Decimal("125.50"), language),
            ),
            field=field,
            code="not_an_amount",
        )
    whole, decimals = re.sub(rf"[{SPACES}]", "", match[2]), match[3] or ""
    if len(decimals) > places:
        message = sentence(_("Use at most %(places)s decimals and plain digits."), places=places)
        raise NotAnAmount(message, field=field, code="too_many_decimals")
    value = Decimal(f"{whole}.{decimals or '0'}")
    if value > limit:
        raise _above(limit, language, field)
    value = value.quantize(Decimal(1).scaleb(-places))
    return -value if match[1] in {"-", MINUS} and value else value


def _above(limit: Decimal, language: str, field: str | None) -> AmountOutOfRange:
    shown = format_number(limit, language)
    message = sentence(_("The amount is above the limit of %(limit)s."), limit=shown)
    return AmountOutOfRange(message, field=field, code="above_limit")


def _ambiguous(text: str, language: str, field: str | None) -> AmbiguousAmount:
    message = sentence(
        _(
            "“%(text)s” can be read in two ways. Write thousands without a sign and then the decimals: %(example)s."
        ),
        text=text[:30],
        example=format_number(Decimal("1234.50"), language, grouped=False),
    )
    return AmbiguousAmount(message, field=field, code="ambiguous")


def positive(amount: Decimal, *, field: str | None = None) -> Decimal:
    """Return the amount of a claim; a claim of nothing or less is refused."""
    if amount > 0:
        return amount
    message = _("The amount must be above zero; use a credit note to reduce a claim.")
    raise AmountOutOfRange(message, field=field, code="not_positive")


def parse_percent(text: str, language: str = "en", *, field: str | None = None) -> Decimal:
    """Read a percentage such as a tax rate or a discount: 0 to 100, at most two decimals."""
    value = parse_amount(text.strip().removesuffix("%"), language, field=field)
    if 0 <= value <= 100:
        return value
    raise AmountOutOfRange(_("A percentage lies between 0 and 100."), field=field, code="not_a_percentage")


def format_number(value: Decimal, language: str, *, places: int = 2, grouped: bool = True) -> str:
    """Write a number with the signs of the language; what is written can be read back."""
    value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    digits = f"{abs(value):{',' if grouped else ''}.{places}f}"
    whole, _point, decimals = digits.partition(".")
    whole = whole.replace(",", NO_BREAK_SPACE)
    text = f"{whole}{DECIMAL_SIGNS.get(language[:2], '.')}{decimals}" if decimals else whole
    return f"{MINUS}{text}" if value < 0 else text


def format_amount(value: Decimal, language: str) -> str:
    """Write an amount with two decimals, without its currency."""
    return format_number(money(value), language)


def format_money(value: Decimal, currency: str, language: str) -> str:
    """Write an amount with its currency; a foreign crown is named by its code."""
    sign = "€" if currency == "EUR" else HOME_SIGNS.get((language[:2], currency), currency)
    return f"{format_amount(value, language)}{NO_BREAK_SPACE}{sign}"


def format_decimal(value: Decimal, language: str) -> str:
    """Write a quantity or a rate without needless zeros: 25.50 becomes 25.5."""
    shortest = value.normalize()
    places = max(0, -int(shortest.as_tuple().exponent))
    return format_number(shortest, language, places=places)


def format_percent(value: Decimal, language: str) -> str:
    """Write a rate with its sign: 25,5 %."""
    return f"{format_decimal(value, language)}{NO_BREAK_SPACE}%"
