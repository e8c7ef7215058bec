"""Inputs made for typing: days and sums as text with a hint, and a box that suggests while one types."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ropo_portal import days
from ropo_portal import money as sums


class DayInput(forms.TextInput):
    """A day typed as text; a browser's own picker would ask for month/day in the wrong order."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", "data-day": True, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """Write a day as its reader writes it."""
        return days.format_date(value, get_language() or "en") if isinstance(value, date) else value


class AmountInput(forms.TextInput):
    """A sum or another number, right-aligned, with a number pad on a phone."""

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, places: int = 2, least: int | None = None
    ) -> None:
        super().__init__(
            {"inputmode": "decimal", "autocomplete": "off", "spellcheck": "false", **(attrs or {})}
        )
        self.places, self.least = places, least

    def format_value(self, value: Any) -> str | None:
        """Write the number without grouping, so that it is easy to correct; needless zeros beyond cents are left out."""
        if not isinstance(value, Decimal):
            return None if value is None else str(value)
        needed = -value.normalize().as_tuple().exponent  # type: ignore[operator]
        places = max(min(needed, self.places), min(2, self.places)) if needed > 0 or self.places <= 2 else 0
        if self.least is not None:
            places = max(min(needed, self.places), self.least)
        return sums.format_number(value, get_language() or "en", places=places, grouped=False)


class Combobox(forms.Widget):
    """A box that suggests. The chosen key travels hidden; what was only typed travels as text."""

    template_name = "components/combobox.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        url: str | Promise,
        text_of: Callable[[Any], str] = str,
        create_label: str | Promise = "",
    ) -> None:
        super().__init__(attrs)
        self.url = url
        self.text_of = text_of
        self.create_label = create_label

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002 (Django's)
        """Draw the hidden key and the text beside it."""
        attrs = self.build_attrs(self.attrs, attrs)
        key, text = value if isinstance(value, tuple) else (value, self.text_of(value) if value else "")
        values = {
            "name": name,
            "id": attrs.get("id", f"id_{name}"),
            "value": key,
            "text": text,
            "url": self.url,
            "create_label": self.create_label,
            "required": attrs.get("required"),
            "described": attrs.get("aria-describedby"),
            "invalid": attrs.get("aria-invalid"),
            "placeholder": attrs.get("placeholder"),
        }
        return mark_safe(render_to_string(self.template_name, values))  # noqa: S308 (a template of ours, which escapes)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:  # noqa: ARG002 (Django's)
        """Give (key, text): the key is empty when the clerk typed without choosing."""
        return str(data.get(name) or ""), str(data.get(f"{name}_text") or "").strip()

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 (Django's)
        """Tell whether neither part was sent."""
        return name not in data and f"{name}_text" not in data

    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002 (Django's)
        """Leave asking to the server: it takes a key or a text."""
        return False
