"""Room: what a second person says: yes to what she saw, no with a reason, yes to all that were green."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.invoices.forms.batches import TypedCountForm

LONGEST_REASON = 500


class CodesField(forms.MultipleChoiceField):
    """Codes of doubts; which of them there are is the operation's question."""

    def valid_value(self, value: str) -> bool:
        """Take every code."""
        return len(value) < 60


class ApproveForm(forms.Form):
    """The fingerprint of what was looked at, and doubts that are new since it was asked."""

    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$")
    confirmed = CodesField(required=False)


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
