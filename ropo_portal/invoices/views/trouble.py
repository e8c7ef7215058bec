"""Room: Ropo's words above the form of a rejected invoice, with the field they speak of and the way there."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ropo_portal.invoices import blame
from ropo_portal.invoices.forms import InvoiceSheet
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.views.desk import scope_of


def trouble_of(request: HttpRequest, sheet: InvoiceSheet) -> dict[str, Any]:
    """Return the words, the blamed field with its label, and where the debtor is mended; opens the page at the field."""
    invoice = sheet.invoice
    words = _words(invoice)
    if invoice is None or not words:
        return {"trouble": "", "blamed": sheet.focus("" if invoice else "debtor")}
    field = blame.blamed_field(words)
    if field != "debtor":
        label = _("Rows") if field == "rows" else sheet.head.fields[field].label if field else ""
        return {"trouble": words, "blamed": sheet.focus(field), "blamed_label": label}
    part = blame.blamed_part(words)
    context: dict[str, Any] = {"trouble": words, "blamed": "debtor", "blamed_label": blame.PARTS[part]}
    if scope_of(request).may("debtor.edit", invoice.creditor_id):
        back = urlencode({"field": part, "next": reverse("invoices:edit", args=[invoice.pk])})
        context["mend_url"] = f"{reverse('parties:debtor-edit', args=[invoice.debtor_id])}?{back}"
        context["mends_address"] = part in blame.ADDRESS
    return context


def _words(invoice: Invoice | None) -> str:
    if invoice is None or invoice.submission is None or invoice.state != "rejected":
        return ""
    return invoice.submission.trouble
