"""Which datasets the stand-in takes: minimum fields per job type and the rules the guides state."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from .pricing import disagreement
from .texts import text

if TYPE_CHECKING:
    from collections.abc import Iterator

JOB_TYPES = ("0", "1", "2", "300", "301")
CUSTOMER_TYPES = ("1", "2")
SEND_TYPES = ("", "post", "email", "evoice", "b2c")
ADDRESS = ("address", "postcode", "city")
CLAIM = ("billcode", "billnum", "amount", "billdate", "paydate")
MINIMUM = {
    "0": ("billdate", "paydate", "payrow"),
    "300": ("billdate", "paydate", "payrow"),
    "1": CLAIM,
    "2": CLAIM,
    "301": ("sendtype", "addresscountry", "countryname", "image"),
}
CHANNEL = {"email": ("email",), "evoice": ("evoice", "evoiceint"), "b2c": ("evoice", "evoiceint")}
DATES = ("billdate", "paydate", "noticedate", "accountdate")
NUMBERS = ("amount", "netamount", "vatamount", "totalamount", "overdueinterest", "payplanamount")
ROW_FIELDS = ("desc", "count", "amount", "taxpr")
ROW_NUMBERS = (
    "count",
    "amount",
    "taxpr",
    "discount",
    "netamount",
    "vatamount",
    "totalamount",
    "totalitemprice",
)
PLAN = ("payplan", "payplanamount", "payplancount", "payplaninterval")
WHOLE = 100
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
BUSINESS_ID = {"FI": r"\d{7}-\d", "SE": r"(\d{2})?\d{6}-?\d{4}", "NO": r"\d{9}( ?MVA)?"}


def problems(dataset: dict[str, Any], country: str) -> list[str]:
    """Every reason to refuse the dataset, in the language of the account; empty when it is welcome."""
    found = [text(country, key, *values) for key, *values in _findings(dataset, country)]
    if not found and (contradiction := disagreement(dataset)):
        found.append(text(country, "totals", contradiction))
    return found


def _findings(dataset: dict[str, Any], country: str) -> Iterator[tuple[str, ...]]:
    yield from _codes(dataset)
    yield from _missing(dataset, country)
    yield from _formats(dataset)
    yield from _rows(dataset)
    yield from _promises(dataset, country)


def code(dataset: dict[str, Any], name: str) -> str:
    value = dataset.get(name)
    return "" if value is None or isinstance(value, bool | list | dict) else str(value).strip()


def _codes(dataset: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    known = {"jobtype": JOB_TYPES, "customertype": CUSTOMER_TYPES}
    optional = {"sendtype": SEND_TYPES, "finance": ("", "1", "2"), "fixedfee": ("", "0", "1")}
    for name, values in known.items():
        if code(dataset, name) not in values:
            yield ("unknown-code" if name in dataset else "missing", name, code(dataset, name))
    for name, values in optional.items():
        if code(dataset, name) not in values:
            yield "unknown-code", name, code(dataset, name)


def _missing(dataset: dict[str, Any], country: str) -> Iterator[tuple[str, ...]]:
    kind, customer = code(dataset, "jobtype"), code(dataset, "customertype")
    needed = [*ADDRESS, *MINIMUM.get(kind, ()), *CHANNEL.get(code(dataset, "sendtype"), ())]
    if customer in CUSTOMER_TYPES:
        needed.append("company" if customer == "1" else "person")
    if kind == "2" and country == "FI":
        needed.append("noticedate")
    for name in needed:
        if dataset.get(name) in (None, "", [], {}):
            yield "missing", name
    if code(dataset, "sendtype") == "b2c" and "job_finvoice_paymentid" not in _properties(dataset):
        yield "missing", "propertyrow job_finvoice_paymentid"


def _properties(dataset: dict[str, Any]) -> set[str]:
    return {str(each.get("propname")) for each in _list(dataset, "propertyrow")}


def _list(dataset: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = dataset.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _formats(dataset: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for name in DATES:
        if dataset.get(name) not in (None, "") and not is_date(dataset[name]):
            yield "bad-date", name, str(dataset[name])
    for name in NUMBERS:
        if dataset.get(name) not in (None, "") and not is_number(dataset[name]):
            yield "bad-number", name, str(dataset[name])
    for name in ("addresscountry", "country"):
        if dataset.get(name) and not re.fullmatch(r"[A-Z]{3}", str(dataset[name]), re.ASCII):
            yield "unknown-code", name, str(dataset[name])


def is_date(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_number(value: object) -> bool:
    return not isinstance(value, bool) and bool(DECIMAL.fullmatch(str(value)))


def is_percent(value: object) -> bool:
    return 0 <= float(str(value)) <= WHOLE


def _rows(dataset: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    rows = dataset.get("payrow")
    if code(dataset, "jobtype") == "1" and rows:
        yield "not-allowed", "payrow"
    if rows is not None and (not isinstance(rows, list) or len(_list(dataset, "payrow")) != len(rows)):
        yield "unreadable", "payrow"
        return
    for position, row in enumerate(rows or (), start=1):
        yield from _row(row, position)


def _row(row: dict[str, Any], position: int) -> Iterator[tuple[str, ...]]:
    for name in ROW_FIELDS:
        if row.get(name) in (None, ""):
            yield "missing", f"payrow {position} {name}"
    for name in ROW_NUMBERS:
        if row.get(name) not in (None, "") and not is_number(row[name]):
            yield "bad-number", f"payrow {position} {name}", str(row[name])
    if is_number(row.get("taxpr")) and not is_percent(row["taxpr"]):
        yield "unknown-code", f"payrow {position} taxpr", str(row["taxpr"])


def _promises(dataset: dict[str, Any], country: str) -> Iterator[tuple[str, ...]]:
    is_company = code(dataset, "customertype") == "1"
    has_finance, has_fee = code(dataset, "finance") in ("1", "2"), code(dataset, "fixedfee") == "1"
    if has_fee and not is_company:
        yield ("fixedfee-consumer",)
    if has_fee and has_finance:
        yield ("fixedfee-finance",)
    valid_id = re.fullmatch(BUSINESS_ID[country], code(dataset, "govid"), re.ASCII)
    if has_finance and not (is_company and valid_id):
        yield ("finance-company",)
    if not is_company and any(dataset.get(name) for name in PLAN):
        yield ("plan-consumer",)
    for row in _list(dataset, "cashdiscountrow"):
        if is_number(row.get("discountpercent")) and not is_percent(row["discountpercent"]):
            yield ("discount",)
