"""Room: workbooks, by their values: formulas and macros are never run, links never followed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import python_calamine as calamine

from ropo_portal.imports.readers.cells import TYPED
from ropo_portal.imports.readers.layouts import Layout
from ropo_portal.imports.readers.refusals import CannotRead
from ropo_portal.imports.readers.separated import LONGEST_CELL, MOST_COLUMNS, Record

_BROKEN = (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError)


def sheet_names(path: Path) -> list[str]:
    """Return the sheets that hold cells, in the workbook's order, the hidden ones last."""
    book = _opened(path)
    usable = [each for each in book.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet]
    hidden = calamine.SheetVisibleEnum.Visible
    return [each.name for each in sorted(usable, key=lambda each: each.visible != hidden)]


def records(path: Path, layout: Layout) -> Iterator[Record]:
    """Yield the row of the sheet as a person counts it, and its cells."""
    sheet = _sheet(path, layout.sheet)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in row):
            yield number, [cell if isinstance(cell, str) else as_text(cell) for cell in _short(row, number)]


def height(path: Path, name: str) -> int:
    """Return the number of the last row."""
    return int(_sheet(path, name).total_height)


def _sheet(path: Path, name: str) -> calamine.CalamineSheet:
    try:
        sheet = _opened(path).get_sheet_by_name(name)
    except calamine.WorksheetNotFound as error:
        raise CannotRead("no_sheet") from error
    except _BROKEN as error:
        raise CannotRead("broken_workbook") from error
    if sheet.width > MOST_COLUMNS:
        raise CannotRead("many_columns", most=MOST_COLUMNS)
    return sheet


def _opened(path: Path) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise CannotRead("password") from error
    except _BROKEN as error:
        raise CannotRead("broken_workbook") from error


def _short(row: Sequence[object], number: int) -> Sequence[object]:
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in row):
        raise CannotRead("long_cell", line=number, most=LONGEST_CELL)
    return row


def as_text(cell: object) -> str:
    """Return a value of a sheet as text; a number is marked, so that no sign of it is in question."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return TYPED + number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return (
        TYPED + str(cell) if isinstance(cell, int) else str(cell) if not isinstance(cell, timedelta) else ""
    )


def number_text(value: float) -> str:
    """Return the fifteen digits that a spreadsheet shows, without exponent and without idle zeros."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"
