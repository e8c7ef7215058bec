"""Room: writing a note on a debtor, and taking one back; its words stand nowhere else, not in the history either."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection.models import DebtorNote
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.identifiers import check_text, holds_personal_id
from ropo_portal.parties.flags import locked_debtor
from ropo_portal.parties.models import Debtor

LONGEST_TEXT = 1000


class NoteRefused(DomainError):
    """The note cannot be written or taken back like this."""


@transaction.atomic
def write_note(*, debtor: Debtor, text: str, actor: User, at: dt.datetime) -> DebtorNote:
    """
    Write a note of at most 1,000 characters on a debtor.

    Refuses (`NoteRefused`) an empty one, one that holds somebody's personal identity code, and one on a double.
    """
    text = str(check_text(text, LONGEST_TEXT, lines=True, field="text")).strip()
    if not text:
        raise NoteRefused(_("Write what a colleague should know."), field="text", code="empty")
    if holds_personal_id(text):
        message = _("This holds a personal identity code. Write the note without it.")
        raise NoteRefused(message, field="text", code="personal_id")
    locked = locked_debtor(debtor.pk)
    if locked.merged_into_id:
        raise NoteRefused(_("This debtor was merged into another; note it there."), code="merged")
    note = DebtorNote.objects.create(debtor=locked, text=text, written_by=actor, written_at=at)
    _tell("debtor.note_written", note, actor, at)
    return note


@transaction.atomic
def withdraw_note(*, note: DebtorNote, actor: User, at: dt.datetime) -> DebtorNote:
    """Take a note back; that it was there stays to be seen, its words do not."""
    row = DebtorNote.objects.select_for_update(of=("self",)).select_related("debtor").get(pk=note.pk)
    if row.withdrawn_at:
        raise NoteRefused(_("Somebody has already taken this back."), code="withdrawn_already")
    row.withdrawn_at, row.withdrawn_by = at, actor
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _tell("debtor.note_withdrawn", row, actor, at)
    return row


def _tell(verb: str, note: DebtorNote, actor: User, at: dt.datetime) -> None:
    debtor = note.debtor
    after = {"written_at": note.written_at.isoformat()}
    record(verb=verb, subject=debtor, creditor_id=debtor.creditor_id, after=after, actor=actor, at=at)
