"""Room: what is wrong with the facts of a debtor, whoever wrote them: a form, or a file."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import LANGUAGES, Creditor
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import (
    check_business_id,
    check_einvoice_address,
    check_einvoice_operator,
    check_personal_id,
    check_postcode,
    check_text,
)
from ropo_portal.parties.models import COUNTRIES, Channel, Debtor

LETTER_LANGUAGES: Final = [
    ("fi", _("Finnish")), ("sv", _("Swedish")), ("nb", _("Norwegian")), ("en", _("English")),
]  # fmt: skip
# What every debtor has.
REQUIRED: Final = ("name", "street", "postcode", "city")
# What belongs to one kind of debtor only.
OF_KIND: Final = {"business_id": "company", "vat_id": "company", "national_id": "person"}

# An identity code is sealed, so that its column has no length.
LONGEST: Final[dict[str, int]] = {
    field.name: getattr(field, "max_length", None) or 20 for field in Debtor._meta.concrete_fields
}

EMAIL = re.compile(r"[^@\s,;<>]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*\.[A-Za-z]{2,63}")
PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{3,28}")
NOT_AN_EMAIL = _("Write one e-mail address in plain letters, such as anna@example.com.")
NOT_A_PHONE = _("Write one telephone number in digits, such as +358 40 123 4567.")
PATTERNS: Final = {"email": (EMAIL, NOT_AN_EMAIL), "phone": (PHONE, NOT_A_PHONE)}
CHOICES: Final[dict[str, tuple[Any, str | Promise]]] = {
    "country": (COUNTRIES, _("Write the country as two letters, such as FI.")),
    "language": (dict(LETTER_LANGUAGES), _("Write the language as fi, sv, nb or en.")),
}
_WRONG_KIND = {
    "company": _("A private person has no business id. Choose company, or remove the number."),
    "person": _("A company has no personal identity code. Choose private person, or remove the code."),
}
Facts = dict[str, Any]


def facts(
    values: Mapping[str, str], *, creditor: Creditor, allow_test: bool
) -> tuple[Facts, list[DomainError]]:
    """Read texts as the facts of a debtor: what could be read, and every refusal with its field."""
    found: Facts = {}
    refusals: list[DomainError] = []
    for name, text in values.items():
        try:
            found[name] = _alone(name, text)
        except DomainError as refusal:
            refusal.field = name
            refusals.append(refusal)
    found, more = together(found, creditor=creditor, allow_test=allow_test)
    return found, [*refusals, *more]


def mended(debtor: Debtor, values: Mapping[str, str]) -> Facts:
    """Read facts that a debtor lacked, by the same rules; refuses, with the field's name, the first that is wrong."""
    blank = next((name for name, text in values.items() if not text.strip()), None)
    if blank:
        raise DomainError(_("This is still missing."), field=blank, code="required")
    texts = {**values, "country": debtor.country}
    found, refused = facts(texts, creditor=debtor.creditor, allow_test=True)
    if refused:
        raise refused[0]
    return {name: found[name] for name in values}


def together(
    values: Mapping[str, Any], *, creditor: Creditor, allow_test: bool
) -> tuple[Facts, list[DomainError]]:
    """Check what belongs together: ids and post code follow the country, the channel has what it needs."""
    found = dict(values)
    refusals: list[DomainError] = []

    def refuse(name: str, refusal: DomainError) -> None:
        refusal.field = name
        refusals.append(refusal)
        found.pop(name, None)

    for name, kind in OF_KIND.items():
        if found.get("kind") and found["kind"] != kind and found.get(name):
            refuse(name, DomainError(_WRONG_KIND[kind], code="wrong_kind"))
    for name, check in _checks(found, creditor, allow_test=allow_test).items():
        if found.get(name):
            try:
                found[name] = check(found[name])
            except DomainError as refusal:
                refuse(name, refusal)
    for name, missing in _channel(found):
        refuse(name, missing)
    return found, refusals


def _checks(
    found: Mapping[str, Any], creditor: Creditor, *, allow_test: bool
) -> dict[str, Callable[[str], str]]:
    country = found.get("country", "")
    checks: dict[str, Callable[[str], str]] = {"postcode": lambda text: check_postcode(country, text)}
    if country in LANGUAGES:
        checks["business_id"] = lambda text: check_business_id(country, text)
    checks["national_id"] = lambda text: personal_id(text, country, creditor, allow_test=allow_test)
    return checks | {"einvoice_address": check_einvoice_address, "einvoice_operator": check_einvoice_operator}


def personal_id(text: str, country: str, creditor: Creditor, *, allow_test: bool) -> str:
    """Read an identity code by the rules of the debtor's country, else of the creditor's."""
    countries = dict.fromkeys(code for code in (country, creditor.country) if code in LANGUAGES)
    refusals = []
    for code in countries:
        try:
            return check_personal_id(code, text, allow_test=allow_test)
        except DomainError as refusal:
            refusals.append(refusal)
    raise refusals[0]


def _channel(found: Mapping[str, Any]) -> list[tuple[str, DomainError]]:
    """Refuse a channel without its address; what was refused already is missing and is not refused twice."""
    channel, refusals = found.get("channel"), []
    if channel == Channel.EMAIL and found.get("email") == "":
        refusals.append(("email", DomainError(_("The channel e-mail needs an address."), code="no_email")))
    pair = ("einvoice_address", "einvoice_operator")
    is_wanted = channel in {Channel.EINVOICE, Channel.CONSUMER_EINVOICE} or any(
        found.get(name) for name in pair
    )
    for name in pair:
        if is_wanted and found.get(name) == "":
            message = _("An e-invoice needs both an address and an operator.")
            refusals.append((name, DomainError(message, code="einvoice_pair")))
    return refusals


def _alone(name: str, text: str) -> str:
    """Check one text by itself: its characters, its length, its pattern, its list."""
    text = check_text(text, LONGEST[name])
    if not text and name in REQUIRED:
        raise DomainError(_("This is needed for a new debtor."), code="required")
    if text and name in PATTERNS and not PATTERNS[name][0].fullmatch(text):
        raise DomainError(PATTERNS[name][1], code="form")
    if name in CHOICES and text not in CHOICES[name][0]:
        raise DomainError(CHOICES[name][1], code="unknown")
    return text
