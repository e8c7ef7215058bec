"""Room: a look at the head of a file: what it is, how it is laid out, and what is only a guess."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ropo_portal.imports.readers import headers, separated, sheets, styles, tables
from ropo_portal.imports.readers.cells import TYPED, plain
from ropo_portal.imports.readers.contents import kind_of
from ropo_portal.imports.readers.encodings import ENCODINGS, HEAD, Evidence, look
from ropo_portal.imports.readers.fields import FIELDS
from ropo_portal.imports.readers.layouts import Doubt, Layout, Survey
from ropo_portal.imports.readers.refusals import CannotRead
from ropo_portal.imports.readers.separated import Record

_SHOWN = 10
_EVIDENCE = 1_000
_WIDEST = 200
_NUMBERS = frozenset({"amount", "rate", "quantity"})


def survey(path: Path, *, name: str, layout: Layout | None = None) -> Survey:  # noqa: ARG001 (content decides)
    """Look at a file; a given layout is what a person decided, and stands where it decides."""
    kind = kind_of(path)
    if kind == "xml":
        return _of_papers(path)
    if layout and layout.kind != kind:
        layout = None
    return _of_text(path, layout) if kind == "csv" else _of_sheet(path, kind, layout)


def _of_text(path: Path, given: Layout | None) -> Survey:
    evidence = look(path)
    doubts: list[Doubt] = []
    if given and given.encoding in ENCODINGS:
        evidence = _in_encoding(path, evidence, given.encoding)
    else:
        doubts += evidence.doubts
    if given and given.separator in separated.SEPARATORS:
        separator = given.separator
    else:
        separator, found = styles.separator_of(evidence.head)
        doubts += found
    records = separated.head_records(evidence.head, separator, _EVIDENCE)
    if len(records) > 2 and len(records) < _EVIDENCE and path.stat().st_size > HEAD:
        records.pop()  # the head ends in the middle of it
    layout = Layout("csv", encoding=evidence.encoding, separator=separator)
    return _judged(layout, records, given, doubts, [], evidence.line_count)


def _in_encoding(path: Path, evidence: Evidence, encoding: str) -> Evidence:
    with path.open("rb") as file:
        head = file.read(HEAD)
    return replace(evidence, encoding=encoding, head=head.decode(encoding, "replace").removeprefix("\ufeff"))


def _of_sheet(path: Path, kind: str, given: Layout | None) -> Survey:
    names = sheets.sheet_names(path)
    if not names:
        raise CannotRead("empty")
    doubts: list[Doubt] = []
    sheet = given.sheet if given and given.sheet in names else ""
    if not sheet:
        sheet = names[0]
        if len(names) > 1:
            doubts.append(Doubt("sheets", {"count": len(names), "sheet": sheet[:60]}))
    layout = Layout(kind, sheet=sheet)
    records = list(islice(sheets.records(path, layout), _EVIDENCE))
    return _judged(layout, records, given, doubts, names, sheets.height(path, sheet))


def _of_papers(path: Path) -> Survey:
    from ropo_portal.imports.readers import papers  # noqa: PLC0415 (lxml is for those who have XML)

    kind = papers.first_kind(path)
    found = list(islice(papers.packed(path), _SHOWN))
    parsed = [
        {name: value for name, value in zip(papers.NAMES, values, strict=True) if value}
        for _n, values, _p in found
    ]
    used = [name for name in papers.NAMES if any(name in each for each in parsed)]
    samples = [[each.get(name, "")[:_WIDEST] for name in used] for each in parsed]
    layout = Layout(
        kind, separator="", decimal=".", date_order="ymd", header_row=0, columns=dict(enumerate(used))
    )
    return Survey(layout, [], [], used, samples, parsed, papers.count_guess(path))


def _judged(
    layout: Layout,
    records: list[Record],
    given: Layout | None,
    doubts: list[Doubt],
    names: list[str],
    last: int,
) -> Survey:
    records = [record for record in records if any(cell.strip() for cell in record[1])]
    if not records:
        raise CannotRead("empty")
    header = _header(records, given)
    under = [record for record in records if record[0] > header.row]
    if not under:
        raise CannotRead("no_lines")
    layout = replace(layout, header_row=header.row, columns=header.columns)
    layout, unproven = _styled(layout, under, given)
    parsed = _parsed([*records[: -len(under)], *under[:_SHOWN]], layout) if header.columns else []
    return Survey(
        layout,
        doubts + header.doubts + unproven,
        [_shown(name) for name in names],
        [_shown(cell) for cell in header.cells],
        [[_shown(cell) for cell in cells] for _number, cells in under[:_SHOWN]],
        parsed,
        max(last - header.row, len(under)),
    )


def _header(records: list[Record], given: Layout | None) -> headers.Header:
    if given is None:
        return headers.find(records)
    cells = next((cells for number, cells in records if number == given.header_row), [])
    columns = {place: name for place, name in given.columns.items() if name in FIELDS}
    return headers.Header(given.header_row, list(cells), columns)


def _styled(layout: Layout, records: Sequence[Record], given: Layout | None) -> tuple[Layout, list[Doubt]]:
    """Say how numbers and dates are written, as given, else as the sample proves."""
    decimal, order = (given.decimal, given.date_order) if given else ("", "")
    doubts: list[Doubt] = []
    if decimal not in {",", "."}:
        decimal, found = styles.decimal_of(_texts(records, layout, _NUMBERS))
        doubts += found
    if order not in {"dmy", "mdy", "ymd"}:
        order, found = styles.order_of(_texts(records, layout, frozenset({"date"})))
        doubts += found
    return replace(layout, decimal=decimal, date_order=order), doubts


def _texts(records: Sequence[Record], layout: Layout, kinds: frozenset[str]) -> list[str]:
    places = [place for place, name in layout.columns.items() if FIELDS[name].kind in kinds]
    cells = (row[place] for _number, row in records for place in places if place < len(row))
    texts = (plain(cell, takes_lines=False)[0] for cell in dict.fromkeys(cells) if not cell.startswith(TYPED))
    return [text for text in texts if text]


def _parsed(records: list[Record], layout: Layout) -> list[dict[str, str]]:
    names = [name for _place, name in tables.columns_of(layout)]
    found = tables.read(records, layout)
    return [
        {name: value for name, value in zip(names, values, strict=True) if value} for _n, values, _p in found
    ]


def _shown(cell: str) -> str:
    return plain(cell.removeprefix(TYPED), takes_lines=False)[0][:_WIDEST]
