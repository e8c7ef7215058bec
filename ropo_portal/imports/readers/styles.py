"""Room: the separator, the decimal sign and the order of dates, where a sample proves them."""

from collections import Counter
from collections.abc import Iterable

from ropo_portal.imports.readers import dates
from ropo_portal.imports.readers.headers import known
from ropo_portal.imports.readers.layouts import Doubt
from ropo_portal.imports.readers.numbers import taken_apart
from ropo_portal.imports.readers.refusals import CannotRead
from ropo_portal.imports.readers.separated import SEPARATORS, head_records

_LOOKED_AT = 60
_SHOWN = 40
_SIGNS = {"\t": "Tab"}


def separator_of(text: str) -> tuple[str, list[Doubt]]:
    """Return the separator that makes even columns with known headers."""
    first = text[:7].splitlines()[0] if text else ""
    if len(first) == 5 and first.lower().startswith("sep=") and first[4] in SEPARATORS:
        return first[4], []
    scored, refused = [], None
    for place, separator in enumerate(SEPARATORS):
        try:
            scored.append((*_score(text, separator), -place, separator))
        except CannotRead as error:
            refused = error if refused is None or error.code == "many_columns" else refused
    scored.sort(reverse=True)
    if not scored or (refused and not scored[0][0]):
        raise refused or CannotRead("empty")
    headers, share, columns, _place, best = scored[0]
    if columns < 2:
        return best, [Doubt("no_separator", {})]
    for other_headers, other_share, other_columns, _at, rival in scored[1:]:
        if other_columns > 1 and other_headers == headers and other_share >= share:
            names = {"first": _SIGNS.get(best, best), "second": _SIGNS.get(rival, rival)}
            return best, [Doubt("separator", names)]
    return best, []


def _score(text: str, separator: str) -> tuple[int, float, int]:
    records = head_records(text, separator, _LOOKED_AT)
    widths = Counter(len(cells) for _number, cells in records)
    if not widths:
        return 0, 0.0, 0
    width, times = widths.most_common(1)[0]
    if width == 1:
        return 0, 0.0, 1
    headers = max(known(cells) for _number, cells in records[:20])
    return headers, times / len(records), width


def decimal_of(texts: Iterable[str]) -> tuple[str, list[Doubt]]:
    """Return the decimal sign that numbers prove; nothing when none does, and a doubt when one has two readings."""
    proofs: dict[str, str] = {}
    open_text = ""
    for text in texts:
        _is_negative, shape = taken_apart(text) or (False, None)
        if shape and shape.proves:
            proofs.setdefault(shape.proves, text)
        elif shape and shape.is_ambiguous:
            open_text = open_text or text
    if len(proofs) == 1:
        return next(iter(proofs)), []
    if proofs:
        first, second = proofs.values()
        return "", [Doubt("decimal_mixed", {"first": first[:_SHOWN], "second": second[:_SHOWN]})]
    return "", [Doubt("decimal", {"text": open_text[:_SHOWN]})] if open_text else []


def order_of(texts: Iterable[str]) -> tuple[str, list[Doubt]]:
    """Return the order of day and month that dates prove, and a doubt where one has two readings."""
    proofs: dict[str, str] = {}
    open_text, serial = "", ""
    for text in texts:
        if dates.serial_day(text):
            serial = serial or text
            continue
        possible = dates.readings(text)
        if not possible or _is_iso(text):
            continue
        if dates.is_pointed(text) and "dmy" in possible:
            proofs.setdefault("dmy", text)
        elif len(possible) == 1:
            proofs.setdefault(next(iter(possible)), text)
        elif len(set(possible.values())) > 1:
            open_text = open_text or text
    doubts = [Doubt("serial_date", {"text": serial, "day": dates.serial_day(serial)})] if serial else []
    return _order(proofs, open_text, doubts)


def _order(proofs: dict[str, str], open_text: str, doubts: list[Doubt]) -> tuple[str, list[Doubt]]:
    pointed_only = all(dates.is_pointed(text) for text in proofs.values())
    if len(proofs) > 1:
        first, second = list(proofs.values())[:2]
        return "", [*doubts, Doubt("date_mixed", {"first": first[:_SHOWN], "second": second[:_SHOWN]})]
    if open_text and (not proofs or pointed_only):
        return "", [*doubts, Doubt("date_order", {"text": open_text[:_SHOWN]})]
    return next(iter(proofs), "ymd"), doubts


def _is_iso(text: str) -> bool:
    return len(text) >= 8 and text[:4].isdigit()
