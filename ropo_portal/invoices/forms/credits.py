"""Room: the composer of credit notes: the rows of the invoice, with numbers that only shrink."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.invoices.creditable import Remainder, RowCredit
from ropo_portal.invoices.forms.fields import NEEDS_A_DAY
from ropo_portal.invoices.forms.payments import RefusableForm
from ropo_portal.ui.fields import AmountField, DayField, PlainField


class CreditHead(RefusableForm):
    """Why, when, and where it goes."""

    reason = PlainField(
        label=_("Reason, as the debtor reads it"),
        longest=500,
        lines=True,
        required=True,
        error_messages={"required": _("Say why it is credited; the debtor reads it.")},
    )
    date = DayField(label=_("Date"), error_messages={"required": NEEDS_A_DAY})
    is_placed = forms.BooleanField(label=_("Place it on the invoice at once"), required=False)
    is_refund = forms.BooleanField(label=_("The debtor has paid already and gets money back"), required=False)


class CreditRow(forms.Form):
    """How much of one row is taken back; nothing typed takes nothing back."""

    quantity = AmountField(label=_("Quantity"), places=4, required=False)
    unit_price = AmountField(label=_("Price without VAT"), places=4, required=False)


class CreditSheet:
    """The head and a form for every row of the invoice."""

    def __init__(
        self, data: Any, *, left: Sequence[Remainder], initial: dict[str, Any], is_whole: bool = True
    ) -> None:
        self.left = left
        self.head = CreditHead(data, initial=initial)
        self.rows = [
            CreditRow(data, prefix=f"rows-{place}", initial=self._start(each, is_whole=is_whole))
            for place, each in enumerate(left)
        ]

    @staticmethod
    def _start(left: Remainder, *, is_whole: bool) -> dict[str, Any]:
        return {"quantity": left.quantity if is_whole else 0, "unit_price": left.row.unit_price}

    @property
    def lines(self) -> list[tuple[Remainder, CreditRow]]:
        """Each row of the invoice with its form."""
        return list(zip(self.left, self.rows, strict=True))

    def is_valid(self) -> bool:
        """Read everything, so that every mistake is shown at once."""
        return all([self.head.is_valid(), *(row.is_valid() for row in self.rows)])

    def wanted(self) -> list[RowCredit]:
        """Return the rows of which something is taken back."""
        found = []
        for left, row in self.lines:
            quantity, price = row.cleaned_data.get("quantity"), row.cleaned_data.get("unit_price")
            if quantity and price:
                found.append(RowCredit(left.row.pk, quantity, price))
        return found

    def refuse(self, error: DomainError) -> None:
        """Put a refusal at its row and field, or at the head."""
        name, place, field = [*(error.field or "").split("-"), "", ""][:3]
        if name == "rows" and place.isdigit():
            self.rows[int(place)].add_error(field, str(error))
        else:
            self.head.refuse(error)
