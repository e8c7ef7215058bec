"""Room: the list of invoices, as those know it who keep lists and take them away."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from ropo_portal import listings
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.invoices import search
from ropo_portal.invoices.forms import FilterForm
from ropo_portal.invoices.models import Invoice, InvoiceQuerySet
from ropo_portal.listings import Column
from ropo_portal.ui import states


def everything(environment: CreditorEnvironment) -> InvoiceQuerySet:
    """Return all invoices of an environment."""
    return Invoice.objects.filter(environment_id=environment.pk, discarded_at=None)


def rows(form: FilterForm, environment: CreditorEnvironment, today: dt.date) -> InvoiceQuerySet:
    """Return what the form asks for, with what the list prints."""
    found = search.narrowed(everything(environment), form.filters(), environment=environment, today=today)
    return found.select_related("debtor", "submission").defer("submission__payload")


def _form(data: Any, environment: CreditorEnvironment) -> FilterForm:
    return FilterForm(data, environment=environment)


listings.register(
    listings.Listing(
        name="invoices",
        route="invoices:list",
        title=_("Invoices"),
        columns=(
            Column("number", _("Number"), lambda row: row.number, is_fixed=True),
            Column("debtor", _("Debtor"), lambda row: row.debtor.name, is_fixed=True),
            Column("customer", _("Customer number"), lambda row: row.debtor.customer_number, is_usual=False),
            Column("reference", _("Reference"), lambda row: row.reference, is_usual=False),
            Column("date", _("Date"), lambda row: row.invoice_date),
            Column("due", _("Due"), lambda row: row.due_date),
            Column("channel", _("Channel"), lambda row: row.get_channel_display(), is_usual=False),
            Column("state", _("State"), lambda row: states.look(row.state).label, is_fixed=True),
            Column("net", _("Net"), lambda row: row.net_amount, is_usual=False),
            Column("vat", _("VAT"), lambda row: row.vat_amount, is_usual=False),
            Column("total", _("Total"), lambda row: row.total_amount, is_fixed=True),
            Column("our", _("Our reference"), lambda row: row.our_reference, is_on_screen=False),
            Column("your", _("Your reference"), lambda row: row.your_reference, is_on_screen=False),
            Column("order", _("Order number"), lambda row: row.order_number, is_on_screen=False),
        ),
        form=_form,
        rows=rows,
        order=("-created_at", "-id"),
    )
)
