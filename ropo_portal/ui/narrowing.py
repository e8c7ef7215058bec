"""Filters that live in the address of a list: how each is said, and the address without it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language

from ropo_portal import days, money

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Chip:
    """One filter that is on, and the way to the list without it."""

    label: str | Promise
    text: str
    href: str


class SearchField(forms.CharField):
    """Words to look for: bounded, and without what no database stores."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=True, **options)

    def to_python(self, value: Any) -> str:
        """Drop what cannot be printed."""
        text = super().to_python(value) or ""
        return "".join(character for character in text if character.isprintable())[:LONGEST_SEARCH]


class NarrowingForm(forms.Form):
    """Filters of a list; what cannot be read narrows nothing and says so at its field."""

    more: tuple[str, ...] = ()  # the seldom needed ones, which stand behind a button

    def filters(self) -> dict[str, Any]:
        """Return what could be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What could be read, as it was written."""
        return [(name, str(self.data.get(name, "")).strip()) for name in self.filters()]

    def address(self, **changes: str) -> str:
        """Return the filters as an address, without the place in the list."""
        values = dict(self.kept) | changes
        return urlencode({name: value for name, value in values.items() if value})

    def chips(self) -> list[Chip]:
        """Return what is on, each with the way to be rid of it."""
        return [
            Chip(
                self.fields[name].label or "",
                self.said(name, value),
                f"?{self.address(**{name: ''}) or 'all=1'}",
            )
            for name, value in self.filters().items()
        ]

    def said(self, name: str, value: Any) -> str:
        """Say a value as its reader would."""
        choices = getattr(self.fields[name], "choices", None)
        language = get_language() or "en"
        if choices is not None:
            return str(dict(choices).get(value, value))
        if isinstance(value, dt.date):
            return days.format_date(value, language)
        return money.format_amount(value, language) if isinstance(value, Decimal) else str(value)

    @property
    def more_fields(self) -> list[Any]:
        """The fields behind the button."""
        return [self[name] for name in self.more]

    @property
    def is_more_used(self) -> bool:
        """Whether one of them is on, or could not be read."""
        return any(name in self.filters() or self[name].errors for name in self.more)
