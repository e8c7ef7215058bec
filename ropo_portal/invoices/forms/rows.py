"""Room: the grid of rows; every row is read afresh, the stored ones are replaced."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.invoices.content import MOST_ROWS, RowContent
from ropo_portal.invoices.forms.fields import PercentField
from ropo_portal.ui.fields import NEEDS_AN_AMOUNT, AmountField, DayField, PlainField
from ropo_portal.ui.widgets import AmountInput

# What a clerk must fill in before a line counts as a row: the rest is there already.
TYPED = ("description", "unit_price", "product_number", "free_text", "start_date", "end_date")


class RowForm(forms.Form):
    """One row."""

    description = PlainField(
        label=_("Description"),
        longest=200,
        required=True,
        error_messages={"required": _("Describe what is sold on this row.")},
    )
    quantity = AmountField(
        label=_("Quantity"),
        places=4,
        widget=AmountInput(places=4, least=0),
        error_messages={"required": NEEDS_AN_AMOUNT},
    )
    unit = PlainField(label=_("Unit"), longest=10)
    unit_price = AmountField(
        label=_("Price without VAT"),
        places=4,
        widget=AmountInput(places=4, least=2),
        error_messages={"required": NEEDS_AN_AMOUNT},
    )
    discount = PercentField(label=_("Discount, %"), required=False)
    vat_rate = PercentField(label=_("VAT, %"), error_messages={"required": NEEDS_AN_AMOUNT})
    product_number = PlainField(label=_("Product number"), longest=40)
    free_text = PlainField(label=_("Text under the row"), longest=200)
    start_date = DayField(label=_("Period from"), required=False)
    end_date = DayField(label=_("Period to"), required=False)

    def __init__(self, *args: Any, rate: Decimal, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["quantity"].initial = Decimal(1)
        self.fields["vat_rate"].initial = rate
        self.fields["vat_rate"].widget.attrs["list"] = "vat-rates"
        self.fields["unit"].widget.attrs["list"] = "units"

    def has_changed(self) -> bool:
        """Tell whether anything was typed; a prepared quantity or rate alone makes no row."""
        return any((self.data.get(self.add_prefix(name)) or "").strip() for name in TYPED)

    @property
    def has_more(self) -> bool:
        """Tell whether the second line of fields should stand open."""
        return any(self[name].value() or self[name].errors for name in ("discount", *TYPED[2:]))

    def content(self) -> RowContent:
        """Return what was typed."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name in RowContent.__dataclass_fields__
        }
        return RowContent(**values | {"discount": values["discount"] or Decimal(0)})


class BaseRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """All rows of one invoice; blank lines do not count."""

    read: Sequence[RowForm] = ()

    def initial_form_count(self) -> int:
        """No row is paired with a stored one, so none of them must be there."""
        return 0

    def total_form_count(self) -> int:
        """Show the rows there are and one blank line."""
        return super().total_form_count() if self.is_bound else len(self.initial or ()) + 1

    @property
    def written(self) -> list[RowForm]:
        """Forms that hold a row."""
        return [form for form in self.forms if form.has_changed() and not self._should_delete_form(form)]  # type: ignore[attr-defined]

    def contents(self) -> tuple[RowContent, ...]:
        """Return the rows as typed, in their order."""
        return self.readable()

    def readable(self) -> tuple[RowContent, ...]:
        """Return the rows that can be read already."""
        self.read = [form for form in self.written if form.is_valid()]
        return tuple(form.content() for form in self.read)

    def refuse(self, error: DomainError) -> None:
        """Put a refusal at its row and field, `rows-<place among those last read>-<field>`, or above all rows."""
        _rows, place, name = (
            (error.field or "rows--").split("-", 2) if "-" in (error.field or "") else ("rows", "", "")
        )
        if place:
            self.read[int(place)].add_error(name, str(error))
        else:
            self._non_form_errors.append(ValidationError(str(error), code=error.code))  # type: ignore[attr-defined]


Rows = forms.formset_factory(
    RowForm,
    formset=BaseRows,
    extra=0,
    can_delete=True,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS + 1,
    validate_max=True,
)


def rows_of(contents: Sequence[RowContent]) -> list[dict[str, Any]]:
    """Return initial values for the grid."""
    return [vars(row) | {"discount": row.discount or None} for row in contents]
