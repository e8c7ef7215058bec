"""Room: taking an import back, a block at a time; what was sent meanwhile stays, and a dead worker is followed by another."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from ropo_portal.accounts.models import User
from ropo_portal.identifiers import new_id
from ropo_portal.imports.models import Import, ImportedInvoice
from ropo_portal.invoices.models import CreditNote, Invoice, InvoiceAttachment, InvoiceQuerySet
from ropo_portal.invoices.models.credit import CreditNoteQuerySet
from ropo_portal.invoices.operations import discard_invoice, erase_drafts, withdraw_credit_note
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.operations import erase_debtors

Clock = Callable[[], dt.datetime]
BLOCK = 500


def made(batch: Import) -> tuple[InvoiceQuerySet, CreditNoteQuerySet]:
    """Return the invoices and the credit notes that came of an import."""
    notes = batch.invoices.filter(total_amount__lt=0).values("pk")
    return Invoice.objects.filter(imported__batch=batch), CreditNote.objects.filter(pk__in=notes).kept()


def sent_count(batch: Import) -> int:
    """Return how many of them were queued or sent."""
    return sum(found.exclude(submission=None).count() for found in made(batch))


def take_back(batch_id: uuid.UUID, *, clock: Clock, size: int = BLOCK) -> None:
    """Go on taking back what a withdrawn import brought, until nothing is left that was not sent."""
    run = new_id()
    waiting = Import.objects.withdrawing().filter(pk=batch_id)
    if not waiting.update(run=run, moved_at=clock()):
        return
    batch = Import.objects.select_related("decided_by").get(pk=batch_id)
    is_done = False
    while not is_done:
        with transaction.atomic():
            if not batch.beat(run=run, at=clock()):
                return
            is_done = not take_block(batch, size, at=clock())


def take_block(batch: Import, size: int, *, at: dt.datetime) -> bool:
    """Take one block back: invoices, then credit notes, then debtors; false when there was none and it is over."""
    actor = batch.decided_by
    steps = (_invoices, _notes, _debtors) if actor else ()
    taken = any(step(batch, size, actor, at) for step in steps if actor)
    if not taken:
        Import.objects.filter(pk=batch.pk).update(run=None, moved_at=at)
    return taken


def _invoices(batch: Import, size: int, actor: User, at: dt.datetime) -> bool:
    waiting = made(batch)[0].filter(discarded_at=None, submission=None).order_by("pk")
    drafts = list(waiting.select_for_update(of=("self",))[:size])
    marked = set(InvoiceAttachment.objects.filter(invoice__in=drafts).values_list("invoice_id", flat=True))
    plain = [one for one in drafts if one.revision == 1 and one.pk not in marked]
    for one in drafts:
        if one.revision != 1 or one.pk in marked:
            discard_invoice(invoice=one, revision=one.revision, actor=actor, at=at)
    ImportedInvoice.objects.filter(invoice__in=plain).update(invoice=None)
    erase_drafts(drafts=plain, reason=str(batch.pk), actor=actor, at=at)
    return _counted(batch, len(drafts))


def _notes(batch: Import, size: int, actor: User, at: dt.datetime) -> bool:
    notes = list(made(batch)[1].filter(submission=None).order_by("pk")[:size])
    for note in notes:
        withdraw_credit_note(note=note, actor=actor, at=at)
    return _counted(batch, len(notes))


def _debtors(batch: Import, size: int, actor: User, at: dt.datetime) -> bool:
    alone = Debtor.objects.filter(
        pk__in=batch.debtors.values("debtor"), invoices=None, claims=None, revision=1
    )
    debtors = list(alone.order_by("pk")[:size])
    erase_debtors(debtors=debtors, reason=str(batch.pk), actor=actor, at=at)
    return bool(debtors)


def _counted(batch: Import, count: int) -> bool:
    Import.objects.filter(pk=batch.pk).update(created_count=F("created_count") - count)
    return count > 0
