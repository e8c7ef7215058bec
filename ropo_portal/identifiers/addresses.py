"""Post codes and e-invoice addresses."""

import re

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.identifiers.business import NotABusinessId, check_business_id

_POSTCODES = {
    "FI": re.compile(r"[0-9]{5}"),
    "SE": re.compile(r"[1-9][0-9]{4}"),
    "NO": re.compile(r"[0-9]{4}"),
}
_SENTENCES = {
    "FI": _("A Finnish post code has five digits."),
    "SE": _("A Swedish post code has five digits and does not begin with zero."),
    "NO": _("A Norwegian post code has four digits."),
}
_LONGEST_FOREIGN_POSTCODE = 10
_OVT = re.compile(r"0037([0-9]{8})([0-9A-Z]{0,5})")
_ADDRESS = re.compile(r"[0-9A-Z:.-]{4,35}")
_OPERATOR = re.compile(r"[0-9A-Z]{6,17}")


class NotAPostcode(DomainError):
    """The text is no post code of that country."""


class NotAnEinvoiceAddress(DomainError):
    """The text is no address that an e-invoice could go to."""


def check_postcode(country: str, text: str, *, field: str | None = None) -> str:
    """Return the post code as text, for leading zeros count; abroad only its length is checked."""
    text = text.strip()
    pattern = _POSTCODES.get(country)
    compact = re.sub(r"[ \u00a0]", "", text)
    if pattern and pattern.fullmatch(compact):
        return compact
    if pattern:
        raise NotAPostcode(_SENTENCES[country], field=field, code="postcode")
    if len(text) > _LONGEST_FOREIGN_POSTCODE:
        raise NotAPostcode(_("A post code has at most ten characters."), field=field, code="postcode")
    return text


def format_postcode(country: str, postcode: str) -> str:
    """Return a post code as it is printed: Swedish ones 3 + 2."""
    return f"{postcode[:3]} {postcode[3:]}" if country == "SE" else postcode


def ovt_address(business_id: str) -> str:
    """Return the Finnish e-invoice address of a business: 0037 and the digits of its id."""
    return f"0037{business_id.replace('-', '')}"


def check_einvoice_address(text: str, *, field: str | None = None) -> str:
    """Return an e-invoice address in capitals; a Finnish one must hold a valid business id."""
    address = re.sub(r"[ \u00a0]", "", text).upper()
    if address.startswith("0037"):
        match = _OVT.fullmatch(address)
        try:
            check_business_id("FI", match[1] if match else "")
        except NotABusinessId:
            message = _(
                "Check the e-invoice address: 0037, the digits of the business id, at most five more."
            )
            raise NotAnEinvoiceAddress(message, field=field, code="ovt") from None
    elif not _ADDRESS.fullmatch(address):
        raise NotAnEinvoiceAddress(_("Check the e-invoice address."), field=field, code="einvoice_address")
    return address


def check_einvoice_operator(text: str, *, field: str | None = None) -> str:
    """Return an operator's id in capitals: 003721291126 or a bank's BIC."""
    operator = re.sub(r"[ \u00a0]", "", text).upper()
    if _OPERATOR.fullmatch(operator):
        return operator
    raise NotAnEinvoiceAddress(_("Check the e-invoice operator."), field=field, code="einvoice_operator")
