"""Room: the list of debtors, as those know it who keep lists and take them away; no address, no personal code."""

from django.utils.translation import gettext_lazy as _

from ropo_portal import listings
from ropo_portal.accounts.models import Creditor
from ropo_portal.listings import Column
from ropo_portal.parties.forms.filters import DebtorFilter
from ropo_portal.parties.models import Debtor, DebtorQuerySet


def rows(form: DebtorFilter, creditor: Creditor) -> DebtorQuerySet:
    """Return what the form asks for."""
    filters = form.filters()
    found = Debtor.objects.filter(creditor=creditor).kept().matching(filters.pop("q", ""))
    return found.filter(**filters)


listings.register(
    listings.Listing(
        name="debtors",
        route="parties:debtor-list",
        title=_("Debtors"),
        columns=(
            Column("name", _("Name"), lambda row: row.name, is_fixed=True),
            Column("business", _("Business id"), lambda row: row.business_id, is_on_screen=False),
            Column("customer", _("Customer number"), lambda row: row.customer_number),
            Column("kind", _("Type"), lambda row: row.get_kind_display()),
            Column("channel", _("Channel"), lambda row: row.get_channel_display()),
        ),
        form=lambda data, _environment: DebtorFilter(data),
        rows=lambda form, environment, _today: rows(form, environment.creditor),
        order=("search_name", "id"),
    )
)
