"""Room: the row lock and the two refusals every operation begins with."""

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.invoices.changes import DocumentHasChanged, changes_since
from ropo_portal.invoices.models import Invoice


class CannotChange(DomainError):
    """The invoice is beyond changing."""


def locked(invoice: Invoice) -> Invoice:
    """Lock the row, then read it with what belongs to it: a join would show that as it was before the wait."""
    Invoice.objects.select_for_update().only("pk").get(pk=invoice.pk)
    related = ("environment__creditor", "debtor__creditor", "submission")
    return Invoice.objects.select_related(*related).get(pk=invoice.pk)


def refuse_stale(invoice: Invoice, revision: int) -> None:
    if invoice.revision != revision:
        raise DocumentHasChanged(invoice, changes_since(invoice, revision))


def refuse_settled(invoice: Invoice) -> None:
    if not invoice.is_editable:
        message = _("This invoice can no longer be changed; a sent invoice is corrected by a credit note.")
        raise CannotChange(message, code="cannot_change")
