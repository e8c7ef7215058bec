"""Room: an import is stopped, or withdrawn with everything only it brought."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.imports import files
from ropo_portal.imports.models import Import, ImportedInvoice
from ropo_portal.invoices.models import CreditNote, Invoice, InvoiceAttachment
from ropo_portal.invoices.operations import discard_invoice, erase_drafts, withdraw_credit_note
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.operations import erase_debtors

State = Import.State


class CannotWithdraw(DomainError):
    """Something of the import is on its way or arrived."""


@transaction.atomic
def stop_import(*, batch: Import, actor: User, at: dt.datetime) -> None:
    """Stop the worker after the block it is at; what was created stays."""
    batch.move(State.STOPPED, at=at, run=None)
    record(
        verb="import.stopped",
        subject=batch,
        creditor_id=batch.creditor_id,
        label=str(batch.pk),
        actor=actor,
        at=at,
    )


@transaction.atomic
def withdraw_import(*, batch: Import, actor: User, at: dt.datetime) -> int:
    """
    Take back every draft and every debtor that only this import brought; returns how many drafts.

    Refuses (`CannotWithdraw`) once an invoice of it was queued or sent, and `StateHasMoved` while a worker has it.
    A draft that a clerk has worked on is discarded, and stays to be seen; so do credit notes, whose numbers stay used.
    """
    made = Invoice.objects.filter(imported__batch=batch)
    notes = CreditNote.objects.filter(pk__in=batch.invoices.filter(total_amount__lt=0).values("pk"))
    sent = made.exclude(submission=None).count() + notes.exclude(submission=None).count()
    if sent:
        message = _("%(count)s of its invoices were sent already; withdraw or credit them one by one.")
        raise CannotWithdraw(sentence(message, count=sent), code="sent")
    batch.move(State.WITHDRAWN, at=at, run=None)
    drafts = list(made.filter(discarded_at=None).select_for_update(of=("self",)))
    marked = set(InvoiceAttachment.objects.filter(invoice__in=drafts).values_list("invoice_id", flat=True))
    touched = [one for one in drafts if one.revision != 1 or one.pk in marked]
    plain = [one for one in drafts if one.revision == 1 and one.pk not in marked]
    for one in touched:
        discard_invoice(invoice=one, revision=one.revision, actor=actor, at=at)
    for note in notes.kept():
        withdraw_credit_note(note=note, actor=actor, at=at)
    ImportedInvoice.objects.filter(invoice__in=plain).update(invoice=None)
    erase_drafts(drafts=plain, reason=str(batch.pk), actor=actor, at=at)
    alone = Debtor.objects.filter(
        pk__in=batch.debtors.values("debtor"), invoices=None, claims=None, revision=1
    )
    erase_debtors(debtors=list(alone), reason=str(batch.pk), actor=actor, at=at)
    files.forget_file(batch)
    record(verb="import.withdrawn", subject=batch, creditor_id=batch.creditor_id, label=str(batch.pk),
           after={"invoices": len(drafts)}, actor=actor, at=at)  # fmt: skip
    return len(drafts)
