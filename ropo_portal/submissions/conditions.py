"""Room: what must be true before two people may send again, in words and one by one."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ropo_portal.errors import sentence
from ropo_portal.submissions.models import Evidence, SendingSwitch, Submission

Words = str | Promise
WHOLE_ROUND = "all"
MINUTE, HOUR = 60, 3600
Finding = Evidence.Finding


@dataclass(frozen=True)
class Condition:
    """One rule: how the screen says it, how the operation refuses, whether it holds, and when it may."""

    code: str
    rule: Words
    refusal: Words
    is_met: bool
    opens_at: dt.datetime | None = None


def resend_conditions(row: Submission, *, actor_id: uuid.UUID, at: dt.datetime) -> list[Condition]:
    """Return every rule for sending again what may have arrived, in the order in which they are refused."""
    switch = SendingSwitch.objects.filter(pk=1).first() or SendingSwitch()
    # Look-ups from before the last try prove nothing about it.
    rounds = list(row.evidence.filter(source=WHOLE_ROUND, at__gte=row.last_activity_at).order_by("at", "id"))
    return [
        _by_somebody_else(row, actor_id),
        _waited(row, switch, at),
        _uncontradicted(rounds),
        *_looked(rounds, switch, at),
    ]


def _by_somebody_else(row: Submission, actor_id: uuid.UUID) -> Condition:
    return Condition(
        "own",
        _("Whoever sent it does not take part: two other people decide."),
        _("You sent it yourself; two other people decide whether it is sent again."),
        row.posted_by_id != actor_id,
    )


def _waited(row: Submission, switch: SendingSwitch, at: dt.datetime) -> Condition:
    wait = dt.timedelta(seconds=switch.resend_wait)
    return Condition(
        "early",
        sentence(_("%(span)s have passed since the last activity."), span=span(switch.resend_wait)),
        _("Too early: Ropo One may still be working on it. Wait until the time shown."),
        at - row.last_activity_at >= wait,
        row.last_activity_at + wait,
    )


def _uncontradicted(rounds: list[Evidence]) -> Condition:
    return Condition(
        "contradiction",
        _("No look-up found anything at Ropo One under this number."),
        _("A look-up found something at Ropo One under this number. Ask Ropo's support first."),
        all(found.finding not in {Finding.DIFFERS, Finding.THERE} for found in rounds),
    )


def _looked(rounds: list[Evidence], switch: SendingSwitch, at: dt.datetime) -> list[Condition]:
    age, wait = dt.timedelta(seconds=switch.look_up_age), dt.timedelta(seconds=switch.resend_wait)
    silent = [found for found in rounds if found.finding == Finding.NOT_THERE]
    young = silent[-1] if silent and silent[-1].at >= at - age else None
    first = silent[0].at if silent else None
    is_apart = bool(young and first and first <= young.at - wait)
    return [
        Condition(
            "old-look-up",
            sentence(
                _("A complete look-up within the last %(span)s found nothing."), span=span(switch.look_up_age)
            ),
            _("Check once more first: the last complete look-up is too old."),
            young is not None,
        ),
        Condition(
            "one-look-up",
            sentence(
                _("Two complete look-ups, %(span)s apart, found nothing."), span=span(switch.resend_wait)
            ),
            _("Two complete look-ups with the waiting time between them are needed."),
            is_apart,
            first + wait if first else None,
        ),
    ]


def span(seconds: int) -> str:
    """Write a waiting time in the largest unit that stays plain."""
    if seconds >= 2 * HOUR:
        number = round(seconds / HOUR)
        return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}
    if seconds >= 2 * MINUTE:
        number = round(seconds / MINUTE)
        return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
    return ngettext("%(number)d second", "%(number)d seconds", seconds) % {"number": seconds}
