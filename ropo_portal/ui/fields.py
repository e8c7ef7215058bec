"""Form fields for days, numbers and texts, read as Nordic clerks write them and refused in words."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days
from ropo_portal import money as sums
from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers import check_text
from ropo_portal.ui.widgets import AmountInput, DayInput

Parsed = TypeVar("Parsed")


def _example() -> str:
    return sums.format_number(Decimal("125.50"), get_language() or "en")


NEEDS_AN_AMOUNT = sentence(
    _("Enter the amount as a number, for example %(example)s."), example=lazy(_example, str)()
)


class DayField(forms.Field):
    """A day: 1.12.2026 or 2026-12-01."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        """Read the day, or say how to write it."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        return _read(lambda: days.parse_date(str(value), get_language() or "en"))


class AmountField(forms.Field):
    """A number with at most so many decimals: 1 234,56 or 1234.56."""

    widget = AmountInput

    def __init__(self, *, places: int = 2, limit: Decimal = sums.LIMIT, **options: Any) -> None:
        options.setdefault("widget", AmountInput(places=places))
        super().__init__(**options)
        self.places = places
        self.limit = limit

    def to_python(self, value: Any) -> Decimal | None:
        """Read the number, or say what could be meant."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        language = get_language() or "en"
        return _read(lambda: sums.parse_amount(str(value), language, places=self.places, limit=self.limit))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare numbers, not their spelling."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def refusing(read: Callable[[str], Any], text: str) -> Any:
    """Read a text; a refusal of ours keeps its own sentence."""
    return _read(lambda: read(text))


class RefusingField(forms.CharField):
    """A text that becomes a value, or a refusal at the field."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        options.setdefault("required", False)
        super().__init__(strip=False, **options)

    def read(self, text: str) -> Any:
        """Return the value of a text that is not blank."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """Return the text that reads back as the value."""
        return str(value)

    def to_python(self, value: Any) -> Any:
        """Read the text."""
        text = str(value or "")
        return refusing(self.read, text) if text.strip() else self.empty_value

    def prepare_value(self, value: Any) -> Any:
        """Show a value as its reader would type it; what was typed is shown as it was."""
        return value if value in (None, "") or isinstance(value, str) else self.write(value)

    def run_validators(self, value: Any) -> None:
        """Leave texts' validators alone where the value is no text any more."""
        if isinstance(value, str):
            super().run_validators(value)


class PlainField(RefusingField):
    """A text without characters that cannot be printed, counted."""

    def __init__(self, *, longest: int, lines: bool = False, **options: Any) -> None:
        self.longest, self.lines = longest, lines
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**options)

    def read(self, text: str) -> str:
        """Check the characters and the length."""
        return check_text(text, self.longest, lines=self.lines)


def _read(parse: Callable[[], Parsed]) -> Parsed:
    try:
        return parse()
    except DomainError as refusal:
        raise ValidationError(str(refusal), code=refusal.code or "invalid") from refusal


class KeyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row by its key, chosen elsewhere on the page; what is no key at all is no choice either."""

    widget = forms.HiddenInput

    def __init__(self, *, words: str | Promise, **options: Any) -> None:
        super().__init__(error_messages={"required": words, "invalid_choice": words}, **options)

    def to_python(self, value: Any) -> Any:
        """Find the row among the choices, or say in words what to do."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error
