"""Room: what narrows the list of debtors."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.parties.models import COUNTRIES, Channel, Debtor
from ropo_portal.ui.narrowing import NarrowingForm, SearchField


class DebtorFilter(NarrowingForm):
    """Search words, type, channel and country."""

    q = SearchField(label=_("Search"))
    kind = forms.ChoiceField(label=_("Type"), required=False, choices=[("", _("All")), *Debtor.Kind.choices])
    channel = forms.ChoiceField(
        label=_("Usual channel"), required=False, choices=[("", _("Any channel")), *Channel.choices]
    )
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=[("", _("Any country")), *COUNTRIES.items()]
    )

    more = ("channel", "country")
