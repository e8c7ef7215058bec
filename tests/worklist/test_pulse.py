"""The pulse: what left this week, when Ropo One was last heard, and the alarm of a silent day."""

import datetime as dt

import pytest

from ropo_portal.submissions.models import SendingSwitch, StatusLine
from ropo_portal.worklist.pulse import pulse
from tests import factories
from tests.factories import AT
from tests.submissions.stages import staged

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SILENT = "Nothing was sent today although 1 submission should have left."


@pytest.fixture(autouse=True)
def _swept():
    SendingSwitch.objects.update_or_create(pk=1, defaults={"last_sweep_at": AT + 2 * HOUR})


def look(environment, at=AT + 2 * HOUR):
    found = pulse([environment], at=at)
    return found.contacts[0], found.alarms


def test_nothing_waits_and_nothing_is_wrong(environment):
    contact, alarms = look(environment)
    assert (contact.alarms, alarms, contact.sent, contact.rejected) == ([], [], 0, 0)


def test_this_week_begins_on_monday(environment):
    staged(environment, "accepted", at=AT)
    staged(environment, "rejected", at=AT)
    staged(environment, "accepted", at=AT - 24 * HOUR)
    contact, _alarms = look(environment)
    assert (contact.sent, contact.rejected) == (1, 1)
    assert contact.answered_at == AT


def test_a_silent_day(environment):
    staged(environment, "queued")
    assert look(environment, at=AT + HOUR / 2)[0].alarms == []
    assert look(environment)[0].alarms == [SILENT]
    environment.sending_paused = True
    environment.save()
    assert look(environment)[0].alarms == [f"{SILENT} Sending is paused here."]


def test_whatever_leaves_breaks_the_silence(environment):
    staged(environment, "queued")
    staged(environment, "accepted", at=AT)
    assert look(environment)[0].alarms == []


def test_what_left_yesterday_does_not(environment):
    staged(environment, "queued")
    staged(environment, "accepted", at=AT - 24 * HOUR)
    assert look(environment)[0].alarms == [SILENT]


@pytest.mark.parametrize("day", [dt.date(2026, 11, 28), dt.date(2026, 12, 24)])
def test_no_bank_no_alarm(environment, day):
    staged(environment, "queued")
    at = dt.datetime.combine(day, dt.time(12), dt.UTC)
    assert look(environment, at=at)[0].alarms == []


def test_the_other_lines_stay_quiet(environment):
    other = factories.make_environment(factories.make_creditor("SE"))
    staged(other, "queued")
    assert [contact.alarms for contact in pulse([environment, other], at=AT + 2 * HOUR).contacts] == [
        [],
        [SILENT],
    ]


def test_the_last_news(environment):
    StatusLine.objects.create(
        environment=environment, last_polled_at=AT, last_drained_at=AT - 3 * HOUR, last_event_at=AT - HOUR,
        alarm="another creditor's job",
    )  # fmt: skip
    contact, _alarms = look(environment)
    assert (contact.polled_at, contact.answered_at, contact.event_at) == (AT, AT - 3 * HOUR, AT - HOUR)
    assert contact.alarms == ["another creditor's job", "No news was read to its end for a long time."]


def test_a_worker_that_sleeps(environment):
    assert look(environment, at=AT + 3 * HOUR)[1] == [
        "The worker has not swept for 60 minutes; nothing leaves meanwhile. Tell support."
    ]
    SendingSwitch.objects.update(last_sweep_at=None)
    assert look(environment)[1] == []
    staged(environment, "queued")
    assert look(environment)[1] == ["No worker has ever swept here: nothing leaves until one runs."]


def test_everything_is_paused(environment):
    SendingSwitch.objects.update(paused=True, reason="ticket 7")
    assert look(environment)[1] == ["Support has paused all sending: ticket 7"]
