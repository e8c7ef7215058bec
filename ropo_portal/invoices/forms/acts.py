"""Room: the small forms behind buttons."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ropo_portal.invoices.doubts import Doubt
from ropo_portal.invoices.forms.approvals import WhyField
from ropo_portal.invoices.forms.batches import LeaveField


class RevisionForm(forms.Form):
    """The revision a clerk saw when she pressed."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SendForm(RevisionForm):
    """The last look before sending: every doubt is confirmed by name."""

    confirmed = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Send anyway")
    )

    why = WhyField()
    # What the person saw; the bytes that leave must have it.
    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    delivery = forms.ChoiceField(
        label=_("Who delivers it"),
        choices=[("ropo", _("Ropo One delivers it")), ("here", _("We print and deliver it ourselves"))],
        initial="ropo",
        required=False,
    )

    def __init__(
        self, *args: Any, doubts: list[Doubt], offered: Sequence[dt.date] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["leave_on"] = LeaveField(offered=offered)
        self.fields["confirmed"].choices = [(doubt.code, doubt.message) for doubt in doubts]  # type: ignore[attr-defined]
        self.fields["why"].required = any(doubt.needs_reason for doubt in doubts)

    def seen(self) -> dict[str, Any]:
        """Return what the person saw and decided, as the operation takes it."""
        data = self.cleaned_data
        return {
            "revision": data["revision"],
            "confirmed": data["confirmed"],
            "fingerprint": data["fingerprint"],
            "is_printed_here": data["delivery"] == "here",
            "leave_on": data["leave_on"],
            "reason": data["why"],
        }


class AttachmentForm(forms.Form):
    """One PDF to travel along."""

    file = forms.FileField(label=_("PDF file"), error_messages={"required": _("Choose a PDF file.")})

    def content(self) -> bytes:
        """Return the bytes; whether they are a PDF is the operation's question."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        return bytes(file.read())

    def name(self) -> str:
        """Return the file's own name, without folders."""
        return str(self.cleaned_data["file"].name).replace("\\", "/").rpartition("/")[2][:100]
