"""Room: invoices out of staged lines: a block at a time, each block whole or not at all, none of it twice."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from ropo_portal.accounts.models import User
from ropo_portal.copying import among, unhurried, write_rows
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.identifiers import new_id
from ropo_portal.imports import lines
from ropo_portal.imports.files import forget_file
from ropo_portal.imports.judging import Judgement, Others
from ropo_portal.imports.models import Import, ImportedDebtor, ImportedInvoice, Verdict
from ropo_portal.imports.standing import Chosen, Standing
from ropo_portal.invoices.numbering import lock_series
from ropo_portal.invoices.operations import ManyRefused, create_checked, create_invoices, write_credit_note
from ropo_portal.invoices.payable import takes_notes_now
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.operations import create_debtors

Clock = Callable[[], dt.datetime]
State = Import.State
BLOCK = 2000
# So many are judged once more where one of them does not stand as it was found.
FEW = 100
# How often a block is tried again because somebody took a number or a debtor between the check and the insert.
MOST_RACES = 5


class Offender(Exception):
    """One invoice that the operation refused although the check let it pass."""

    def __init__(self, pk: uuid.UUID, refusal: DomainError) -> None:
        super().__init__(refusal.code)
        self.pk, self.refusal = pk, refusal


def create(batch_id: uuid.UUID, *, clock: Clock, size: int = BLOCK) -> None:
    """Create what is ready, until nothing is or somebody stops it."""
    run = new_id()
    if not Import.objects.filter(pk=batch_id, state=State.CREATING).update(run=run, moved_at=clock()):
        return
    batch = Import.objects.select_related("environment__creditor", "decided_by").get(pk=batch_id)
    _write_credits(batch, run, clock)
    with unhurried():
        _blocks(batch, run, clock, size)


def _blocks(batch: Import, run: uuid.UUID, clock: Clock, size: int) -> None:
    standing, races = Standing(batch, batch.environment), 0
    while True:
        try:
            with transaction.atomic():
                if not batch.beat(run=run, at=clock()):
                    return
                if not _block(batch, standing, size, at=clock()):
                    _finish(batch, at=clock())
                    return
        except Offender as offender:
            _set_aside(batch, offender)
        except IntegrityError:
            races += 1
            if races > MOST_RACES:
                raise


def _write_credits(batch: Import, run: uuid.UUID, clock: Clock) -> None:
    """Write the credit notes, each in a transaction of its own: a claim is locked before the number series."""
    while (one := batch.invoices.crediting().order_by("position", "pk").first()) and batch.decided_by:
        try:
            with transaction.atomic():
                if not batch.beat(run=run, at=clock()):
                    return
                _write_credit(batch, one, batch.decided_by, at=clock())
        except DomainError as refusal:
            _set_aside(batch, Offender(one.pk, refusal))


def _write_credit(batch: Import, one: ImportedInvoice, actor: User, *, at: dt.datetime) -> None:
    judged = lines.judge(batch, [one], at=at)[0]
    credit = judged.credit
    if credit is None or judged.verdict != Verdict.NEW:
        _note_overtaken(batch, [one], [judged])
        return
    with override(credit.invoice.debtor.letter_language):
        reason = credit.reason or _("Credit of invoice %(number)s.") % {"number": credit.invoice.number}
    write_credit_note(
        invoice=credit.invoice, rows=credit.rows, reason=reason, date=credit.date, is_placed=takes_notes_now(credit.invoice),
        pk=one.pk, number=credit.number, actor=actor, at=at,
    )  # fmt: skip
    Import.objects.filter(pk=batch.pk).update(created_count=F("created_count") + 1)


def _block(batch: Import, standing: Standing, size: int, *, at: dt.datetime) -> bool:
    """Create one block; the caller's transaction holds the import and this one the number series."""
    series = lock_series(batch.environment)
    waiting = standing.waiting(size)
    if standing.holds(series, at):
        chosen = standing.first(waiting)
        if len(chosen.ids) >= min(FEW, len(waiting)) and _as_found(batch, chosen, at=at):
            standing.created(chosen)
            return bool(waiting)
        waiting = waiting[:FEW]
    _anew(batch, [one.pk for one in waiting], at=at)
    return bool(waiting)


