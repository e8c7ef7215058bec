"""Room: fields that read percents, counts and texts as a clerk writes them, and refuse with a sentence."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import money
from ropo_portal.errors import DomainError, sentence
from ropo_portal.ui import fields as ui
from ropo_portal.ui.fields import PlainField, RefusingField
from ropo_portal.ui.widgets import AmountInput

NEEDS_A_DAY = _("Enter the date as day.month.year.")
MOST = 99


def language() -> str:
    """Return the reader's language."""
    return get_language() or "en"


class PercentInput(AmountInput):
    """A rate without idle zeros."""

    def format_value(self, value: Any) -> str | None:
        """Write 25.50 as 25.5."""
        return money.format_decimal(value, language()) if isinstance(value, Decimal) else value


class PercentField(ui.AmountField):
    """A percentage from 0 to 100, with or without its sign."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=PercentInput(), **options)

    def to_python(self, value: Any) -> Decimal | None:
        """Read the percentage."""
        if value in self.empty_values or isinstance(value, Decimal):
            return None if value in self.empty_values else value
        return ui.refusing(lambda text: money.parse_percent(text, language()), str(value))  # type: ignore[no-any-return]


class CountField(RefusingField):
    """A whole number from 1 to 99."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **options
        )

    def read(self, text: str) -> str:
        """Read a small whole number."""
        text = text.strip()
        if text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) and int(text):
            return str(int(text))
        raise DomainError(
            sentence(_("Enter a whole number from 1 to %(most)s."), most=MOST), code="not_a_count"
        )


class EmailField(PlainField):
    """One e-mail address."""

    def read(self, text: str) -> str:
        """Read exactly one address."""
        address = super().read(text)
        forms.EmailField().run_validators(address)
        return address
