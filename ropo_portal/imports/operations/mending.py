"""Room: cells are mended in place, and invoices are taken in or left out."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days, money
from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.identifiers import normalized_number
from ropo_portal.imports import lines, readers, staging
from ropo_portal.imports.columns import OF_ROW, Group, Staged
from ropo_portal.imports.judging import Judgement
from ropo_portal.imports.models import Import, ImportedInvoice, StateHasMoved

MOST_PLACES = 12
LIMIT = Decimal(10) ** 15
Cells = Mapping[tuple[int, str], str]
COUNT = {"new": "new_count", "existing": "existing_count", "error": "error_count"}


@transaction.atomic
def mend_invoice(
    *, imported: ImportedInvoice, revision: int, cells: Cells, actor: User, at: dt.datetime
) -> Judgement:
    """
    Write cells, by line and column as a clerk types them, and judge this one invoice again.

    What cannot be read is kept as typed and stays an error. Refuses `StateHasMoved` when somebody was faster, and
    a number that another invoice of the file has.
    """
    batch, imported = _locked(imported, revision)
    group = lines.groups([imported])[0]
    columns = sorted({column for _line, column in cells})
    for (number, column), text in cells.items():
        write_cell(group, number, column, text)
    _rename(batch, imported, group)
    lines.rewrite({imported.pk: group.lines}, batch.environment.creditor.country)
    before = imported.verdict
    judged = staging.recheck(batch, [imported], at=at)[0]
    count_moved(batch, before, imported.verdict)
    imported.revision += 1
    imported.save(update_fields=["key", "revision"])
    after = {"line": group.lines[0].number, "columns": columns, "verdict": imported.verdict}
    record(verb="import.mended", subject=batch, creditor_id=batch.creditor_id, label=str(batch.pk), after=after,
           actor=actor, at=at)  # fmt: skip
    return judged


@transaction.atomic
def choose_invoice(*, imported: ImportedInvoice, is_included: bool, actor: User, at: dt.datetime) -> None:
    """Take a whole invoice in, or leave it out."""
    batch, imported = _locked(imported, imported.revision)
    if imported.is_included == is_included:
        return
    imported.is_included = is_included
    imported.save(update_fields=["is_included"])
    after = {"line": imported.position, "included": is_included}
    record(verb="import.chosen", subject=batch, creditor_id=batch.creditor_id, label=str(batch.pk), after=after,
           actor=actor, at=at)  # fmt: skip


def _locked(imported: ImportedInvoice, revision: int) -> tuple[Import, ImportedInvoice]:
    """Lock the import against its worker, and the invoice against another clerk."""
    batches = Import.objects.select_for_update(of=("self",)).select_related("environment__creditor")
    batch = batches.get(pk=imported.batch_id)
    found = ImportedInvoice.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    if not batch.is_editable or found.is_made or found.revision != revision:
        raise StateHasMoved
    return batch, found


def typed(column: str, text: str) -> tuple[str, str]:
    """Return a typed text as the readers write it, and the code of the problem where it cannot be read."""
    kind, language, text = readers.FIELDS[column].kind, get_language() or "en", text.strip()
    try:
        if not text or kind == "text":
            return text, ""
        if kind == "date":
            return days.parse_date(text, language).isoformat(), ""
        # Decimals and limits are judged with the invoice, so that the reason is theirs and nothing typed is lost.
        number = money.parse_amount(text.removesuffix("%"), language, places=MOST_PLACES, limit=LIMIT)
        return f"{number.normalize():f}", ""
    except DomainError:
        return text, "not_a_date" if kind == "date" else "not_a_number"


def write_cell(group: Group, number: int, column: str, text: str) -> None:
    """Write a cell; one about the whole invoice stands at its first line alone."""
    if column not in readers.FIELDS:
        return
    value, problem = typed(column, text)
    is_head = column not in OF_ROW
    for place, line in enumerate(group.lines):
        if not is_head and line.number != number:
            continue
        cells = {name: kept for name, kept in line.cells.items() if name != column}
        problems = {name: kept for name, kept in line.problems.items() if name != column}
        if value and not (is_head and place):
            cells[column] = value
            problems |= {column: problem} if problem else {}
        group.lines[place] = Staged(line.number, cells, problems)


def _rename(batch: Import, imported: ImportedInvoice, group: Group) -> None:
    """Follow a changed number; the key of one file belongs to one invoice."""
    number = group.cell("invoice_number")
    key = normalized_number(number)[: lines.LONGEST_KEY] or f"line {group.lines[0].number}"
    if key != imported.key and batch.invoices.filter(key=key).exists():
        message = _("Another invoice of this file has the number.")
        raise DomainError(message, field="invoice_number", code="number_twice")
    imported.key = group.key = key


def count_moved(batch: Import, before: str, after: str) -> None:
    """Count an invoice where its verdict is now."""
    if before != after:
        Import.objects.filter(pk=batch.pk).update(
            **{COUNT[before]: F(COUNT[before]) - 1, COUNT[after]: F(COUNT[after]) + 1}
        )
