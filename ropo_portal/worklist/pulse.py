"""Room: whether the house is awake: what left this week, when Ropo One was last heard, and days on which nothing leaves."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ropo_portal import days
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.submissions.models import SendingSwitch, StatusLine, Submission
from ropo_portal.worklist.models import BookEntry

State = Submission.State
# What is due may wait so long before the silence is an alarm; and the silence of a line that polls every ten minutes.
GRACE = dt.timedelta(hours=1)
MISSED_SWEEPS, SHORTEST_SILENCE = 6, 60.0
MISSED_POLLS = 12
# Whatever was sent today was put into the queue at most so many days before.
LONGEST_WAIT = dt.timedelta(days=7)


@dataclass
class Contact:
    """One environment's line to Ropo One."""

    environment: CreditorEnvironment
    sent: int = 0
    rejected: int = 0
    answered_at: dt.datetime | None = None
    polled_at: dt.datetime | None = None
    event_at: dt.datetime | None = None
    waiting: int = 0
    is_silent: bool = False
    alarms: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The alarms as one text."""
        return " ".join(self.alarms)


@dataclass(frozen=True)
class Pulse:
    """All lines of the reader, and what is wrong with the house as a whole."""

    contacts: list[Contact]
    alarms: list[str]
    is_paused: bool = False
    is_asleep: bool = False


def pulse(environments: Sequence[CreditorEnvironment], *, at: dt.datetime) -> Pulse:
    """Look at every line; the number of questions does not depend on how many there are."""
    contacts = {one.pk: Contact(one) for one in environments}
    _count_week(contacts, at)
    _hear(contacts, at)
    _watch(contacts, at)
    switch = SendingSwitch.objects.filter(pk=1).first() or SendingSwitch()
    sleep = _sleep(switch, contacts, at)
    return Pulse(
        list(contacts.values()), _pause(switch) + sleep, is_paused=switch.paused, is_asleep=bool(sleep)
    )


def _count_week(contacts: dict[uuid.UUID, Contact], at: dt.datetime) -> None:
    """Count what was answered since Monday, as each environment's own days go."""
    week = Q(pk=None)
    for one in contacts.values():
        today = one.environment.today(at)
        week |= Q(environment=one.environment, day__gte=today - dt.timedelta(days=today.weekday()))
    told = BookEntry.objects.filter(week, kind__in=["accepted", "rejected"])
    rows = told.order_by().values_list("environment_id", "kind").annotate(Sum("items"))
    for environment, kind, number in rows:
        setattr(contacts[environment], "sent" if kind == "accepted" else "rejected", number)


def _hear(contacts: dict[uuid.UUID, Contact], at: dt.datetime) -> None:
    """Take the newest answer and news of each line."""
    since = at - dt.timedelta(days=90)
    rows = Submission.objects.filter(
        environment__in=list(contacts), state=State.ACCEPTED, queued_at__gte=at - LONGEST_WAIT
    )
    newest = dict(rows.order_by().values_list("environment_id").annotate(Max("settled_at")))
    for line in StatusLine.objects.filter(environment__in=list(contacts)):
        contact = contacts[line.environment_id]
        contact.polled_at, contact.event_at = line.last_polled_at, line.last_event_at
        contact.answered_at = line.last_drained_at
        if line.alarm:
            contact.alarms.append(line.alarm)
        if line.last_drained_at and since < line.last_drained_at < at - _silence():
            contact.alarms.append(_("No news was read to its end for a long time."))
    for key, answered in newest.items():
        known = contacts[key].answered_at
        contacts[key].answered_at = max(filter(None, (known, answered)), default=None)


def _silence() -> dt.timedelta:
    return dt.timedelta(seconds=settings.POLL_INTERVAL * MISSED_POLLS)


def _watch(contacts: dict[uuid.UUID, Contact], at: dt.datetime) -> None:
    """Raise the alarm of a silent day: something should have left long ago, and nothing has left today."""
    queued = Submission.objects.filter(
        environment__in=list(contacts), state=State.QUEUED, due_at__lte=at - GRACE
    ).order_by()
    due = queued.values_list("environment_id").annotate(Count("pk"))
    for key, number in due:
        contacts[key].waiting = number
    gone = Submission.objects.filter(
        Q(sending_since__isnull=False) | Q(last_activity_at__gte=_midnight(at)),
        environment=OuterRef("pk"),
        queued_at__gte=at - LONGEST_WAIT,
        state__in=[State.SENDING, State.ACCEPTED, State.REJECTED, State.UNCONFIRMED],
    )
    silent = CreditorEnvironment.objects.filter(~Exists(gone), pk__in=list(contacts))
    for key in silent.values_list("pk", flat=True):
        contact = contacts[key]
        if contact.waiting and days.is_banking_day(
            contact.environment.today(at), contact.environment.country
        ):
            contact.is_silent = True
            contact.alarms.append(_silent_day(contact))


def _silent_day(contact: Contact) -> str:
    number = contact.waiting
    text = ngettext(
        "Nothing was sent today although %(number)s submission should have left.",
        "Nothing was sent today although %(number)s submissions should have left.",
        number,
    )
    why = _("Sending is paused here.") if contact.environment.sending_paused else ""
    return f"{text % {'number': number}} {why}".strip()


def _midnight(at: dt.datetime) -> dt.datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _pause(switch: SendingSwitch) -> list[str]:
    if not switch.paused:
        return []
    return [_("Support has paused all sending: %(reason)s") % {"reason": switch.reason or "–"}]


def _sleep(switch: SendingSwitch, contacts: dict[uuid.UUID, Contact], at: dt.datetime) -> list[str]:
    """Say that no worker was heard from for longer than a few sweeps take."""
    longest = max(settings.SWEEP_INTERVAL * MISSED_SWEEPS, SHORTEST_SILENCE)
    swept = switch.last_sweep_at
    if swept is not None and (at - swept).total_seconds() > longest:
        return [_minutes(max(1, int((at - swept).total_seconds() // 60)))]
    if swept is None and any(one.waiting for one in contacts.values()):
        return [_("No worker has ever swept here: nothing leaves until one runs.")]
    return []


def _minutes(minutes: int) -> str:
    text = ngettext(
        "The worker has not swept for %(number)s minute; nothing leaves meanwhile. Tell support.",
        "The worker has not swept for %(number)s minutes; nothing leaves meanwhile. Tell support.",
        minutes,
    )
    return text % {"number": minutes}
