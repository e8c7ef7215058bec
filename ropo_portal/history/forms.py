"""Room: what the history may be filtered by."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal.days import parse_date
from ropo_portal.errors import DomainError
from ropo_portal.history.models import VERBS, EntryQuerySet

SUBJECTS = [
    ("", _("Everything")),
    ("accounts.creditor", _("Creditors")),
    ("accounts.creditorenvironment", _("Environments")),
    ("accounts.user", _("Members")),
    ("parties.debtor", _("Debtors")),
    ("invoices.invoice", _("Invoices")),
    ("invoices.claim", _("Claims")),
    ("invoices.bypasspayment", _("Payments")),
    ("invoices.creditnote", _("Credit notes")),
    ("invoices.creditallocation", _("Placed credits")),
    ("collection.reminder", _("Reminders")),
    ("collection.debtcollectioncase", _("Debt collections")),
    ("submissions.submission", _("Submissions")),
    ("rules.legalrule", _("Waiting times")),
    ("rules.feecap", _("Fee caps")),
    ("rules.interestrate", _("Late interest")),
    ("rules.vatrate", _("VAT rates")),
]


class DayField(forms.CharField):
    """A day as clerks write it."""

    def to_python(self, value: Any) -> Any:
        """Read the day, or refuse it in the words of `days`."""
        text = super().to_python(value)
        try:
            return parse_date(text, get_language() or "en") if text else None
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


BOOKS = [("", _("This creditor")), ("house", _("All creditors: rules and the switch of all sending"))]


class HistoryFilter(forms.Form):
    """Whose book, who, what, about what, and when; all of it may stay empty."""

    book = forms.ChoiceField(label=_("Book"), required=False, choices=BOOKS)

    text = forms.CharField(required=False, max_length=200)
    who = forms.CharField(label=_("Who"), required=False, max_length=200)
    verb = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("Everything")), *VERBS.items()])
    subject = forms.ChoiceField(label=_("About"), required=False, choices=SUBJECTS)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def narrowed(self, entries: EntryQuerySet, zone: ZoneInfo) -> EntryQuerySet:
        """Apply every filter that was understood; days begin at the creditor's midnight."""
        found = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        columns = {
            "text": "subject_label__icontains",
            "who": "actor_label__icontains",
            "verb": "verb",
            "subject": "subject_type",
        }
        wanted: dict[str, Any] = {columns[name]: found[name] for name in columns if found.get(name)}
        if found.get("since"):
            wanted["at__gte"] = dt.datetime.combine(found["since"], dt.time(), zone)
        if found.get("until"):
            wanted["at__lt"] = dt.datetime.combine(found["until"] + dt.timedelta(days=1), dt.time(), zone)
        return entries.filter(**wanted)
