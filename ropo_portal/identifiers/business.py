"""Business ids and VAT numbers of Finland, Sweden and Norway."""

import re

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.identifiers.digits import luhn_digit, weighted

_FI = re.compile(r"([0-9]{6,7})-?([0-9])")
_SE = re.compile(r"(?:16)?([0-9]{6})-?([0-9]{4})")
_NO = re.compile(r"([0-9]{9})")
_FI_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
_NO_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_COMPANY_THIRD_DIGIT = "2"


class NotABusinessId(DomainError):
    """The text is no business id of that country."""


def check_business_id(country: str, text: str, *, field: str | None = None) -> str:
    """Return the id as it is written in its country, or refuse it with the reason."""
    checks = {"FI": _finnish, "SE": _swedish, "NO": _norwegian}
    if country not in checks:
        raise NotABusinessId(
            _("Business ids are checked for Finland, Sweden and Norway only."),
            field=field,
        )
    try:
        return checks[country](re.sub(r"[ \u00a0]", "", text))
    except NotABusinessId as refusal:
        refusal.field = field
        raise


def _finnish(text: str) -> str:
    match = _FI.fullmatch(text)
    if not match:
        raise NotABusinessId(
            _("A Finnish business id has seven digits, a hyphen and a check digit."),
            code="form",
        )
    body = match[1].zfill(7)
    remainder = weighted(body, _FI_WEIGHTS) % 11
    if remainder == 1 or int(match[2]) != -remainder % 11:
        raise NotABusinessId(
            _("Check the business id: its check digit does not fit."),
            code="check_digit",
        )
    return f"{body}-{match[2]}"


def _swedish(text: str) -> str:
    match = _SE.fullmatch(text)
    if not match:
        raise NotABusinessId(_("A Swedish organisation number has ten digits."), code="form")
    digits = match[1] + match[2]
    if digits[2] < _COMPANY_THIRD_DIGIT:
        raise NotABusinessId(
            _("That is a personal identity number, not an organisation number."),
            code="person",
        )
    if luhn_digit(digits[:-1]) != digits[-1]:
        raise NotABusinessId(
            _("Check the organisation number: its check digit does not fit."),
            code="check_digit",
        )
    return f"{match[1]}-{match[2]}"


def _norwegian(text: str) -> str:
    if not _NO.fullmatch(text):
        raise NotABusinessId(_("A Norwegian organisation number has nine digits."), code="form")
    if -weighted(text, _NO_WEIGHTS) % 11 != int(text[-1]):
        raise NotABusinessId(
            _("Check the organisation number: its check digit does not fit."),
            code="check_digit",
        )
    return text


def vat_id(country: str, business_id: str) -> str:
    """Return the VAT number that belongs to a valid business id."""
    digits = business_id.replace("-", "")
    return {"FI": f"FI{digits}", "SE": f"SE{digits}01", "NO": f"NO{digits}MVA"}[country]
