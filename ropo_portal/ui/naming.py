"""Naming a row: by key as a list of suggestions gives it, or by a name or number as it was typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ropo_portal.ui.fields import KeyField

UNKNOWN = _("Nobody has this name or number. Correct it, or create a new one.")
SEVERAL = _("Several fit. Choose one of those below.")
MOST_OFFERED = 12


class Typed(str):
    """What stands in the text field, where it says something else than the chosen key; `choice` picks one of several."""

    __slots__ = ("choice", "key")
    choice: str
    key: str

    @classmethod
    def of(cls, text: str, *, key: str = "", choice: str = "") -> "Typed":
        """Return the text with the keys that came beside it."""
        typed = cls(" ".join(text.replace("\0", "").split()))
        typed.key, typed.choice = key, choice
        return typed


class NamingInput(forms.HiddenInput):
    """The key with the text beside it (`…_text`) and, without a list, the one chosen of several (`…_choice`)."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 (Django's signature)
        """Return the key where it came alone, otherwise what was typed."""
        key, text = data.get(name) or "", data.get(f"{name}_text")
        return key if text is None else Typed.of(text, key=key, choice=data.get(f"{name}_choice") or "")


class NamingField(KeyField):
    """
    One row named by key, or by a text that only this row answers to.

    Its queryset knows who answers to a text `exactly` and who is `matching` a part of it. What fits several, or is only
    a part, is refused and `offered` holds the ones to choose among. Nothing typed is ever overruled by an older key.
    """

    widget = NamingInput

    def __init__(self, **options: Any) -> None:
        self.offered: list[Any] = []
        self.is_unknown = False
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Give the key of what was typed, once it is clear."""
        if not isinstance(value, Typed):
            return super().prepare_value(value)
        try:
            found = self.to_python(value)
        except ValidationError:
            return ""
        return found.pk if found else ""

    def to_python(self, value: Any) -> Any:
        """Find the one row that is meant, or say in words what to do."""
        if not isinstance(value, Typed):
            return super().to_python(value)
        return self._meant(value) if value else None

    def _meant(self, typed: Typed) -> Any:
        chosen = self._by_key(typed.key)
        if chosen and _same(chosen.name, typed):
            return chosen
        rows: Any = self.queryset
        exact = list(rows.exactly(typed)[:MOST_OFFERED])
        if len(exact) == 1:
            return exact[0]
        near = exact or list(rows.matching(typed)[:MOST_OFFERED])
        picked = next((one for one in near if str(one.pk) == typed.choice), None)
        if picked:
            return picked
        self.offered, self.is_unknown = near, not near
        raise ValidationError(str(SEVERAL if near else UNKNOWN), code="invalid_choice")

    def _by_key(self, key: str) -> Any:
        try:
            return super().to_python(key)
        except ValidationError:
            return None


def _same(name: str, typed: str) -> bool:
    return " ".join(name.split()).casefold() == typed.casefold()
