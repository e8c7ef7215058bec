"""Room: files to begin with: two invoices of three rows, to invented debtors."""

import csv
import io
from datetime import date
from decimal import Decimal

Cell = str | date | Decimal

HEADERS = (
    "Invoice number", "Invoice date", "Due date", "Customer number", "Customer name", "Business id", "Street",
    "Post code", "City", "Country code", "E-mail", "Channel", "Currency", "Row description", "Quantity", "Unit",
    "Unit price", "VAT %", "Invoice total",
)  # fmt: skip
# Business ids of the range that was never given out, and a personal identity code of the artificial one.
_HEADS: tuple[tuple[Cell, ...], ...] = (
    ("20260001", date(2026, 11, 2), date(2026, 11, 16), "1001", "Kuvitteellinen Leipomo Oy", "0000012-3",
     "Pullakuja 2", "00530", "Helsinki", "FI", "laskut@example.com", "post", "EUR"),
    ("20260002", date(2026, 11, 13), date(2026, 11, 27), "1002", "Aino Esimerkki", "010190-900P",
     "Mallitie 1 A 2", "00560", "Helsinki", "FI", "aino@example.com", "email", "EUR"),
)  # fmt: skip
_ROWS: tuple[tuple[tuple[Cell, ...], ...], ...] = (
    (("Huoltosopimus, marraskuu", Decimal(1), "kk", Decimal("1250.00"), Decimal("25.5")),
     ("Tuntityö", Decimal("7.5"), "h", Decimal("68.50"), Decimal("25.5")),
     ("Varaosa 4-512", Decimal(2), "kpl", Decimal("39.90"), Decimal("25.5"))),
    (("Jäsenmaksu", Decimal(1), "kpl", Decimal("45.00"), Decimal(0)),
     ("Sähkö", Decimal("312.5"), "kWh", Decimal("0.0834"), Decimal("25.5")),
     ("Kirja", Decimal(3), "kpl", Decimal("19.50"), Decimal("13.5"))),
)  # fmt: skip
_TOTALS = (Decimal("2313.66"), Decimal("144.11"))


def example_file(kind: str) -> bytes:
    """Return the example as csv or xlsx."""
    return _workbook() if kind == "xlsx" else _text()


def lines() -> list[tuple[Cell, ...]]:
    """Return the lines under the header."""
    return [
        (*head, *row, total) for head, rows, total in zip(_HEADS, _ROWS, _TOTALS, strict=True) for row in rows
    ]


def _text() -> bytes:
    """Write it as spreadsheet programs of the four languages open it: semicolons and decimal commas."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(HEADERS)
    writer.writerows([_as_text(cell) for cell in line] for line in lines())
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _as_text(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell


def _workbook() -> bytes:
    import xlsxwriter  # noqa: PLC0415 (for those who ask for a workbook)

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Invoices")
        day, bold = book.add_format({"num_format": "d.m.yyyy"}), book.add_format({"bold": True})
        sheet.write_row(0, 0, HEADERS, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(HEADERS), 16)
        for place, line in enumerate(lines(), start=1):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(place, column, cell, day)
                elif isinstance(cell, Decimal):
                    sheet.write_number(place, column, float(cell))
                else:
                    sheet.write_string(place, column, cell)
    return file.getvalue()
