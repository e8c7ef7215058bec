"""Room: the forms of a reminder and of a debt collection, and the small ones behind buttons."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ropo_portal.collection.models import DebtCollectionCase
from ropo_portal.parties.models import Channel
from ropo_portal.ui.fields import DayField, PlainField


class RevisionForm(forms.Form):
    """The revision a clerk saw when she pressed."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class GoOnForm(RevisionForm):
    """The revision, and whether the claim is moved on although the debtor promised to pay."""

    despite_promise = forms.BooleanField(label=_("Go on despite the promise"), required=False)


class ReminderForm(RevisionForm):
    """How the reminder travels; the debtor's addresses are kept with the debtor."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose the channel from the list.")},
    )
    einvoice_payment_id = PlainField(
        label=_("Identifier given by the consumer's bank"),
        longest=35,
        help_text=_("Only for an e-invoice to a consumer."),
    )
    free_text = PlainField(label=_("Text on the reminder"), longest=2000, lines=True)

    def content(self) -> dict[str, Any]:
        """Return what was typed; the bank's identifier belongs to one channel alone."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        if values["channel"] != Channel.CONSUMER_EINVOICE:
            values["einvoice_payment_id"] = ""
        return values


class CaseForm(RevisionForm):
    """When, how and where the creditor itself reminded the debtor, with a file that proves it."""

    notice_date = DayField(label=_("You reminded the debtor on"), required=False)
    notice_channel = forms.ChoiceField(
        label=_("How it was sent"),
        required=False,
        choices=[("", "–"), *DebtCollectionCase.NoticeChannel.choices],
        error_messages={"invalid_choice": _("Choose the way from the list.")},
    )
    notice_address = PlainField(
        label=_("Where it was sent"),
        longest=200,
        help_text=_("The street or e-mail address on the reminder."),
    )
    proof = forms.FileField(
        label=_("Proof of the reminder"),
        required=False,
        help_text=_(
            "The letter or a picture of it: PDF, PNG or JPEG, at most 10 MB. It stays here and is not sent."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"empty": _("The file is empty.")},
    )

    def content(self) -> dict[str, Any]:
        """Return what was typed, by the names of the operation."""
        return {name: self.cleaned_data[name] for name in ("notice_date", "notice_channel", "notice_address")}

    def file(self) -> tuple[str, bytes] | None:
        """Return the file's own name without folders, and its bytes; whether they are a paper is not asked here."""
        file: UploadedFile[Any] | None = self.cleaned_data.get("proof")
        if not file:
            return None
        return str(file.name).replace("\\", "/").rpartition("/")[2][:100], bytes(file.read())


class ApprovalForm(forms.Form):
    """The fingerprint of what the second person saw."""

    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why."""

    reason = PlainField(
        label=_("Reason"),
        longest=1000,
        lines=True,
        required=True,
        error_messages={"required": _("Give the reason in a sentence.")},
    )
