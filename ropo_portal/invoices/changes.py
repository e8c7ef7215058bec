"""Room: what somebody else has changed since a clerk opened the page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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


def changes_since(invoice: Invoice, revision: int) -> list[Change]:
    """Read from the history what happened to the invoice after a revision."""
    entries = Entry.objects.about(invoice).filter(after__revision__gt=revision).order_by("sequence")
    return [change for entry in entries for change in _changes(entry)]


def _changes(entry: Entry) -> list[Change]:
    names = [name for name in entry.after if name != "revision"]
    return [
        Change(
            label(name),
            _plain(entry.before.get(name)),
            _plain(entry.after[name]),
            entry.actor_label,
            entry.at,
        )
        for name in names
    ]


def label(name: str) -> object:
    """Return a clerk's word for a field of the history."""
    if name in WORDS:
        return WORDS[name]
    fields = {field.name: field for model in (InvoiceRow, Invoice) for field in model._meta.concrete_fields}
    return fields[name].verbose_name if name in fields else name.replace("_", " ")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(item)}" for name, item in value.items())
    if isinstance(value, list):
        return "; ".join(_plain(item) for item in value)
    return "" if value is None else str(value)
