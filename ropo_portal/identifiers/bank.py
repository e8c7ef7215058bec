"""Bank accounts: IBAN, BIC, bankgiro, plusgiro and the Finnish bank barcode."""

import re
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from ropo_portal.errors import DomainError
from ropo_portal.identifiers.digits import is_digits, luhn_digit
from ropo_portal.identifiers.references import compact_reference, is_rf, is_viite

# The first digits of a Finnish account name its bank.
FINNISH_BICS = {
    "1": "NDEAFIHH",
    "2": "NDEAFIHH",
    "31": "HANDFIHH",
    "33": "ESSEFIHX",
    "34": "DABAFIHH",
    "36": "SBANFIHH",
    "37": "DNBAFIHX",
    "38": "SWEDFIHH",
    "39": "SBANFIHH",
    "4": "ITELFIHH",
    "405": "HELSFIHH",
    "497": "HELSFIHH",
    "5": "OKOYFIHH",
    "6": "AABAFI22",
    "713": "CITIFIHX",
    "799": "HOLVFIHH",
    "8": "DABAFIHH",
}
_BANKGIRO = re.compile(r"([0-9]{3,4})-?([0-9]{4})")
_PLUSGIRO = re.compile(r"([0-9]{1,7})-?([0-9])")
_LARGEST_BARCODE_AMOUNT = Decimal("999999.99")


class NotAnAccount(DomainError):
    """The text names no bank account."""


class NotABic(DomainError):
    """The text names no bank."""


class CannotMakeBarcode(DomainError):
    """The Finnish bank barcode has no room for these data."""


def check_iban(text: str, *, field: str | None = None) -> str:
    """Return the IBAN without blanks, or refuse it."""
    try:
        if text.isascii() or "\u00a0" in text:
            return str(stdnum_iban.validate(text.replace("\u00a0", " ")))
    except ValidationError:
        pass
    raise NotAnAccount(_("Check the account number: it is not a valid IBAN."), field=field, code="iban")


def format_iban(iban: str) -> str:
    """Return an IBAN in groups of four."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))


def check_bic(text: str, *, field: str | None = None) -> str:
    """Return the BIC in capitals, or refuse it."""
    try:
        if text.isascii():
            return str(stdnum_bic.validate(text))
    except ValidationError:
        pass
    raise NotABic(_("Check the bank code: a BIC has 8 or 11 characters."), field=field, code="bic")


def bic_of(iban: str) -> str:
    """Return the BIC of a Finnish account, or "" when the table does not know it."""
    account = iban[4:] if iban.startswith("FI") else ""
    return next(
        (FINNISH_BICS[account[:size]] for size in (3, 2, 1) if account[:size] in FINNISH_BICS),
        "",
    )


def check_bankgiro(text: str, *, field: str | None = None) -> str:
    """Return a bankgiro number with its hyphen, or refuse it."""
    match = _BANKGIRO.fullmatch(text.strip())
    if match and luhn_digit((match[1] + match[2])[:-1]) == match[2][-1]:
        return f"{match[1]}-{match[2]}"
    raise NotAnAccount(
        _("Check the bankgiro number: its check digit does not fit."),
        field=field,
        code="bankgiro",
    )


def check_plusgiro(text: str, *, field: str | None = None) -> str:
    """Return a plusgiro number with its hyphen, or refuse it."""
    match = _PLUSGIRO.fullmatch(re.sub(r"[ \u00a0]", "", text))
    if match and luhn_digit(match[1]) == match[2]:
        return f"{match[1]}-{match[2]}"
    raise NotAnAccount(
        _("Check the plusgiro number: its check digit does not fit."),
        field=field,
        code="plusgiro",
    )


def norwegian_account(iban: str) -> str:
    """Return the eleven digits of a Norwegian IBAN as they are printed: 8601.11.17947."""
    digits = iban[4:]
    return f"{digits[:4]}.{digits[4:6]}.{digits[6:]}"


def bank_barcode(*, iban: str, reference: str, amount: Decimal, due_date: date | None) -> str:
    """Return the 54 digits of the Finnish bank barcode: version 4 for a viite, 5 for an RF.

    An amount with no room, or none due, is printed as zeros: the payer fills it in.
    """
    if not iban.startswith("FI") or not is_digits(iban[2:]):
        raise CannotMakeBarcode(_("The bank barcode needs a Finnish account number."), code="account")
    cents = int(amount * 100) if 0 <= amount <= _LARGEST_BARCODE_AMOUNT else 0
    day = due_date.strftime("%y%m%d") if due_date else "000000"
    reference = compact_reference(reference)
    if is_rf(reference) and is_digits(reference[2:]):
        return f"5{iban[2:]}{cents:08}{reference[2:4]}{reference[4:].zfill(21)}{day}"
    if is_viite(reference):
        return f"4{iban[2:]}{cents:08}000{reference.zfill(20)[-20:]}{day}"
    raise CannotMakeBarcode(_("The bank barcode needs a valid reference number."), code="reference")
