"""Room: what is asked when many invoices are sent together: which, how many, when, and what was missing."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import check_text
from ropo_portal.invoices.causes import Cause
from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.models import Channel, Debtor
from ropo_portal.ui.fields import DayField

LONGEST_PAYMENT_ID = 35


class LeaveField(forms.ChoiceField):
    """Now, or one of the next banking days."""

    def __init__(self, *, offered: Sequence[dt.date], **options: Any) -> None:
        language = get_language() or "en"
        shown = [(day.isoformat(), days.format_date(day, language)) for day in offered]
        choices = [("", _("Now, after the hold")), *shown]
        super().__init__(label=_("When it leaves"), required=False, choices=choices, **options)

    def clean(self, value: Any) -> dt.date | None:
        """Return the day, or nothing for now."""
        text = super().clean(value)
        return dt.date.fromisoformat(text) if text else None


class TypedCountForm(forms.Form):
    """A number typed by hand: the proof that somebody has seen how many."""

    count = forms.CharField(
        label=_("Type the number"),
        max_length=9,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_count(self) -> int:
        """Read digits, with or without blanks between them."""
        text = "".join(str(self.cleaned_data["count"]).split())
        if not (text.isascii() and text.isdigit()):
            raise forms.ValidationError(_("Write the number in digits."), code="no_number")
        return int(text)


class SendBatchForm(TypedCountForm):
    """How many, and when."""

    def __init__(self, *args: Any, offered: Sequence[dt.date], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["leave_on"] = LeaveField(offered=offered)

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its field."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class MendForm(forms.Form):
    """What one debtor or one invoice lacks; the subject's own rules check it when it is saved."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, cause: Cause, subject: Any) -> None:
        self.subject = subject
        super().__init__(data, prefix=f"row-{subject.pk}")
        self.initial["revision"] = subject.revision
        for name in cause.fields:
            self.fields[name] = _field(name, subject)
            self.initial[name] = _stored(name, subject)

    @property
    def is_touched(self) -> bool:
        """Whether something was typed into this row."""
        names = [name for name in self.fields if name != "revision"]
        return any(
            self.fields[name].has_changed(self.initial[name], self.data.get(self.add_prefix(name)))
            for name in names
        )

    def values(self) -> dict[str, Any]:
        """Return what was typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its field; whoever saves again has seen the newer revision."""
        self.add_error(error.field if error.field in self.fields else None, str(error))
        posted: Any = self.data
        self.data = {**posted.dict(), self.add_prefix("revision"): self.subject.revision}


def ids_of(texts: Sequence[str]) -> list[uuid.UUID]:
    """Return what can be read as ids."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _field(name: str, subject: Any) -> forms.Field:
    label = _label(name)
    if name == "channel":
        return forms.ChoiceField(label=label, choices=Channel.choices)
    if name.endswith("_date"):
        return DayField(label=label)
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return TextField(longest=_longest(name, subject), label=label, required=False, widget=widget)


def _longest(name: str, subject: Any) -> int:
    if name == "einvoice_payment_id":
        return LONGEST_PAYMENT_ID
    return int(type(subject)._meta.get_field(name).max_length or LONGEST_PAYMENT_ID)


def _label(name: str) -> Any:
    if name == "einvoice_payment_id":
        return _("Identifier from the bank")
    model: Any = Debtor if name in {field.name for field in Debtor._meta.fields} - {"channel"} else Invoice
    return str(model._meta.get_field(name).verbose_name).capitalize()


def _stored(name: str, subject: Any) -> Any:
    return subject.extras.get(name, "") if name == "einvoice_payment_id" else getattr(subject, name)


class TextField(forms.CharField):
    """A text free of what cannot be printed."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(strip=True, **options)

    def to_python(self, value: Any) -> str:
        """Check the text."""
        try:
            return check_text(super().to_python(value) or "", self.longest)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
