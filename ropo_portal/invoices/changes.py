"""Room: what somebody else has changed since a clerk opened the page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Invoice, InvoiceRow

WORDS = {
    "rows": _("rows"),
    "extras": _("further fields"),
    "total": _("total"),
    "discarded": _("discarded"),
}


@dataclass(frozen=True)
class Change:
    """One field that changed, with who did it and when."""

    label: object
    before: str
    after: str
    by: str
    at: dt.datetime


class DocumentHasChanged(DomainError):
    """Somebody else saved the document meanwhile; `changes` tell what."""

    def __init__(self, invoice: Invoice, changes: Sequence[Change]) -> None:
        message = _(
            "Somebody has changed this invoice since you opened it. Nothing of yours is lost; see what changed."
        )
        super().__init__(message, code="document_has_changed")
        self.invoice = invoice
        self.changes = tuple(changes)


def changes_since(document: models.Model, revision: int) -> list[Change]:
    """Read from the history what happened to a document after a revision."""
    entries = Entry.objects.about(document).filter(after__revision__gt=revision).order_by("sequence")
    return [change for entry in entries for change in _changes(entry, type(document))]


def _changes(entry: Entry, model: type[models.Model]) -> list[Change]:
    names = [name for name in entry.after if name != "revision"]
    return [
        Change(
            label(name, model),
            _word(name, entry.before.get(name), model),
            _word(name, entry.after[name], model),
            entry.actor_label,
            entry.at,
        )
        for name in names
    ]


def label(name: str, model: type[models.Model] = Invoice) -> object:
    """Return a clerk's word for a field of the history."""
    if name in WORDS:
        return WORDS[name]
    fields = {field.name: field for one in (InvoiceRow, model) for field in one._meta.concrete_fields}
    return fields[name].verbose_name if name in fields else name.replace("_", " ")


def _word(name: str, value: Any, model: type[models.Model]) -> str:
    """Return a value as the form shows it: of a choice its label."""
    field = next((one for one in model._meta.concrete_fields if one.name == name), None)
    words = dict(field.flatchoices) if field and field.flatchoices else {}
    return str(words.get(value, value)) if isinstance(value, str) and words else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(item)}" for name, item in value.items())
    if isinstance(value, list):
        return "; ".join(_plain(item) for item in value)
    return "" if value is None else str(value)
