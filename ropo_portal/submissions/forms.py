"""Room: what is asked about submissions: filters, proofs, reasons."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import check_text, normalized_number
from ropo_portal.submissions.causes import key_of
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.models.submission import SubmissionQuerySet
from ropo_portal.ui.fields import AmountField, DayField
from ropo_portal.ui.narrowing import NarrowingForm, SearchField

LONGEST_REASON = 300
LONGEST_PAUSE = 200
LONGEST_PROOF = 60
# As many as the dashboard reads.
MOST_READ = 1000


class WordsField(forms.CharField):
    """Words of a person: trimmed, and free of what cannot be printed."""

    def __init__(self, *, longest: int, lines: bool = False, **options: Any) -> None:
        self.longest, self.lines = longest, lines
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        """Check the text before any other check sees it."""
        try:
            return check_text(super().to_python(value) or "", self.longest, lines=self.lines)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class DecisionForm(forms.Form):
    """A form that puts an operation's refusal at the field it belongs to."""

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal at its field, or on top of the form."""
        error = ValidationError(str(refusal), code=refusal.code or None)
        self.add_error(refusal.field if refusal.field in self.fields else None, error)


class ProofForm(DecisionForm):
    """How somebody knows that Ropo has it."""

    proof = WordsField(label=_("Ropo's job number, or the support ticket"), longest=LONGEST_PROOF)


class ReasonForm(DecisionForm):
    """Why."""

    reason = WordsField(
        label=_("Reason"), longest=LONGEST_REASON, lines=True, widget=forms.Textarea(attrs={"rows": 2})
    )


class ShortReasonForm(DecisionForm):
    """Why, on one line."""

    reason = WordsField(label=_("Reason"), longest=LONGEST_PAUSE)


class SubmissionFilter(NarrowingForm):
    """What a list may be narrowed by; all of it may stay empty, and nonsense is left aside."""

    q = SearchField(label=_("Search"))
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Submission.State.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Every kind")), *Kind.choices])
    who = forms.ChoiceField(label=_("Sent by"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    # Why Ropo One refused, by the name that a cause has on the dashboard.
    cause = forms.CharField(label=_("Cause"), required=False, max_length=12, widget=forms.HiddenInput)
    amount_from = AmountField(label=_("Amount from"), required=False)
    amount_to = AmountField(label=_("Amount to"), required=False)

    more = ("amount_from", "amount_to")

    def said(self, name: str, value: Any) -> str:
        """Say a value as its reader would; a cause has its words in the list already."""
        return str(_("one of the dashboard")) if name == "cause" else super().said(name, value)

    def __init__(self, *args: Any, creditor_id: uuid.UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        staff = (
            User.objects.filter(memberships__creditor_id=creditor_id) if creditor_id else User.objects.none()
        )
        people = staff.distinct().order_by("name", "email")
        who: Any = self.fields["who"]
        who.choices = [("", _("Everybody")), *((str(person.pk), str(person)) for person in people)]

    def narrowed(self, rows: SubmissionQuerySet, zone: ZoneInfo) -> SubmissionQuerySet:
        """Apply the filters; days begin at the creditor's midnight."""
        found = self.filters()
        wanted: dict[str, Any] = {name: found[name] for name in ("state", "kind") if name in found}
        sums = {"amount_from": "amount__gte", "amount_to": "amount__lte"}
        wanted |= {sums[name]: value for name, value in found.items() if name in sums}
        if "who" in found:
            wanted["posted_by_id"] = found["who"]
        if "since" in found:
            wanted["queued_at__gte"] = dt.datetime.combine(found["since"], dt.time(), zone)
        if "until" in found:
            wanted["queued_at__lt"] = dt.datetime.combine(
                found["until"] + dt.timedelta(days=1), dt.time(), zone
            )
        rows = rows.filter(**wanted)
        if "cause" in found:
            rows = rows.filter(trouble__in=_alike(rows, found["cause"]))
        return _searched(rows, found["q"]) if "q" in found else rows


def _alike(rows: SubmissionQuerySet, key: str) -> list[str]:
    """Return the troubles, of the newest ones, that are said as the cause is."""
    texts = rows.exclude(trouble="").order_by("-queued_at").values_list("trouble", flat=True)[:MOST_READ]
    return [text for text in dict.fromkeys(texts) if key_of(text) == key]


def _searched(rows: SubmissionQuerySet, text: str) -> SubmissionQuerySet:
    """Match Ropo's whole job number, else the beginning of the number, else any part of the debtor's name."""
    text = text.replace("\x00", "").strip()
    number = normalized_number(text)
    questions = [rows.filter(ropo_job_id=text).exclude(ropo_job_id="")]
    questions += [rows.filter(number_key__startswith=number)] if number else []
    # One question at a time: with an OR over all of them no index helps.
    return next((one for one in questions if one.exists()), rows.filter(recipient__icontains=text))
