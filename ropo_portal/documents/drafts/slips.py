"""Room: the payment part of a letter, as each country pays."""

from decimal import Decimal
from typing import Any

import segno

from ropo_portal.days import format_date
from ropo_portal.documents.drafts import code128, printer
from ropo_portal.documents.drafts.draft import Draft, DraftCreditor, DraftRecipient
from ropo_portal.identifiers import (
    CannotMakeBarcode,
    ReferenceKind,
    bank_barcode,
    format_iban,
    format_reference,
    norwegian_account,
)
from ropo_portal.identifiers.digits import luhn_digit, mod11_digit
from ropo_portal.money import format_amount

# The fixed end of a Swedish payment slip's last line: a bankgiro slip.
_SWEDISH_TYPE = "41"
# The European payment QR: version 2, UTF-8, credit transfer.
_QR_HEAD = ("BCD", "002", "1", "SCT")
_QR_NAME, _QR_MESSAGE, _QR_MASK = 70, 140, 3
_QR_LARGEST = Decimal("999999999.99")


def slip(draft: Draft) -> dict[str, Any]:
    """Return the fields of the payment slip of the creditor's country."""
    home = {"FI": ("sv", _finnish), "SE": ("sv", _swedish), "NO": ("nb", _norwegian)}
    language, fields = home.get(draft.country, ("en", _plain))
    language = "fi" if draft.country == "FI" else language
    common = {
        "country": draft.country if draft.country in home else "",
        "payee": _party(draft.creditor),
        "payer": _party(draft.recipient),
        "reference": format_reference(draft.reference_kind, draft.reference),
        "due": format_date(draft.due_date, language) if draft.due_date else "",
        "amount": format_amount(draft.payable, language),
        "currency": draft.currency,
        "account": format_iban(draft.creditor.iban),
        "bic": draft.creditor.bic,
        "number": draft.number,
    }
    return {**common, **fields(draft)}


def _party(party: DraftCreditor | DraftRecipient) -> list[str]:
    return [printer.breakable(line) for line in (party.name, *party.address) if line]


def _plain(_draft: Draft) -> dict[str, str]:
    return {}


def _finnish(draft: Draft) -> dict[str, str]:
    try:
        digits = bank_barcode(
            iban=draft.creditor.iban, reference=draft.reference, amount=draft.payable, due_date=draft.due_date
        )
    except CannotMakeBarcode:
        return {"digits": "", "bars": "", "qr": _epc_code(draft)}
    return {"digits": digits, "bars": code128.svg(digits), "qr": _epc_code(draft)}


def _epc_code(draft: Draft) -> str:
    """Return the European payment QR as a picture; "" when the draft cannot be paid by it."""
    creditor = draft.creditor
    if draft.currency != "EUR" or not creditor.iban or not 0 < draft.payable <= _QR_LARGEST:
        return ""
    is_structured = draft.reference_kind in {ReferenceKind.VIITE, ReferenceKind.RF}
    reference = ["".join(draft.reference.split())] if is_structured else ["", draft.reference[:_QR_MESSAGE]]
    lines = [*_QR_HEAD, creditor.bic, creditor.name[:_QR_NAME], creditor.iban, f"EUR{draft.payable:.2f}", ""]
    # Any mask is readable; naming one saves trying all eight, which takes longer than the page.
    code = segno.make_qr(
        "\n".join([*lines, *reference]), error="m", mask=_QR_MASK, encoding="utf-8", boost_error=False
    )
    return str(code.svg_inline(border=0, omitsize=True))


def _swedish(draft: Draft) -> dict[str, str]:
    account = draft.creditor.bankgiro or format_iban(draft.creditor.iban)
    kronor, _point, cents = f"{draft.payable:.2f}".partition(".")
    digits = "".join(filter(str.isdigit, draft.creditor.bankgiro or draft.creditor.iban[4:]))
    check = luhn_digit(kronor + cents)
    reference = "".join(draft.reference.split())
    line = f"#  {reference} #  {kronor} {cents}  {check} >  {digits}#{_SWEDISH_TYPE}#"
    return {"line": line if draft.reference_kind == ReferenceKind.OCR else "", "account": account}


def _norwegian(draft: Draft) -> dict[str, str]:
    account = draft.creditor.iban[4:]
    kroner, _point, cents = f"{draft.payable:.2f}".partition(".")
    check = mod11_digit(kroner + cents)
    reference = "".join(draft.reference.split())
    is_kid = draft.reference_kind in {ReferenceKind.KID10, ReferenceKind.KID11}
    line = f"H  {reference} <  {kroner} {cents} < {check} >  {account}<"
    return {
        "line": line if is_kid else "",
        "account": norwegian_account(draft.creditor.iban) if account else "",
    }
