"""Room: finding claims, and writing down one that was invoiced elsewhere."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.identifiers import check_reference
from ropo_portal.parties.models import Debtor
from ropo_portal.ui.fields import NEEDS_AN_AMOUNT, AmountField, DayField, PlainField
from ropo_portal.ui.naming import NamingField
from ropo_portal.ui.narrowing import NarrowingForm, SearchField

NO_DEBTOR = _("Choose the debtor from the list, or create a new one.")
NEEDS_A_DAY = _("Enter the date as day.month.year.")
LONGEST_NUMBER, LONGEST_REFERENCE = 40, 35
GROUPS = (
    ("reminder", _("Due for reminder")),
    ("collection", _("Ready for collection")),
    ("ropo", _("With Ropo One")),
    ("foreign", _("Invoiced elsewhere")),
)


class ForeignClaimForm(forms.Form):
    """A claim that was invoiced elsewhere; a reference without a check digit is asked about once."""

    debtor = NamingField(label=_("Debtor"), queryset=Debtor.objects.none(), words=NO_DEBTOR)
    number = PlainField(
        label=_("Invoice number"),
        longest=LONGEST_NUMBER,
        required=True,
        error_messages={"required": _("Enter the number of the invoice.")},
    )
    reference = PlainField(
        label=_("Reference"),
        longest=LONGEST_REFERENCE,
        required=True,
        error_messages={"required": _("Enter the payment reference; Ropo One finds payments by it.")},
    )
    is_message = forms.BooleanField(
        label=_("The reference is right as it is: it is a message"), required=False
    )
    invoice_date = DayField(label=_("Invoice date"), error_messages={"required": NEEDS_A_DAY})
    due_date = DayField(label=_("Due date"), error_messages={"required": NEEDS_A_DAY})
    principal = AmountField(
        label=_("Principal"),
        help_text=_("What the invoice asked for, without fees and interest; Ropo One adds those."),
        error_messages={"required": NEEDS_AN_AMOUNT},
    )

    def __init__(self, *args: Any, environment: CreditorEnvironment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.environment = environment
        choices: Any = self.fields["debtor"]
        kept = Debtor.objects.kept().filter(creditor_id=environment.creditor_id)
        choices.queryset = kept.select_related("creditor").order_by("search_name", "id")

    def clean(self) -> dict[str, Any]:
        """Ask whether a reference without a valid check digit is meant as a message."""
        values = super().clean() or {}
        reference = values.get("reference")
        if (
            reference
            and not values.get("is_message")
            and not check_reference(self.environment.country, reference)
        ):
            message = _(
                "The check digit of %(reference)s is not right. Correct it, or say below that it is a message."
            )
            self.add_error(
                "reference", ValidationError(message % {"reference": reference}, code="check_digit")
            )
        return values

    @property
    def asks_about_reference(self) -> bool:
        """Tell whether the question about the reference should be shown."""
        codes = [error.code for error in self.errors.as_data().get("reference", [])] if self.is_bound else []
        return "check_digit" in codes or bool(self.is_bound and self.data.get("is_message"))

    @property
    def debtor_text(self) -> str:
        """Return the debtor's name, or what was typed in its place."""
        debtor = self.chosen
        return debtor.name if debtor else self.data.get("debtor_text", "")

    @property
    def chosen(self) -> Debtor | None:
        """Return the debtor as chosen so far."""
        value = self["debtor"].value()
        try:
            found: Debtor | None = self.fields["debtor"].clean(value) if value else None
        except ValidationError:
            return None
        return found

    def content(self) -> dict[str, Any]:
        """Return what was typed, by the names of the operation."""
        return {name: value for name, value in self.cleaned_data.items() if name != "is_message"}


class FilterForm(NarrowingForm):
    """Search words, the step it waits for, days and sums."""

    q = SearchField(label=_("Search"))
    group = forms.ChoiceField(label=_("Which claims"), required=False, choices=[("", ""), *GROUPS])
    due_from = DayField(label=_("Due from"), required=False)
    due_to = DayField(label=_("Due to"), required=False)
    late = forms.IntegerField(label=_("Days late, at least"), required=False, min_value=1, max_value=9999)
    amount_from = AmountField(label=_("Principal from"), required=False)
    amount_to = AmountField(label=_("Principal to"), required=False)
    kind = forms.ChoiceField(
        label=_("Debtor"), required=False, choices=[("", _("Everybody")), *Debtor.Kind.choices]
    )

    more = ("due_from", "due_to", "late", "kind", "amount_from", "amount_to")
