"""Room: what colleagues know of a debtor: a piece of the debtor's, claim's and invoice's pages, or a page of its own."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ropo_portal.collection import operations
from ropo_portal.collection.forms import NoteForm
from ropo_portal.collection.models import DebtorNote
from ropo_portal.collection.views.desk import UNPROCESSABLE, put, scope_of, who
from ropo_portal.errors import DomainError
from ropo_portal.parties.models import Debtor
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

MOST_NOTES = 50


@requires("document.view")
@require_http_methods(["GET"])
def of_debtor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the notes on a debtor, newest first."""
    return _notes(request, scoped_object(request, Debtor, pk, "document.view"), NoteForm())


@requires("note.edit")
@require_POST
def write(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write a note and show it among the others."""
    debtor = scoped_object(request, Debtor, pk, "note.edit")
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _notes(request, debtor, form, UNPROCESSABLE)
    try:
        operations.write_note(debtor=debtor, **form.cleaned_data, **who(request))
    except DomainError as error:
        put(form, error)
        return _notes(request, debtor, form, UNPROCESSABLE)
    return _back(request, debtor, _("The note was written."))


@requires("note.edit")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a note back."""
    note = scoped_object(request, DebtorNote, pk, "note.edit")
    try:
        operations.withdraw_note(note=note, **who(request))
    except DomainError as error:
        return _back(request, note.debtor, str(error), "error")
    return _back(request, note.debtor, _("The note was taken back."))


def _back(request: HttpRequest, debtor: Debtor, text: str, level: str = "success") -> HttpResponse:
    if htmx.wants_fragment(request):
        return htmx.toast(_notes(request, debtor, NoteForm()), text, level)
    return htmx.tell(request, htmx.redirect(request, "collection:notes", debtor.pk), text, level)


def _notes(request: HttpRequest, debtor: Debtor, form: NoteForm, status: int = 200) -> HttpResponse:
    notes = list(DebtorNote.objects.about(debtor)[: MOST_NOTES + 1])
    may_write = scope_of(request).may("note.edit", debtor.creditor_id)
    context = {
        "debtor": debtor,
        "notes": notes[:MOST_NOTES],
        "is_cut": len(notes) > MOST_NOTES,
        "form": form,
        "may_write": may_write,
    }
    return htmx.render(
        request, "collection/debtor_notes.html", "collection/_notes.html", context, status=status
    )
