"""Room: tables as files: texts that no program takes for a formula, numbers as numbers, days as days."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter

# Signs by which a spreadsheet takes a text for a formula, also behind blanks, also as full-width letters.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "\ufeff"
Row = Sequence[Any]


def harmless(text: str) -> str:
    """Return a text that no program takes for a formula: one that begins like one gets an apostrophe."""
    text = text.replace("\0", "")
    return f"'{text}" if text.startswith(RISKY) or text.strip().startswith(RISKY) else text


def csv_lines(headings: Row, rows: Iterable[Row], zone: ZoneInfo) -> Iterator[bytes]:
    """Yield a table line by line as Nordic spreadsheets read it: semicolons, decimal commas, UTF-8 with its mark."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(MARK)
    writer.writerow([_cell(value, zone) for value in headings])
    for row in rows:
        yield _taken(buffer)
        writer.writerow([_cell(value, zone) for value in row])
    yield _taken(buffer)


def write_xlsx(file: IO[bytes], headings: Row, rows: Iterable[Row], zone: ZoneInfo) -> None:
    """Write a workbook with one sheet, keeping one row in memory."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), 18)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, harmless(str(heading)), looks["head"])
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, (number, place), value, looks, zone)


def _write(sheet: Any, at: tuple[int, int], value: Any, looks: dict[str, Any], zone: ZoneInfo) -> None:
    writes: list[tuple[Any, Callable[[], Any]]] = [
        (Decimal, lambda: sheet.write_number(*at, float(value), looks["money"])),
        (int, lambda: sheet.write_number(*at, value)),
        (
            dt.datetime,
            lambda: sheet.write_datetime(*at, value.astimezone(zone).replace(tzinfo=None), looks["moment"]),
        ),
        (dt.date, lambda: sheet.write_datetime(*at, value, looks["day"])),
    ]
    for kind, write in writes:
        if isinstance(value, kind):
            write()
            return
    if value not in (None, ""):
        sheet.write_string(*at, harmless(str(value)))


def _cell(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date | int):
        return str(value)
    return "" if value is None else harmless(str(value))


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
