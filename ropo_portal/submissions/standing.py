"""Room: how a submission stands, in one plain sentence, and what to do next."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ropo_portal.days import format_date
from ropo_portal.submissions.models import Attempt, Kind, Submission

State = Submission.State
NEVER_SENT = Submission.HeldReason.NEVER_SENT
Words = str | Promise


@dataclass(frozen=True)
class Standing:
    """The sentence, the advice, what Ropo or the machine said, and the moment a countdown runs to."""

    sentence: str
    advice: str = ""
    quote: str = ""
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Case:
    """What the sentence depends on."""

    submission: Submission
    attempt: Attempt | None
    all_paused: bool
    at: dt.datetime


def standing(
    submission: Submission, *, attempt: Attempt | None, all_paused: bool, at: dt.datetime
) -> Standing:
    """Say how it stands; `attempt` is the newest try, `all_paused` whether support has stopped everything."""
    return SAYINGS[State(submission.state)](Case(submission, attempt, all_paused, at))


def clock(moment: dt.datetime | None, at: dt.datetime) -> str:
    """Write a moment as a clerk says it: the time alone when it is today."""
    if moment is None:
        return "–"
    local = timezone.localtime(moment)
    time = date_format(local, "H:i")
    if local.date() == timezone.localtime(at).date():
        return time
    return f"{format_date(local.date(), get_language() or 'en')} {time}"


def _queued(case: Case) -> Standing:
    row, line = case.submission, case.submission.environment
    if case.all_paused:
        return Standing(
            _("It waits: support has paused all sending."), _("It leaves by itself when sending goes on.")
        )
    if line.sending_paused:
        advice = _("It leaves when somebody resumes sending for this environment.")
        return Standing(
            _("It waits: sending is paused for this environment."), advice, quote=line.paused_reason
        )
    if line.blocked_until and line.blocked_until > case.at:
        text = _("It waits: Ropo One asked for a rest until %(time)s.") % {
            "time": clock(line.blocked_until, case.at)
        }
        return Standing(text, _("Nothing to do; it leaves by itself."), until=line.blocked_until)
    if row.not_sent_count:
        text = _("It could not leave yet: Ropo One was not reached. Nothing arrived there.")
        advice = _("The next try is at %(time)s. Nothing to do.") % {"time": clock(row.due_at, case.at)}
        return Standing(text, advice, quote=row.trouble, until=row.due_at)
    if row.due_at > case.at:
        text = _("It leaves for Ropo One at %(time)s.") % {"time": clock(row.due_at, case.at)}
        return Standing(text, _("Until then you can take it back. Afterwards nobody can."), until=row.due_at)
    return Standing(_("It leaves for Ropo One any moment now."), _("Nothing to do; this page follows it."))


def _sending(_case: Case) -> Standing:
    return Standing(
        _("It is on its way to Ropo One right now."), _("Do not enter it again; this page follows it.")
    )


def _accepted(case: Case) -> Standing:
    row = case.submission
    # A credit note's amount is kept positive here and is negative there.
    registered = -row.amount if row.kind == Kind.CREDIT_NOTE else row.amount
    if row.ropo_amount is not None and row.ropo_amount != registered:
        text = _("Ropo One accepted it, but answered with another amount.")
        return Standing(text, _("Compare the two amounts and ask Ropo's support."))
    if row.ropo_job_id:
        return Standing(
            _("Ropo One accepted it as job %(job)s.") % {"job": row.ropo_job_id}, _("Nothing to do.")
        )
    return Standing(_("Ropo One has accepted it."), _("Nothing to do."))


def _rejected(case: Case) -> Standing:
    text = _("Ropo One rejected it and registered nothing.")
    advice = _("Correct the document and send it again; the chain of tries is kept.")
    return Standing(text, advice, quote=case.submission.trouble)


def _unconfirmed(case: Case) -> Standing:
    row = case.submission
    advice = _("Do not enter it again. The portal asks Ropo One at %(time)s; you can also check now.")
    text = _("It may already be at Ropo One: no clear answer came back.")
    return Standing(text, advice % {"time": clock(row.next_look_up_at, case.at)}, quote=row.trouble)


def _held(case: Case) -> Standing:
    row = case.submission
    if row.held_reason == NEVER_SENT:
        return _never_sent(case)
    if row.written_off_at is not None:
        text = _("It was written off on %(time)s, although it may be at Ropo One.")
        advice = _("Closed. Its number stays taken. Should Ropo One turn out to have it, say so below.")
        return Standing(text % {"time": clock(row.written_off_at, case.at)}, advice)
    text = _("It may already be at Ropo One, and looking has not settled it.")
    advice = _("Do not enter it again. Read the evidence, ask Ropo's support, then decide below.")
    return Standing(text, advice, quote=row.trouble)


def _never_sent(case: Case) -> Standing:
    row, attempt = case.submission, case.attempt
    if attempt is not None and attempt.outcome == Attempt.Outcome.REFUSED:
        text = _("Ropo One refused it unread (%(status)s): nothing was registered.") % {
            "status": attempt.status or "–"
        }
        return Standing(text, _("Check now to be certain, then release it."), quote=row.trouble)
    if attempt is not None and row.not_sent_count:
        text = _("It never left: Ropo One was not reached in %(number)s tries.") % {
            "number": row.not_sent_count
        }
        return Standing(text, _("Release it to try again, or write it off."), quote=row.trouble)
    text = _("It did not leave in time, so it was set aside. Nothing was sent.")
    return Standing(text, _("Look whether it is still right, then release it or write it off."))


def _cancelled(case: Case) -> Standing:
    if case.submission.written_off_at is not None:
        return Standing(_("It was written off. Nothing was ever registered."), _("Closed."))
    return Standing(
        _("It was taken back before it left. Nothing was sent."), _("The document can be changed again.")
    )


SAYINGS: dict[Submission.State, Callable[[Case], Standing]] = {
    State.QUEUED: _queued,
    State.SENDING: _sending,
    State.ACCEPTED: _accepted,
    State.REJECTED: _rejected,
    State.UNCONFIRMED: _unconfirmed,
    State.HELD: _held,
    State.CANCELLED: _cancelled,
}
