"""Room: lines between the file, the table and the checks: packed into invoices, stored, and read back."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.copying import among, write_rows
from ropo_portal.identifiers import normalized_number
from ropo_portal.imports.columns import OF_ROW, Group, Staged
from ropo_portal.imports.finding import business_id_or_blank
from ropo_portal.imports.judging import Judge, Judgement, Others
from ropo_portal.imports.models import Import, ImportedInvoice, ImportedLines, Verdict
from ropo_portal.imports.readers import Line

COLUMNS = ("id", "batch_id", "position", "key", "number", "debtor_name", "reference", "debtor_key", "debtor_print",
           "total_amount", "verdict", "errors", "is_included", "revision", "invoice_id")  # fmt: skip
LINES_COLUMNS = ("imported_id", "texts", "identities", "ready")
LONGEST_KEY = 100
# The place, among the sealed ids of lines, of the id as the debtor would be stored with.
OF_DEBTOR = "debtor"
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def key_of(line: Line) -> str:
    """Return what joins lines into one invoice: the normalized number, or the line itself."""
    number = normalized_number(line.cells.get("invoice_number", ""))
    return number[:LONGEST_KEY] or f"line {line.number}"


def completed(line: Line, before: Line | None) -> Line:
    """Return a line with all that it says; one that only adds to the invoice before it says the rest of that again."""
    if not line.is_more or before is None:
        return line
    shared = {name: text for name, text in before.cells.items() if name not in OF_ROW}
    return Line(line.number, {**shared, **line.cells}, line.problems)


def staged(line: Line, first: Staged | None) -> Staged:
    """Keep of a later line what is its own: cells that only repeat the first line say nothing new."""
    if first is None:
        return Staged(line.number, line.cells, line.problems)
    head = first.cells
    own = {name: text for name, text in line.cells.items() if name in OF_ROW or head.get(name) != text}
    return Staged(line.number, own, line.problems)


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


def document(
    imported_id: uuid.UUID | str,
    lines: Iterable[Staged],
    country: str,
    *,
    ready: str = "",
    debtor_id: str = "",
) -> list[Any]:
    """Return the row of an invoice's lines; an id that is no company's is sealed."""
    texts, hidden = [], {OF_DEBTOR: debtor_id} if debtor_id else {}
    for line in lines:
        cells, identity = line.cells, line.cells.get("debtor_id", "")
        if identity and not business_id_or_blank(cells.get("debtor_country", country).upper(), identity):
            hidden[str(line.number)] = identity
            cells = {name: text for name, text in cells.items() if name != "debtor_id"}
        texts.append((line.number, cells, line.problems))
    return [imported_id, _encoded(texts), _encoded(hidden) if hidden else "", ready]


def write_lines(rows: Iterable[list[Any]]) -> None:
    """Store the lines of invoices that have none yet."""
    write_rows(ImportedLines, LINES_COLUMNS, rows)


def rewrite(changed: Mapping[uuid.UUID, Sequence[Staged]], country: str) -> None:
    """Store the lines of invoices anew; what was made of the old ones is forgotten."""
    ImportedLines.objects.filter(imported__in=list(changed)).delete()
    write_lines(document(pk, lines, country) for pk, lines in changed.items())


def groups(imported: Sequence[ImportedInvoice]) -> list[Group]:
    """Read the lines of staged invoices back, in the order of the invoices."""
    found = {one.pk: Group(one.key) for one in imported}
    rows = ImportedLines.objects.filter(among("imported", found))
    for pk, texts, sealed in rows.values_list("imported_id", "texts", "identities"):
        hidden = opened(pk, sealed)
        for number, cells, problems in json.loads(texts):
            if identity := hidden.get(str(number)):
                cells["debtor_id"] = identity
            found[pk].lines.append(Staged(number, cells, problems))
    return [found[one.pk] for one in imported]


def opened(pk: uuid.UUID, sealed: str) -> dict[str, str]:
    """Return the ids that lie sealed with an invoice's lines."""
    if not sealed:
        return {}
    found: dict[str, str] = json.loads(ImportedLines(pk=pk, identities=sealed).identities)
    return found


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
