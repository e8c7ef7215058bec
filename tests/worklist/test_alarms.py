"""Alarms by mail: what stands is told at once, each once a day, to whom it concerns, and says nothing of anybody."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.submissions.models import SendingSwitch
from ropo_portal.worklist import delivery, noticing
from ropo_portal.worklist.models import Notice
from ropo_portal.worklist.operations import wish_notices
from tests import factories
from tests.factories import AT
from tests.submissions.stages import staged
from tests.worklist import letters
from tests.worklist.test_today import money, race

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NIGHT = AT.replace(hour=1)  # three in Helsinki: no letter about work leaves then


@pytest.fixture
def user_as(creditor):
    """Give a user whose letters are looked at."""
    return lambda role: letters.reader(role, creditor)


@pytest.fixture(autouse=True)
def _swept():
    SendingSwitch.objects.update_or_create(pk=1, defaults={"last_sweep_at": AT + 2 * DAY})


def told(at=AT):
    """Let one round pass; return who got which numbers."""
    mail.outbox.clear()
    letters.quieten()
    noticing.write_notices(at=at)
    delivery.send_notices(clock=lambda: at)
    return sorted(
        (notice.user.email, notice.numbers)
        for notice in Notice.objects.filter(sent_at=at).select_related("user")
    )


def pause(environment):
    CreditorEnvironment.objects.filter(pk=environment.pk).update(
        sending_paused=True, paused_reason="Aino is away"
    )


@pytest.mark.parametrize("role", ["sender", "administrator"])
def test_a_pause_is_told_at_night_once_a_day(environment, user_as, role):
    reader = user_as(role)
    pause(environment)
    assert told(NIGHT) == [(reader.email, {"alarm-paused": 1})]
    assert told(NIGHT + 3 * HOUR) == []
    assert told(NIGHT + DAY) == [(reader.email, {"alarm-paused": 1})]


@pytest.mark.parametrize("role", ["reader", "clerk", "approver", "auditor"])
def test_others_are_told_of_no_alarm(environment, user_as, role):
    user_as(role)
    pause(environment)
    assert told(NIGHT) == []


def test_foreign_alarms_and_alarms_of_who_wants_none_are_not_told(environment, user_as):
    reader = user_as("sender")
    pause(factories.make_environment())
    assert told() == []
    pause(environment)
    wish_notices(when="off", actor=reader)
    assert told() == []


def test_a_silent_day_and_a_worker_unheard_of(environment, user_as):
    reader = user_as("administrator")
    staged(environment, "queued", at=AT - 3 * HOUR)
    assert told() == [(reader.email, {"alarm-silent": 1})]
    SendingSwitch.objects.update(last_sweep_at=AT - HOUR)
    assert told(AT + HOUR) == [(reader.email, {"alarm-worker": 1})]


def test_a_race_is_told(environment, user_as):
    reader = user_as("administrator")
    claim = money.pursued(environment)
    money.noted(claim)
    race(claim)
    assert told() == [(reader.email, {"alarm-race": 1})]


def test_an_alarm_does_not_eat_the_summary_of_the_day(environment, user_as):
    reader = user_as("sender")
    staged(environment, "held", at=NIGHT)
    pause(environment)
    assert told(NIGHT) == [(reader.email, {"alarm-paused": 1})]
    assert told() == [(reader.email, {"held": 1})]


def test_the_letter_leads_there_and_names_nobody(environment, user_as, settings):
    settings.PORTAL_URL = "https://portal.example"
    user_as("sender")
    staged(environment, "held")
    pause(environment)
    told()
    (letter,) = mail.outbox
    assert letter.subject == "1 alarm, 1 new row of work waits"
    assert f"Sending is paused: 1\nhttps://portal.example{reverse('submissions:line')}" in letter.body
    assert "Aino" not in letter.body
    assert environment.creditor.name not in letter.body


def test_many_lines_cost_the_same(environment, django_assert_max_num_queries):
    from ropo_portal.worklist.alarms import standing_alarms  # noqa: PLC0415 (after the settings)

    lines = [environment, *(factories.make_environment() for _ in range(2))]
    with django_assert_max_num_queries(8):
        assert standing_alarms(lines, at=AT) == []
