"""Room: what a second person says: yes to what she saw, no with a reason, yes to all that were green."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.invoices.doubts import REASON_MISSING, needs_reason
from ropo_portal.invoices.forms.batches import TypedCountForm
from ropo_portal.invoices.models import BatchItem

LONGEST_REASON = 500


class CodesField(forms.MultipleChoiceField):
    """Codes of doubts; which of them there are is the operation's question."""

    def valid_value(self, value: str) -> bool:
        """Take every code."""
        return len(value) < 60


class WhyField(forms.CharField):
    """Why a doubt is let stand; whether one takes words is the operation's question."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Why this tax rate is right"),
            help_text=_("It stays in the history."),
            max_length=LONGEST_REASON,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"required": REASON_MISSING},
        )


class StandForm(forms.Form):
    """The doubts of one invoice among many: which of them are let stand, and why."""

    confirmed = CodesField(required=False)
    why = WhyField()

    def __init__(self, *args: Any, item: BatchItem, **options: Any) -> None:
        self.item = item
        super().__init__(*args, **options)

    def add_prefix(self, field_name: str) -> str:
        """Name the fields after the invoice."""
        return f"{field_name}-{self.item.pk}"

    @property
    def needs_reason(self) -> bool:
        """Tell whether one of its doubts takes words."""
        return any(needs_reason(doubt[0]) for doubt in self.item.open_doubts)

    @property
    def marked(self) -> list[str]:
        """The doubts that were marked on the page."""
        return list(self["confirmed"].value() or ()) if self.is_bound else []


class ApproveForm(forms.Form):
    """The fingerprint of what was looked at, and doubts that are new since it was asked."""

    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$")
    confirmed = CodesField(required=False)
    why = WhyField()

    def seen(self) -> dict[str, Any]:
        """Return what the person saw and decided, as the operation takes it."""
        data = self.cleaned_data
        return {"fingerprint": data["fingerprint"], "confirmed": data["confirmed"], "reason": data["why"]}


class ReturnForm(forms.Form):
    """Why it is given back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it is given back.")},
    )


class ApproveAllForm(TypedCountForm):
    """What stood on the page: pairs of question and fingerprint, and their number typed by hand."""

    seen: dict[uuid.UUID, str]

    def clean(self) -> dict[str, Any]:
        """Read the pairs and compare their number."""
        posted: Any = self.data
        pairs = [text.partition(":") for text in posted.getlist("approval")]
        try:
            self.seen = {uuid.UUID(pk): fingerprint for pk, _colon, fingerprint in pairs}
        except ValueError as error:
            raise forms.ValidationError(_("The list could not be read. Load the page again.")) from error
        if "count" in self.cleaned_data and self.cleaned_data["count"] != len(self.seen):
            message = _("You typed another number than there are green ones; nothing was approved.")
            self.add_error("count", message)
        return self.cleaned_data
