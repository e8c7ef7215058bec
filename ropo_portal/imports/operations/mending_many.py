"""Room: one text for a column in all invoices of a file that are wrong for the same cause."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.imports import causes, columns, lines, readers, staging
from ropo_portal.imports.causes import Cause
from ropo_portal.imports.models import Import, ImportedInvoice, StateHasMoved
from ropo_portal.imports.operations.mending import count_moved, typed, write_cell

# Columns where one text may be true of many invoices; what tells invoices or debtors apart never is.
SAME_FOR_ALL: Final = frozenset({
    "invoice_date", "due_date", "delivery_date", "debtor_kind", "debtor_country", "language", "channel", "currency",
    "our_reference", "order_number", "row_unit", "row_vat_rate", "row_discount", "row_start_date", "row_end_date",
})  # fmt: skip
MOST = 2000
BLOCK = 200


class CannotMendAll(DomainError):
    """The text cannot be written to all of them."""


@dataclass(frozen=True, slots=True)
class Mended:
    """How many invoices were written to, and how many of these are in order now."""

    count: int
    good: int


@transaction.atomic
def mend_cause(*, batch: Import, cause: Cause, text: str, actor: User, at: dt.datetime) -> Mended:
    """
    Write one text at every error of a cause, as a clerk types it, and judge these invoices again.

    Refuses (`CannotMendAll`) columns that tell invoices apart, what cannot be read, and more than 2000 invoices;
    `StateHasMoved` when the import can no longer be changed.
    """
    batches = Import.objects.select_for_update(of=("self",)).select_related("environment__creditor")
    batch = batches.get(pk=batch.pk)
    if not batch.is_editable:
        raise StateHasMoved
    _refuse(cause, text)
    keys = list(causes.wrong(batch, cause).order_by("position").values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        message = sentence(_("These are more than %(most)s invoices; mend the file instead."), most=MOST)
        raise CannotMendAll(message, code="too_many")
    good = sum(
        _block(batch, cause, text, keys[start : start + BLOCK], at) for start in range(0, len(keys), BLOCK)
    )
    after = {"column": cause.column, "cause": cause.code, "invoices": len(keys), "good": good}
    record(verb="import.mended", subject=batch, creditor_id=batch.creditor_id, label=str(batch.pk), after=after,
           actor=actor, at=at)  # fmt: skip
    return Mended(len(keys), good)


def _refuse(cause: Cause, text: str) -> None:
    if cause.column not in SAME_FOR_ALL:
        message = _("This column differs from invoice to invoice; mend them one by one.")
        raise CannotMendAll(message, code="not_the_same")
    value, problem = typed(cause.column, text)
    if not value:
        raise CannotMendAll(_("Write what these cells should say."), field="same", code="required")
    if problem:
        raise CannotMendAll(readers.problem(problem), field="same", code=problem)
    try:
        columns.READERS.get(cause.column, str)(value)
    except DomainError as refusal:
        raise CannotMendAll(refusal.message, field="same", code=refusal.code) from refusal


def _block(batch: Import, cause: Cause, text: str, keys: Sequence[uuid.UUID], at: dt.datetime) -> int:
    """Write and judge one block; returns how many of it are in order now."""
    chosen = list(ImportedInvoice.objects.filter(pk__in=keys).order_by("position"))
    groups = lines.groups(chosen)
    for one, group in zip(chosen, groups, strict=True):
        for error in one.errors:
            if (error["column"], error["code"]) == (cause.column, cause.code):
                write_cell(group, error["line"], cause.column, text)
        one.revision += 1
    changed = {one.pk: group.lines for one, group in zip(chosen, groups, strict=True)}
    lines.rewrite(changed, batch.environment.creditor.country)
    judged = staging.recheck(batch, chosen, at=at)
    ImportedInvoice.objects.bulk_update(chosen, ("revision",), batch_size=BLOCK)
    for found in judged:
        count_moved(batch, "error", str(found.verdict))
    return sum(not found.faults for found in judged)
