"""Room: the lines that were wrong, taken away as a file that can be mended and brought again."""

import csv
import datetime as dt
import io
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from ropo_portal.accounts.models import User
from ropo_portal.history.operations import record
from ropo_portal.imports import lines, readers
from ropo_portal.imports.columns import OF_ROW
from ropo_portal.imports.judging import Judgement
from ropo_portal.imports.models import Import, Verdict

BLOCK = 500
RISKY = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


@transaction.atomic
def take_failed_rows(*, batch: Import, actor: User, at: dt.datetime) -> bytes:
    """Return the lines of invoices with errors in the columns of the file, each with its reason in a last column."""
    out = io.StringIO(newline="")
    layout = readers.Layout.from_dict(batch.layout)
    places = _places(batch, layout)
    writer = csv.writer(out, delimiter=layout.separator if layout.kind == "csv" else ";")
    writer.writerow([*(header for header, _name in places), _("Reason")])
    wrong = list(batch.invoices.filter(verdict=Verdict.ERROR, is_included=True).order_by("position"))
    for start in range(0, len(wrong), BLOCK):
        for judged in lines.judge(batch, wrong[start : start + BLOCK], at=at):
            writer.writerows(_rows(judged, [name for _header, name in places], layout.decimal))
    record(verb="import.rows_taken", subject=batch, creditor_id=batch.creditor_id, label=str(batch.pk),
           after={"invoices": len(wrong)}, actor=actor, at=at)  # fmt: skip
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _places(batch: Import, layout: readers.Layout) -> list[tuple[str, str]]:
    """Return header and canonical name of each column; XML has no columns of its own, so ours are used."""
    if layout.kind in readers.TABLES:
        width = max([len(batch.headers), *(place + 1 for place in layout.columns)], default=0)
        headers = [*batch.headers, *[""] * width]
        return [(headers[place], layout.columns.get(place, "")) for place in range(width)]
    return [(str(field.label), name) for name, field in readers.FIELDS.items()]


def _rows(judged: Judgement, names: list[str], decimal: str) -> Iterator[list[str]]:
    reasons: dict[int, list[str]] = {}
    for fault in judged.faults:
        label = readers.FIELDS[fault.column].label if fault.column in readers.FIELDS else fault.column
        reasons.setdefault(fault.line, []).append(f"{label}: {fault.message}")
    for line in judged.group.lines:
        cells = {
            name: line.cells.get(name) or ("" if name in OF_ROW else judged.group.cell(name))
            for name in names
        }
        texts = [_safe(name, cells.get(name, ""), decimal) for name in names]
        yield [*texts, _plain("; ".join(reasons.get(line.number, [])))]


def _safe(name: str, text: str, decimal: str) -> str:
    """Write a cell in the signs of the file; a text that a spreadsheet would take for a formula is disarmed."""
    if name in readers.FIELDS and readers.FIELDS[name].kind in {"amount", "quantity", "rate"}:
        number = text.removeprefix("-").replace(".", "", 1)
        if number.isascii() and number.isdigit():
            return text.replace(".", decimal or ".")
    return _plain(text)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
