"""Messages and answers as a person may see them: in our words, without personal ids and file contents."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = {
    "jobtype": "job_type", "customertype": "recipient_kind", "company": "company", "person": "person",
    "address": "street", "postcode": "postcode", "city": "city", "addressaddline1": "extra_line_1",
    "addressaddline2": "extra_line_2", "addresscountry": "country", "countryname": "country_name",
    "country": "country_of_registration", "billnum": "invoice_number", "billcode": "reference",
    "billdate": "invoice_date", "paydate": "due_date", "noticedate": "notice_date", "payrow": "rows",
    "netamount": "net", "vatamount": "vat", "totalamount": "total", "taxrow": "vat_groups", "taxpr": "vat_rate",
    "sendtype": "channel", "evoice": "einvoice_address", "evoiceint": "einvoice_operator",
    "custnum": "customer_number", "govid": "national_id", "ssn": "national_id", "vatid": "vat_id",
    "desc": "description", "count": "quantity", "itemtype": "unit", "productid": "product_number",
    "freetext": "free_text", "startdate": "start_date", "enddate": "end_date", "eancode": "ean_code",
    "ourcode": "our_reference", "yourcode": "your_reference", "ordernumber": "order_number",
    "ownref": "internal_reference", "overdueinterest": "late_interest", "checkbillnum": "number_check",
    "jobid": "job_id", "creditnotebillnum": "credit_note_number", "refundtobillnum": "credited_number",
    "refundtojobid": "credited_job_id", "attachment": "attachments", "attachmentname": "name",
    "attachmentfile": "content", "image": "letter", "filename": "name", "file": "content",
}  # fmt: skip
_PERSONAL = frozenset({"govid", "ssn", "person_id", "national_id"})
_ADDRESS = frozenset({"address", "postcode", "city", "addressaddline1", "addressaddline2"})
_SECRET = frozenset({"apicode", "token", "access_token", "client_secret", "authorization"})
_FILES = frozenset({"attachmentfile", "file"})
_KINDS = {"0": "invoice", "300": "print_invoice", "1": "reminder", "2": "debt_collection", "301": "letter"}
# A personal id written inside free text: Finnish, or Swedish with its separator, or eleven Norwegian digits.
_LOOSE_ID = re.compile(
    r"(?<!\d)(?:\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]|(?:\d{2})?\d{6}[-+]\d{4}|\d{6} ?\d{5})(?!\d)", re.ASCII
)
# A company's number that is its owner's personal id: months run to twelve, Swedish organizations start at twenty.
_SOLE_TRADER = re.compile(
    r"[0-3]\d(?:0\d|1[0-2])\d{2}[-+A-FU-Y]\d{3}[0-9A-Y]|(?:\d{2})?\d{2}(?:0\d|1[0-2])\d{2}[-+]?\d{4}|\d{11}",
    re.ASCII,
)
MASK = "••••"


def read_back(body: bytes) -> dict[str, Any]:
    """What was sent, by our names, personal ids masked and files shown by their size.

    A delivery comes as {"jobs": [...]}, a payment or credit note as its own members, and something that is no
    message as {"text": ...}.
    """
    content = _parsed(body)
    if not isinstance(content, dict):
        return {"text": mask(body)}
    stream = content.get("datastream")
    if isinstance(stream, dict) and isinstance(stream.get("dataset"), list):
        return {"jobs": [_renamed(_masked(dataset)) for dataset in stream["dataset"]]}
    renamed = _renamed(_masked(content))
    if "due_date" in renamed:
        renamed["paid_date"] = renamed.pop("due_date")
    return dict(renamed)


def mask(body: bytes) -> str:
    """A message or an answer as indented text, fit for a screen."""
    content = _parsed(body)
    if content is _NOT_JSON:
        return _LOOSE_ID.sub(MASK, body.decode("utf-8", errors="replace"))
    text = json.dumps(_masked(content), ensure_ascii=False, indent=2)
    return text.encode("utf-8", errors="replace").decode("utf-8")


def without_address(body: bytes) -> bytes:
    """A message or an answer in which nobody's street, post code and place stand; no text, whatever it is, is kept."""
    content = _parsed(body)
    if content is _NOT_JSON:
        return MASK.encode()
    return json.dumps(_homeless(content), ensure_ascii=False).encode("utf-8", errors="replace")


def _homeless(value: Any) -> Any:
    if isinstance(value, list):
        return [_homeless(member) for member in value]
    if not isinstance(value, dict):
        return value
    return {
        name: MASK if name.lower() in _ADDRESS and member else _homeless(member)
        for name, member in value.items()
    }


_NOT_JSON = object()


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        is_company = str(value.get("customertype")) == "1"
        return {name: _masked_member(name, member, company=is_company) for name, member in value.items()}
    if isinstance(value, list):
        return [_masked(member) for member in value]
    return _LOOSE_ID.sub(MASK, value) if isinstance(value, str) else value


def _masked_member(name: str, value: Any, *, company: bool) -> Any:
    key = name.lower()
    if key in _SECRET:
        return MASK
    if key in _PERSONAL:
        return value if not value or (company and not _SOLE_TRADER.fullmatch(str(value))) else MASK
    if key in _FILES and isinstance(value, str):
        return f"({len(value) * 3 // 4 - value[-2:].count('=')} bytes)"
    if key in _VERBATIM:
        return value
    return _masked(value)


# Numbers that are no personal ids, however much they look like one.
_VERBATIM = frozenset(
    {
        "billnum",
        "billcode",
        "jobid",
        "reference",
        "custnum",
        "evoice",
        "evoiceint",
        "statusid",
        "phone",
        "vatid",
    }
)
_TRANSLATED: dict[str, Callable[[str], str]] = {
    "jobtype": lambda code: _KINDS.get(code, code),
    "customertype": lambda code: {"1": "company", "2": "person"}.get(code, code),
    "sendtype": lambda code: {"evoice": "einvoice", "b2c": "consumer_einvoice"}.get(code, code),
}


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(member) for member in value]
    if not isinstance(value, dict):
        return value
    row = "desc" in value
    renamed: dict[str, Any] = {}
    for name, member in value.items():
        ours = "unit_price" if row and name == "amount" else _WORDS.get(name) or str(name)
        known = _TRANSLATED.get(name)
        renamed[ours] = known(str(member)) if known else _renamed(member)
    return renamed
