"""Room: the list of claims, as those know it who keep lists and take them away."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ropo_portal import listings
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection import search
from ropo_portal.collection.forms import FilterForm
from ropo_portal.invoices.models import Claim, ClaimQuerySet
from ropo_portal.listings import Column


def rows(form: FilterForm, environment: CreditorEnvironment, today: dt.date) -> ClaimQuerySet:
    """Return what the form asks for."""
    everything = Claim.objects.filter(environment=environment)
    return search.narrowed(everything, form.filters(), environment=environment, today=today)


def _days_late(row: Any) -> int:
    return int(max((row.environment.today(timezone.now()) - row.due_date).days, 0))


def _form(data: Any, _environment: CreditorEnvironment) -> FilterForm:
    return FilterForm(data)


listings.register(
    listings.Listing(
        name="claims",
        route="collection:list",
        title=_("Claims"),
        columns=(
            Column("number", _("Number"), lambda row: row.number, is_fixed=True),
            Column("debtor", _("Debtor"), lambda row: row.debtor.name, is_fixed=True),
            Column("customer", _("Customer number"), lambda row: row.debtor.customer_number, is_usual=False),
            Column("reference", _("Reference"), lambda row: row.reference, is_usual=False),
            Column("date", _("Invoice date"), lambda row: row.invoice_date, is_usual=False),
            Column("due", _("Due"), lambda row: row.due_date),
            Column("late", _("Days late"), _days_late),
            Column("principal", _("Principal"), lambda row: row.principal, is_usual=False),
            Column("open", _("Open"), lambda row: row.open_amount, is_fixed=True),
        ),
        form=_form,
        rows=lambda form, environment, today: (
            rows(form, environment, today).listed().select_related("environment__creditor")
        ),
        order=("due_date", "id"),
    )
)
