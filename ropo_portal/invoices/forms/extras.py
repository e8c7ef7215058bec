"""Room: form fields made from the table of seldom needed fields."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.invoices.extras import FIELDS, Extra, Take
from ropo_portal.invoices.forms.fields import CountField, EmailField, PercentField
from ropo_portal.invoices.forms.lists import InstalmentsField, PostingsField
from ropo_portal.parties.models import COUNTRIES
from ropo_portal.ui.fields import AmountField, DayField, PlainField

Maker = Callable[[Extra], forms.Field]

MAKERS: Mapping[Take, Maker] = {
    Take.TEXT: lambda extra: PlainField(longest=extra.max_length),
    Take.LONG_TEXT: lambda extra: PlainField(longest=extra.max_length, lines=True),
    Take.PERCENT: lambda _extra: PercentField(required=False),
    Take.AMOUNT: lambda _extra: AmountField(required=False),
    Take.COUNT: lambda _extra: CountField(),
    Take.DATE: lambda _extra: DayField(required=False),
    Take.FLAG: lambda _extra: forms.BooleanField(required=False),
    Take.CHOICE: lambda extra: forms.ChoiceField(required=False, choices=[("", "–"), *extra.choices]),
    Take.EMAIL: lambda _extra: EmailField(longest=254),
    Take.COUNTRY: lambda _extra: forms.ChoiceField(
        required=False,
        choices=[("", "–"), *COUNTRIES.items()],
        error_messages={"invalid_choice": _("Choose the country from the list.")},
    ),
    Take.INSTALMENTS: lambda _extra: InstalmentsField(),
    Take.POSTINGS: lambda _extra: PostingsField(),
}


def extra_fields() -> dict[str, forms.Field]:
    """Make a form field for every row of the table."""
    made = {}
    for name, extra in FIELDS.items():
        field = MAKERS[extra.take](extra)
        field.label, field.help_text = extra.label, extra.help  # type: ignore[assignment]
        made[name] = field
    return made


def as_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `Invoice.extras` keeps: filled fields alone, as plain JSON values."""
    return {name: _plain(values[name]) for name in FIELDS if values.get(name) not in (None, "", False, [])}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def as_typed(extras: Mapping[str, Any]) -> dict[str, Any]:
    """Return initial values for the fields: numbers and days as such, so that they are shown in the reader's way."""
    return {name: _value(FIELDS[name].take, value) for name, value in extras.items() if name in FIELDS}


def _value(take: Take, value: Any) -> Any:
    if take in {Take.PERCENT, Take.AMOUNT}:
        return Decimal(value)
    return dt.date.fromisoformat(value) if take is Take.DATE else value
