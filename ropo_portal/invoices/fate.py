"""Room: the one sentence that says how an invoice stands."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from ropo_portal import days
from ropo_portal.errors import sentence
from ropo_portal.invoices.models import Invoice
from ropo_portal.submissions import causes
from ropo_portal.submissions.models import Submission

Text = str | Promise


@dataclass(frozen=True)
class Fate:
    """How it stands, and what can be done about it."""

    state: str
    sentence: Text
    advice: Text = ""


def fate(invoice: Invoice, *, today: dt.date, closed: Text = "") -> Fate:
    """Say how an invoice stands, from itself and its newest submission; `closed` says what paid its claim."""
    if invoice.discarded_at:
        return Fate(
            "cancelled",
            sentence(_("This invoice was discarded on %(at)s."), at=_moment(invoice.discarded_at)),
        )
    submission = invoice.submission
    if submission is None:
        return Fate("draft", _("This is a draft. Nothing has been sent to Ropo One."))
    told = _TELL[submission.state](invoice, submission, today)
    return replace(told, state="paid", advice=closed) if closed and told.state == "accepted" else told


def _queued(_invoice: Invoice, submission: Submission, _today: dt.date) -> Fate:
    message = sentence(_("It leaves for Ropo One at %(at)s."), at=_moment(submission.due_at))
    return Fate("queued", message, _("Until then it can be taken back, and nobody will know."))


def _sending(_invoice: Invoice, _submission: Submission, _today: dt.date) -> Fate:
    return Fate("sending", _("It is on its way to Ropo One right now."), _("It can no longer be taken back."))


def _accepted(invoice: Invoice, submission: Submission, today: dt.date) -> Fate:
    at = _moment(submission.settled_at or submission.last_activity_at)
    if submission.ropo_job_id:
        message = sentence(_("Ropo One took it on %(at)s as job %(job)s."), at=at, job=submission.ropo_job_id)
    else:
        message = sentence(_("Ropo One took it on %(at)s."), at=at)
    return Fate("accepted", message, _due(invoice, today))


def _due(invoice: Invoice, today: dt.date) -> str:
    left = (invoice.due_date - today).days
    day = days.format_date(invoice.due_date, get_language() or "en")
    if left < 0:
        text = ngettext(
            "It fell due on %(day)s, %(count)s day ago.", "It fell due on %(day)s, %(count)s days ago.", -left
        )
        return text % {"day": day, "count": -left}
    if left == 0:
        return str(_("It falls due today."))
    text = ngettext(
        "It falls due on %(day)s, in %(count)s day.", "It falls due on %(day)s, in %(count)s days.", left
    )
    return text % {"day": day, "count": left}


def _rejected(_invoice: Invoice, submission: Submission, _today: dt.date) -> Fate:
    if submission.trouble:
        message = sentence(_("Ropo One refused it: “%(trouble)s”"), trouble=submission.trouble)
    else:
        message = _("Ropo One refused it.")
    return Fate("rejected", message, _("Nobody has received it. Correct it and send it again."))


def _unconfirmed(_invoice: Invoice, _submission: Submission, _today: dt.date) -> Fate:
    return Fate(
        "unconfirmed",
        _("It was sent, but no answer tells whether Ropo One has it."),
        _("The portal is asking Ropo One. Do not send it again by other means."),
    )


def _held(_invoice: Invoice, submission: Submission, _today: dt.date) -> Fate:
    if submission.held_reason == Submission.HeldReason.MAYBE_SENT:
        return Fate(
            "held",
            _("It may have reached Ropo One; a person must decide."),
            _("See the evidence on the submission before anything is sent again."),
        )
    return Fate(
        "held",
        sentence(_("It was never sent. %(trouble)s"), trouble=causes.said(submission.trouble).sentence),
        _("It can be released once the cause is mended."),
    )


def _cancelled(_invoice: Invoice, submission: Submission, _today: dt.date) -> Fate:
    at = _moment(submission.settled_at or submission.last_activity_at)
    message = sentence(_("This is a draft again: it was taken back on %(at)s, before it left."), at=at)
    return Fate("draft", message, _("Nothing has been sent to Ropo One."))


_TELL: dict[str, Callable[[Invoice, Submission, dt.date], Fate]] = {
    Submission.State.QUEUED: _queued,
    Submission.State.SENDING: _sending,
    Submission.State.ACCEPTED: _accepted,
    Submission.State.REJECTED: _rejected,
    Submission.State.UNCONFIRMED: _unconfirmed,
    Submission.State.HELD: _held,
    Submission.State.CANCELLED: _cancelled,
}


def _moment(at: dt.datetime) -> str:
    local = timezone.localtime(at)
    return f"{days.format_date(local.date(), get_language() or 'en')} {date_format(local, 'H:i')}"
