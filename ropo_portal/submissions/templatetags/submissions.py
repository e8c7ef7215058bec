"""Room: where a submission's document lives, how old things are, and exact moments."""

import datetime as dt
import re
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ropo_portal import days
from ropo_portal.submissions import causes
from ropo_portal.submissions.models import Evidence, Kind, Submission
from ropo_portal.ui.templatetags.ui import row_url

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86_400

# The page of a document, by the kind of its submission: an address, so that no room above is imported.
PAGES: dict[str, str] = {
    Kind.INVOICE: "invoices:detail",
    Kind.LOCAL_PRINT: "invoices:detail",
    Kind.CREDIT_NOTE: "invoices:credit-note",
    Kind.MONITORED_INVOICE: "invoices:detail",
    Kind.LETTER: "invoices:detail",
    Kind.REMINDER: "collection:detail",
    Kind.DEBT_COLLECTION: "collection:detail",
    Kind.BYPASS_PAYMENT: "invoices:payment",
    Kind.CREDIT_ALLOCATION: "invoices:credit",
}
# Where the document is corrected.
FORMS: dict[str, str] = {
    Kind.INVOICE: "invoices:edit",
    Kind.MONITORED_INVOICE: "invoices:edit",
    Kind.LETTER: "invoices:edit",
}
TONES: dict[str, str] = {
    Evidence.Finding.THERE: "accepted",
    Evidence.Finding.NOT_THERE: "queued",
    Evidence.Finding.DIFFERS: "held",
    Evidence.Finding.REFUSED: "rejected",
    Evidence.Finding.NOTHING: "draft",
    "open": "sending",
    "accepted": "accepted",
    "rejected": "rejected",
    "unknown": "unconfirmed",
    "voided": "held",
}


@register.filter
def kind_label(kind: str) -> str:
    """Name a kind of submission."""
    return str(dict(Kind.choices).get(kind, kind))


@register.filter
def held_label(reason: str) -> str:
    """Say why one is held."""
    return str(dict(Submission.HeldReason.choices).get(reason, reason))


@register.filter
def document_url(submission: Submission) -> str:
    """Return the address of the document a submission registers, or nothing while it has no page."""
    try:
        return row_url(PAGES.get(submission.kind, ""), submission.document_id)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def correction_url(context: Any, submission: Submission) -> str:
    """Return the form in which a refused invoice is corrected, for whoever may; otherwise nothing."""
    may = context.request.scope.may("invoice.edit", submission.creditor_id)
    is_refused = submission.state == Submission.State.REJECTED and submission.kind in FORMS
    try:
        return reverse(FORMS[submission.kind], args=[submission.document_id]) if may and is_refused else ""
    except NoReverseMatch:
        return ""


@register.filter
def cause(text: str) -> causes.Cause:
    """Say to a clerk what the machine noted."""
    return causes.said(text)


@register.simple_tag
def ropo_status(code: str, text: str) -> str | SafeString:
    """Write a job's status in our words, and Ropo's own in small print where they differ."""
    return _with_original(causes.status_said(code, text))


@register.filter
def ropo_words(text: str) -> str | SafeString:
    """Write a text of Ropo's in our words where they are known, with the original in small print."""
    return _with_original(causes.ropo_said(text))


def _with_original(said: causes.Cause) -> str | SafeString:
    if not said.original or said.original == str(said.sentence):
        return str(said.sentence)
    # An empty language says that we do not know it.
    return format_html(
        '{} <small class="noted" lang="{}">{}</small>', said.sentence, said.language, said.original
    )


@register.filter
def tone(word: str) -> str:
    """Return the color of a finding or of an attempt's outcome."""
    return TONES.get(word, "draft")


@register.filter
def source_words(source: str) -> str:
    """Write the source of a fact as a clerk says it."""
    words = {
        "all": _("All sources together"),
        "status updates": _("Ropo's status updates"),
        "debtor's invoices": _("Ropo's list of the debtor's invoices"),
        "document": _("Ropo's stored document"),
    }
    return words.get(source) or re.sub(r"^attempt\b", _("Answer to try"), source)


@register.filter
def detail_words(detail: str) -> str:
    """Write what a look-up noted as a clerk says it; whatever nobody knows is said as it is."""
    if detail == "no source knows it":
        return _("No look-up found anything at Ropo One under this number.")
    starts = {
        "no answer from: ": _("no answer"),
        "another amount: ": _("Ropo's amount"),
        "more than one job: ": _("Ropo's job"),
    }
    for start, words in starts.items():
        if detail.startswith(start):
            return f"{words}: {_each_in_words(detail.removeprefix(start))}"
    return _each_in_words(detail)


def _each_in_words(sources: str) -> str:
    return ", ".join(source_words(source) for source in sources.split(", "))


@register.filter
def age(moment: dt.datetime | None) -> str | SafeString:
    """Write how long ago something was, in one unit; the exact moment is in the title."""
    if moment is None:
        return "–"
    seconds = max(0, int((timezone.now() - moment).total_seconds()))
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        f"{_day(local)} {local:%H:%M:%S %Z}",
        _span(seconds),
    )


@register.filter
def ahead(moment: dt.datetime | None) -> str | SafeString:
    """Write in how long something will be."""
    if moment is None:
        return "–"
    seconds = int((moment - timezone.now()).total_seconds())
    local = timezone.localtime(moment)
    text = _("in %(span)s") % {"span": _span(seconds)} if seconds > 0 else _("now")
    title = f"{_day(local)} {local:%H:%M:%S %Z}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), title, text)


def _day(moment: dt.datetime) -> str:
    return days.format_date(moment.date(), get_language() or "en")


def _span(seconds: int) -> str:
    if seconds < MINUTE:
        return _("%(number)d s") % {"number": seconds}
    if seconds < HOUR:
        return _("%(number)d min") % {"number": seconds // MINUTE}
    if seconds < 2 * DAY:
        return _("%(number)d h") % {"number": seconds // HOUR}
    return _("%(number)d d") % {"number": seconds // DAY}


@register.filter
def exact(moment: dt.datetime | None) -> str | SafeString:
    """Write a moment to the millisecond, as the one who looks into a log needs it."""
    if moment is None:
        return "–"
    local = timezone.localtime(moment)
    text = f"{_day(local)} {local:%H:%M:%S}.{local.microsecond // 1000:03d}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), f"{local:%Z}", text)
