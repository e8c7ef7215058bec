"""Room: what clerks type about payments and placed credits."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.invoices import payable
from ropo_portal.invoices.forms.fields import NEEDS_A_DAY
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote
from ropo_portal.ui.fields import NEEDS_AN_AMOUNT, AmountField, DayField, PlainField


class RefusableForm(forms.Form):
    """A form that shows refusals of operations at their fields."""

    def refuse(self, error: DomainError) -> None:
        """Put a refusal at its field, or above all of them."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class PaymentForm(RefusableForm):
    """One payment past Ropo One."""

    amount = AmountField(label=_("Amount"), error_messages={"required": NEEDS_AN_AMOUNT})
    paid_date = DayField(label=_("Paid on"), error_messages={"required": NEEDS_A_DAY})
    kind = forms.ChoiceField(label=_("Kind"), choices=BypassPayment.Kind.choices)
    description = PlainField(label=_("Description"), longest=200)

    def __init__(self, *args: Any, claim: Claim, today: dt.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.claim, self.today = claim, today

    def clean(self) -> dict[str, Any]:
        """Check each fact that could be read against the claim, whatever is wrong with the others."""
        amount, day = self.cleaned_data.get("amount"), self.cleaned_data.get("paid_date")
        if amount is not None:
            self._ask(lambda: payable.refuse_amount(self.claim, amount))
        if day is not None:
            self._ask(lambda: payable.refuse_day(self.claim, day, today=self.today, field="paid_date"))
        return self.cleaned_data

    def _ask(self, rule: Callable[[], None]) -> None:
        try:
            rule()
        except DomainError as error:
            self.refuse(error)


class AllocationForm(RefusableForm):
    """Where a credit note belongs: one of ours that waits, or one made elsewhere."""

    credit_note = forms.ChoiceField(label=_("Credit note"), required=False)
    credit_note_number = PlainField(label=_("Number of a credit note made elsewhere"), longest=40)
    amount = AmountField(label=_("Amount"), error_messages={"required": NEEDS_AN_AMOUNT})
    date = DayField(label=_("Date"), error_messages={"required": NEEDS_A_DAY})
    kind = forms.ChoiceField(label=_("Kind"), choices=CreditAllocation.Kind.choices)
    description = PlainField(label=_("Description"), longest=200)

    def __init__(self, *args: Any, notes: list[CreditNote], **options: Any) -> None:
        super().__init__(*args, **options)
        self.notes = {str(note.pk): note for note in notes}
        ours = [(key, note.number) for key, note in self.notes.items()]
        self.fields["credit_note"].choices = [("", _("Made elsewhere")), *ours]  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        """Return what was typed, the credit note as a row."""
        return {**self.cleaned_data, "credit_note": self.notes.get(self.cleaned_data["credit_note"])}