def _as_found(batch: Import, chosen: Chosen, *, at: dt.datetime) -> bool:
    """Create invoices as they were found in order; false when a number or a reference has been taken since."""
    if not chosen.ids or not batch.decided_by:
        return False
    who: dict[str, Any] = {"origin": _origin(batch), "actor": batch.decided_by, "at": at}
    try:
        with transaction.atomic():
            _create_debtors(batch, list(chosen.debtors.values()), at=at)
            create_checked(environment=batch.environment, invoices=chosen.invoices, ids=chosen.ids, **who)
    except ManyRefused:
        return False
    _note_created(batch, chosen.ids)
    return True


def _anew(batch: Import, ids: list[uuid.UUID], *, at: dt.datetime) -> None:
    """Judge invoices once more, and create those that are in order."""
    ready = list(batch.invoices.filter(pk__in=ids).order_by("position", "pk"))
    found = lines.judge(batch, ready, at=at, others=Others())
    good = [(one, judged) for one, judged in zip(ready, found, strict=True) if judged.verdict == Verdict.NEW]
    _note_overtaken(batch, ready, found)
    fresh = {
        one.found.debtor.pk: one.found.debtor for _row, one in good if one.found.is_new and one.found.debtor
    }
    _create_debtors(batch, list(fresh.values()), at=at)
    ids = [one.pk for one, _judged in good]
    contents = [judged.content for _one, judged in good if judged.content]
    if ids and batch.decided_by:
        # The same keys: a staged invoice that became an invoice cannot become another one.
        try:
            create_invoices(
                environment=batch.environment, contents=contents, ids=ids, origin=_origin(batch),
                actor=batch.decided_by, at=at,
            )  # fmt: skip
        except ManyRefused as refusal:
            raise Offender(ids[refusal.place], refusal) from refusal
        _note_created(batch, ids)


def _note_created(batch: Import, ids: list[uuid.UUID]) -> None:
    ImportedInvoice.objects.filter(among("id", ids)).update(invoice_id=F("pk"))
    Import.objects.filter(pk=batch.pk).update(created_count=F("created_count") + len(ids))


def _note_overtaken(batch: Import, ready: list[ImportedInvoice], found: list[Judgement]) -> None:
    """Write down what is no longer fit to be created, because the world moved on since it was staged."""
    gone = [(one, judged) for one, judged in zip(ready, found, strict=True) if judged.verdict != Verdict.NEW]
    for one, judged in gone:
        kept = lines.stored(judged)
        one.verdict, one.errors = kept["verdict"], kept["errors"]
        one.save(update_fields=["verdict", "errors"])
    existing = sum(judged.verdict == Verdict.EXISTING for _one, judged in gone)
    Import.objects.filter(pk=batch.pk).update(
        new_count=F("new_count") - len(gone),
        existing_count=F("existing_count") + existing,
        error_count=F("error_count") + len(gone) - existing,
    )


@transaction.atomic
def _set_aside(batch: Import, offender: Offender) -> None:
    error = {"line": 0, "column": offender.refusal.field or "", "code": offender.refusal.code}
    rows = ImportedInvoice.objects.filter(pk=offender.pk, verdict=Verdict.NEW)
    if rows.update(verdict=Verdict.ERROR, errors=[error]):
        Import.objects.filter(pk=batch.pk).update(
            new_count=F("new_count") - 1, error_count=F("error_count") + 1
        )


def _create_debtors(batch: Import, fresh: list[Debtor], *, at: dt.datetime) -> None:
    if not fresh or not batch.decided_by:
        return
    create_debtors(debtors=fresh, origin=_origin(batch), actor=batch.decided_by, at=at)
    write_rows(ImportedDebtor, ("debtor_id", "batch_id"), ([one.pk, batch.pk] for one in fresh))


def _finish(batch: Import, *, at: dt.datetime) -> None:
    batch.refresh_from_db(fields=["created_count", "state"])
    batch.move(State.CREATED, at=at)
    forget_file(batch)
    record(
        verb="import.finished",
        subject=batch,
        creditor_id=batch.creditor_id,
        after={"created": batch.created_count},
        actor=batch.decided_by,
        at=at,
    )


def _origin(batch: Import) -> dict[str, str]:
    return {"import": str(batch.pk)}
