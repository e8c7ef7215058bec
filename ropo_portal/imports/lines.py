"""Room: lines between the file, the table and the checks: packed into invoices, stored, and read back."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.copying import write_rows
from ropo_portal.identifiers import new_id, normalized_number
from ropo_portal.imports.columns import OF_ROW, Group, Staged
from ropo_portal.imports.finding import business_id_or_blank
from ropo_portal.imports.judging import Judge, Judgement, Others
from ropo_portal.imports.models import Import, ImportedInvoice, ImportLine, Verdict
from ropo_portal.imports.readers import Line

COLUMNS = ("id", "batch_id", "position", "key", "number", "debtor_name", "reference", "debtor_key", "debtor_print",
           "total_amount", "verdict", "errors", "is_included", "revision", "invoice_id")  # fmt: skip
LINE_COLUMNS = ("id", "imported_id", "number", "cells", "problems", "identity")
LONGEST_KEY = 100


def key_of(line: Line) -> str:
    """Return what joins lines into one invoice: the normalized number, or the line itself."""
    number = normalized_number(line.cells.get("invoice_number", ""))
    return number[:LONGEST_KEY] or f"line {line.number}"


def staged(line: Line, first: Staged | None) -> Staged:
    """Keep of a later line what is its own: cells that only repeat the first line say nothing new."""
    if first is None:
        return Staged(line.number, line.cells, line.problems)
    head = first.cells
    own = {name: text for name, text in line.cells.items() if name in OF_ROW or head.get(name) != text}
    return Staged(line.number, own, line.problems)


def invoices(
    batch: Import, ids: dict[str, uuid.UUID], start: int, found: Sequence[Judgement]
) -> Iterator[list[Any]]:
    """Yield the rows of judged invoices; `ids` are by key."""
    for position, one in enumerate(found, start=start):
        yield [ids[one.group.key], batch.pk, position, *stored(one).values(), True, 1, None]


def stored(one: Judgement) -> dict[str, Any]:
    """Return what the table keeps of a judgement."""
    return {
        "key": one.group.key,
        "number": (one.number or one.group.cell("invoice_number"))[:LONGEST_KEY],
        "debtor_name": (one.group.cell("debtor_name") or str(one.found.debtor or ""))[:LONGEST_KEY],
        "reference": one.reference[:35],
        "debtor_key": one.found.key if one.found.is_new else "",
        "debtor_print": one.found.print if one.found.is_new else "",
        "total_amount": one.total,
        "verdict": str(one.verdict),
        "errors": [fault.stored for fault in one.faults],
    }


def line_rows(imported_id: uuid.UUID, lines: Iterable[Staged], country: str) -> Iterator[list[Any]]:
    """Yield the rows of lines; an id that is no company's is sealed."""
    for line in lines:
        identity = line.cells.get("debtor_id", "")
        if identity and not business_id_or_blank(line.cells.get("debtor_country", country).upper(), identity):
            cells = {name: text for name, text in line.cells.items() if name != "debtor_id"}
        else:
            cells, identity = dict(line.cells), ""
        yield [new_id(), imported_id, line.number, cells, dict(line.problems), identity]


def write_lines(rows: Iterable[list[Any]]) -> None:
    """Store rows of lines."""
    write_rows(ImportLine, LINE_COLUMNS, rows)


def groups(imported: Sequence[ImportedInvoice]) -> list[Group]:
    """Read the lines of staged invoices back, in the order of the invoices."""
    found = {one.pk: Group(one.key) for one in imported}
    rows = ImportLine.objects.filter(imported__in=list(found)).order_by("number")
    names = ("pk", "imported_id", "number", "cells", "problems", "identity")
    for pk, imported_id, number, cells, problems, identity in rows.values_list(*names):
        if identity:
            cells["debtor_id"] = ImportLine(pk=pk, identity=identity).identity
        found[imported_id].lines.append(Staged(number, cells, problems))
    return [found[one.pk] for one in imported]


def has_numbers(batch: Import) -> bool:
    """Tell whether the file brings invoice numbers; where it does, none may be blank."""
    names = (batch.layout.get("columns") or {}).values()
    return "invoice_number" in names or not names


def judge(
    batch: Import, imported: Sequence[ImportedInvoice], *, at: dt.datetime, others: Others | None = None
) -> list[Judgement]:
    """Judge staged invoices anew, knowing what stands before them in the file."""
    environment = CreditorEnvironment.objects.select_related("creditor").get(pk=batch.environment_id)
    others = _others(batch, imported) if others is None else others
    judging = Judge(environment, at=at, has_numbers=has_numbers(batch), others=others)
    return judging.block(groups(imported))


def _others(batch: Import, imported: Sequence[ImportedInvoice]) -> Others:
    """Return what included invoices say that stand in the file before all of these which say the same."""
    found = Others()
    names = (("reference", "key", found.references), ("debtor_key", "debtor_print", found.prints))
    rest = batch.invoices.exclude(pk__in=[one.pk for one in imported]).filter(is_included=True)
    for name, told, place in names:
        first: dict[str, int] = {}
        for one in sorted(imported, key=lambda each: each.position):
            first.setdefault(getattr(one, name), one.position)
        first.pop("", None)
        claims = (
            rest.filter(**{f"{name}__in": list(first)}).exclude(verdict=Verdict.EXISTING).order_by("position")
        )
        for value, position, words in claims.values_list(name, "position", told) if first else ():
            if position < first[value]:
                place.setdefault(value, words)
    return found
