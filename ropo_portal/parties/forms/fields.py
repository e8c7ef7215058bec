"""Room: fields that speak the words of our own checks, and the form that asks them."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.identifiers import check_text
from ropo_portal.money import format_decimal, parse_percent
from ropo_portal.parties import refusals

_SECRET = re.compile(r"[!-~]+")
_HOLD = re.compile(r"([0-9]{1,6}) ?(min|s)?")
MINUTE = 60
_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z]{2,13}|[0-9]{9}MVA")


class TextField(forms.CharField):
    """Text of people: trimmed, composed, and free of what cannot be printed."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        """Check the text before any other check sees it."""
        try:
            return check_text(super().to_python(value) or "", self.longest)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class PatternField(TextField):
    """Text of a known form; what does not fit is refused without being repeated."""

    def __init__(
        self, *, pattern: re.Pattern[str], refusal: Any, upper: bool = False, **options: Any
    ) -> None:
        self.pattern, self.refusal, self.upper = pattern, refusal, upper
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """Refuse what does not fit the pattern."""
        text = super().to_python(value)
        text = text.replace(" ", "").upper() if self.upper else text
        if text and not self.pattern.fullmatch(text):
            raise ValidationError(self.refusal, code="form")
        return text


def email_field(*, required: bool = False, **options: Any) -> PatternField:
    """One address, without names, lists or letters that only look like others."""
    return PatternField(
        pattern=refusals.EMAIL,
        refusal=refusals.NOT_AN_EMAIL,
        label=_("E-mail"),
        longest=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        required=required,
        **options,
    )


def phone_field(**options: Any) -> PatternField:
    """A telephone number."""
    return PatternField(
        pattern=refusals.PHONE,
        refusal=refusals.NOT_A_PHONE,
        label=_("Phone"),
        longest=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        required=False,
        **options,
    )


def vat_id_field(**options: Any) -> PatternField:
    """A VAT number of any country."""
    return PatternField(
        pattern=_VAT_ID,
        refusal=_("A VAT id begins with the two letters of its country."),
        label=_("VAT id"),
        longest=20,
        upper=True,
        required=False,
        **options,
    )


def secret_field(**options: Any) -> PatternField:
    """Half of a pair of credentials: blanks at its ends are cut off, blanks within are refused without echo."""
    return PatternField(
        pattern=_SECRET,
        refusal=_(
            "There is a blank, a line break or a foreign letter inside. Copy it again, without the rest of the line."
        ),
        **options,
    )


class PercentField(forms.CharField):
    """A rate such as 25.5, shown and read as the reader writes numbers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        """Show a stored rate in the reader's signs."""
        return format_decimal(value, get_language() or "en") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """Read the rate, or refuse it in the words of `money`."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_percent(text, get_language() or "en")
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class HoldField(forms.CharField):
    """A time to wait, kept in seconds: written in minutes, or in seconds where minutes are too coarse."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Show whole minutes as minutes and anything else as seconds."""
        if not isinstance(value, int):
            return value
        return f"{value} s" if value % MINUTE else f"{value // MINUTE} min"

    def to_python(self, value: Any) -> Any:
        """Read the seconds, or say how to write them."""
        found = _HOLD.fullmatch((super().to_python(value) or "").strip())
        if not found:
            raise ValidationError(_("Write minutes or seconds, for example 10 min or 30 s."), code="hold")
        seconds = int(found[1]) * (1 if found[2] == "s" else MINUTE)
        if seconds > self.longest:
            raise ValidationError(_("The longest hold is a day: 1440 min."), code="hold_too_long")
        return seconds


class CheckedForm(forms.Form):
    """A form that puts the refusals of checks and of operations at the field they belong to."""

    def check(self, field: str, checked: Callable[[], str]) -> None:
        """Replace a value by what its check makes of it, or show the check's refusal at the field."""
        if not self.cleaned_data.get(field):
            return
        try:
            self.cleaned_data[field] = checked()
        except DomainError as refusal:
            self.refuse(refusal, field)

    def refuse(self, refusal: DomainError, field: str | None = None) -> None:
        """Show a refusal at its field, or on top of the form."""
        place = refusal.field or field
        error = ValidationError(str(refusal), code=refusal.code or None)
        self.add_error(place if place in self.fields else None, error)
