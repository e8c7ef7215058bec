"""Room: an import is stopped, or withdrawn with everything only it brought."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.identifiers import new_id
from ropo_portal.imports import files, withdrawing
from ropo_portal.imports.models import Import
from ropo_portal.imports.operations.bringing import ring

State = Import.State
# So many are taken back in the request itself.
AT_ONCE = 200


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
    Take back every draft and every debtor that only this import brought; returns how many drafts and credit notes.

    Few are taken back at once, many by a worker. Refuses (`CannotWithdraw`) once an invoice of it was queued or sent,
    and `StateHasMoved` while a worker has it. What is sent while a worker takes the rest back stays. A draft that a
    clerk has worked on is discarded, and stays to be seen; so do credit notes, whose numbers stay used.
    """
    sent = withdrawing.sent_count(batch)
    if sent:
        message = _("%(count)s of its invoices were sent already; withdraw or credit them one by one.")
        raise CannotWithdraw(sentence(message, count=sent), code="sent")
    invoices, notes = withdrawing.made(batch)
    count = invoices.filter(discarded_at=None).count() + notes.count()
    # How many there are to take back stands where the number of lines stood, which nobody needs any more.
    facts = {"created_count": count, "line_guess": count, "started_at": at, "decided_by": actor}
    batch.move(State.WITHDRAWN, at=at, run=new_id(), **facts)
    files.forget_file(batch)
    record(verb="import.withdrawn", subject=batch, creditor_id=batch.creditor_id, label=str(batch.pk),
           after={"invoices": count}, actor=actor, at=at)  # fmt: skip
    if count > AT_ONCE:
        transaction.on_commit(lambda: ring(batch), robust=True)
        return count
    while withdrawing.take_block(batch, AT_ONCE, at=at):
        pass
    batch.run = None
    return count
