"""Room: what narrows the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.parties.models import Debtor
from ropo_portal.ui.fields import AmountField, DayField
from ropo_portal.ui.narrowing import NarrowingForm, SearchField

STATES = (
    ("draft", _("Draft")),
    ("queued", _("Queued")),
    ("sending", _("Sending")),
    ("accepted", _("Accepted")),
    ("rejected", _("Rejected")),
    ("unconfirmed", _("Unconfirmed")),
    ("held", _("Held")),
)


class FilterForm(NarrowingForm):
    """Search words, state, debtor, days and sums."""

    q = SearchField(label=_("Search"))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any state")), *STATES])
    due_from = DayField(label=_("Due from"), required=False)
    due_to = DayField(label=_("Due to"), required=False)
    date_from = DayField(label=_("Dated from"), required=False)
    date_to = DayField(label=_("Dated to"), required=False)
    amount_from = AmountField(label=_("Total from"), required=False)
    amount_to = AmountField(label=_("Total to"), required=False)
    late = forms.IntegerField(label=_("Days late, at least"), required=False, min_value=1, max_value=9999)
    debtor = forms.UUIDField(label=_("Debtor"), required=False)

    more = ("date_from", "date_to", "amount_from", "amount_to", "late")

    def __init__(self, *args: Any, environment: CreditorEnvironment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.creditor_id = environment.creditor_id

    def said(self, name: str, value: Any) -> str:
        """Say a debtor by name, if it is one of this creditor."""
        if name != "debtor":
            return super().said(name, value)
        return str(Debtor.objects.filter(pk=value, creditor_id=self.creditor_id).first() or "–")
