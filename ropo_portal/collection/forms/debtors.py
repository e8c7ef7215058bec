"""Room: leaving a debtor alone, and what a debtor promised."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.collection.forms.claims import NEEDS_A_DAY
from ropo_portal.invoices.models import Claim, ClaimQuerySet
from ropo_portal.parties.models import Flag
from ropo_portal.ui.fields import NEEDS_AN_AMOUNT, AmountField, DayField, PlainField


class FlagForm(forms.Form):
    """Which flag, why, since when and until when."""

    kind = forms.ChoiceField(
        label=_("Flag"),
        choices=Flag.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose why the debtor is left alone."), "invalid_choice": _("Choose from the list."),
        },
    )  # fmt: skip
    reason = PlainField(
        label=_("Reason"),
        longest=500,
        lines=True,
        required=True,
        help_text=_("What happened, and where it can be read. No identity codes."),
        error_messages={"required": _("Write the reason in a few words.")},
    )
    begin_date = DayField(label=_("Since"), error_messages={"required": NEEDS_A_DAY})
    end_date = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("The day after it, the debtor is free by itself. Empty: until somebody lifts the flag."),
    )


class MergeForm(forms.Form):
    """Why two are one, and that an approver says so of different identifiers."""

    reason = PlainField(
        label=_("Reason"), longest=500, lines=True, required=True,
        error_messages={"required": _("Write the reason in a few words.")},
    )  # fmt: skip
    confirms_ids = forms.BooleanField(
        label=_("The identifiers differ, and they are one debtor all the same"), required=False
    )


class NoteForm(forms.Form):
    """What a colleague should know."""

    text = PlainField(
        label=_("New note"), longest=1000, lines=True, required=True,
        help_text=_("For colleagues; never sent. Nothing about health, beliefs or offences, and no identity codes."),
        error_messages={"required": _("Write what a colleague should know.")},
    )  # fmt: skip


class PromiseForm(forms.Form):
    """How much is promised by which day, and on what."""

    claim = forms.ModelChoiceField(
        label=_("Claim"),
        queryset=Claim.objects.none(),
        required=False,
        empty_label=_("All that is owed"),
        error_messages={"invalid_choice": _("Choose the claim from the list.")},
    )
    amount = AmountField(label=_("Amount"), error_messages={"required": NEEDS_AN_AMOUNT})
    date = DayField(label=_("Promised by"), error_messages={"required": NEEDS_A_DAY})
    note = PlainField(label=_("Note"), longest=500, lines=True)

    def __init__(self, *args: Any, claims: ClaimQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: Any = self.fields["claim"]
        choices.queryset = claims

    def clean_amount(self) -> Any:
        """Refuse nothing and less."""
        if self.cleaned_data["amount"] <= 0:
            raise forms.ValidationError(_("The amount must be above zero."))
        return self.cleaned_data["amount"]
