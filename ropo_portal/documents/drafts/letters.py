"""Room: the words and figures of a letter, ready to be laid out."""

import tomllib
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ropo_portal.days import format_date
from ropo_portal.documents.drafts import slips
from ropo_portal.documents.drafts.draft import Draft, DraftKind, DraftRow
from ropo_portal.documents.drafts.printer import FOLDER, breakable
from ropo_portal.identifiers import format_iban, format_reference
from ropo_portal.money import (
    Totals,
    format_amount,
    format_decimal,
    format_money,
    format_number,
    format_percent,
    row_net,
)

OTHER_LANGUAGE = "en"
Pairs = list[tuple[str, str]]


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / "texts.toml").read_text(encoding="utf-8"))


def texts(language: str) -> dict[str, str]:
    """Return the words of a letter in a language, English for those we do not speak."""
    return _texts().get(language[:2], _texts()[OTHER_LANGUAGE])


def page_data(draft: Draft) -> dict[str, Any]:
    """Return everything the template prints, as text in the reader's language."""
    words = texts(draft.language)
    return {
        "language": draft.language[:2],
        "words": words,
        "title": words[draft.kind],
        "number": draft.number,
        "stamp": draft.stamp,
        "sender": {"name": breakable(draft.creditor.name), "lines": _lines(draft.creditor.address)},
        "recipient": {
            "above": breakable(draft.recipient.above),
            "name": breakable(draft.recipient.name),
            "lines": _lines(draft.recipient.address),
        },
        "facts": [(label, breakable(value)) for label, value in _facts(draft, words) if value],
        "text": _paragraphs(draft, words),
        "rows": [_row(row, draft.language) for row in draft.rows],
        "has_discount": any(row.discount for row in draft.rows),
        "groups": _groups(draft.totals, draft.language) if draft.rows else [],
        "sums": _sums(draft, words) if draft.rows else [],
        "pay": _pay(draft, words),
        "footer": _footer(draft, words),
        "slip": slips.slip(draft) if draft.kind != DraftKind.CREDIT_NOTE and draft.payable > 0 else None,
    }


def _lines(lines: tuple[str, ...]) -> list[str]:
    return [breakable(line) for line in lines if line]


def _facts(draft: Draft, words: dict[str, str]) -> Pairs:
    language = draft.language
    is_credit, is_reminder = draft.kind == DraftKind.CREDIT_NOTE, draft.kind == DraftKind.REMINDER
    due_date = format_date(draft.due_date, language) if draft.due_date else ""
    interest = format_percent(draft.late_interest, language) if draft.late_interest is not None else ""
    return [
        (words["credit_number" if is_credit else "number"], draft.number),
        (words["invoice_date"], format_date(draft.invoice_date, language)),
        (words["supply_date"], format_date(draft.supply_date, language) if draft.supply_date else ""),
        (words["original_due_date" if is_reminder else "due_date"], "" if is_credit else due_date),
        (words[draft.reference_kind or "message"], format_reference(draft.reference_kind, draft.reference)),
        (words["refers_to"], draft.refers_to),
        (words["customer_number"], draft.recipient.customer_number),
        (words["buyer_id"], draft.recipient.business_id),
        (words["your_reference"], draft.your_reference),
        (words["our_reference"], draft.our_reference),
        (words["order_number"], draft.order_number),
        (words["late_interest"], "" if is_credit else interest),
    ]


def _paragraphs(draft: Draft, words: dict[str, str]) -> list[str]:
    opening = [words["reminder_text"]] if draft.kind == DraftKind.REMINDER else []
    return [*opening, *(breakable(line) for line in draft.free_text.splitlines())]


def _row(row: DraftRow, language: str) -> dict[str, str]:
    places = max(2, -int(row.unit_price.normalize().as_tuple().exponent))
    return {
        "description": breakable(row.description),
        "note": breakable(row.free_text),
        "quantity": format_decimal(row.quantity, language),
        "unit": row.unit,
        "unit_price": format_number(row.unit_price, language, places=places),
        "discount": format_percent(row.discount, language) if row.discount else "",
        "vat": format_percent(row.vat_rate, language),
        "net": format_amount(row_net(row), language),
    }


def _groups(sums: Totals, language: str) -> list[tuple[str, ...]]:
    return [
        (
            format_percent(group.rate, language),
            *(format_amount(amount, language) for amount in (group.net, group.vat, group.total)),
        )
        for group in sums.groups
    ]


def _sums(draft: Draft, words: dict[str, str]) -> Pairs:
    sums = draft.totals
    amounts = [("net_total", sums.net), ("vat_total", sums.vat), ("grand_total", sums.total)]
    return [(words[word], format_amount(amount, draft.language)) for word, amount in amounts]


def _pay(draft: Draft, words: dict[str, str]) -> dict[str, str]:
    is_credit = draft.kind == DraftKind.CREDIT_NOTE
    return {
        "label": words["credited" if is_credit else "to_pay"],
        "amount": format_money(_owed(draft), draft.currency, draft.language),
        "due": format_date(draft.due_date, draft.language) if draft.due_date and not is_credit else "",
    }


def _owed(draft: Draft) -> Decimal:
    return abs(draft.payable) if draft.kind == DraftKind.CREDIT_NOTE else draft.payable


def _footer(draft: Draft, words: dict[str, str]) -> list[str]:
    creditor = draft.creditor
    account = creditor.bankgiro or (format_iban(creditor.iban) if creditor.iban else "")
    labelled = [
        (words["business_id"], creditor.business_id),
        (words["vat_id"], creditor.vat_id),
        ("Bankgiro" if creditor.bankgiro else words["account"], account),
        ("", creditor.email),
        ("", creditor.phone),
    ]
    return [f"{label} {value}".strip() for label, value in labelled if value]
