"""Room: the day on which an invoice leaves: a banking day, and the creditor's time of day."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import sentence
from ropo_portal.submissions.operations import CannotPost

LONGEST_WAIT = dt.timedelta(days=60)
OFFERED = 15


def refuse_day(environment: CreditorEnvironment, day: dt.date, at: dt.datetime) -> None:
    """Refuse a day that is past, too far away, or on which banks do not work."""
    today = environment.today(at)
    if not today <= day <= today + LONGEST_WAIT:
        text = _("Choose a day between today and %(latest)s.")
        latest = days.format_date(today + LONGEST_WAIT, get_language() or "en")
        raise CannotPost(sentence(text, latest=latest), field="leave_on", code="day_out_of_range")
    if not days.is_banking_day(day, environment.country):
        text = _("Banks do not work on %(day)s; choose a banking day.")
        shown = days.format_date(day, get_language() or "en")
        raise CannotPost(sentence(text, day=shown), field="leave_on", code="no_banking_day")


def leaving(environment: CreditorEnvironment, day: dt.date | None) -> dt.datetime | None:
    """Return the moment of the day at which it leaves."""
    if day is None:
        return None
    return dt.datetime.combine(day, environment.creditor.sending_time, environment.time_zone)


def days_offered(environment: CreditorEnvironment, at: dt.datetime) -> list[dt.date]:
    """Return the next banking days on which something may leave, today among them while its time is to come."""
    today = environment.today(at)
    found = days.banking_days(environment.country, after=today - dt.timedelta(days=1), count=OFFERED)
    return [day for day in found if day > today or (leaving(environment, day) or at) > at]
