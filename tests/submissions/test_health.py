"""The health address: plain numbers for a watching machine, and 503 when documents wait too long or no database answers."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.submissions.models import SendingSwitch
from tests.submissions.stages import staged

pytestmark = pytest.mark.django_db
PAGE = "/health/"


def test_all_is_well_and_it_names_nobody(client, environment):
    staged(environment, "unconfirmed", number="NR-4711")
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert answer.json() == {
        "database": 1,
        "oldest_seconds": 0,
        "oldest_limit_seconds": 3600,
        "unconfirmed": 1,
    }
    assert answer["Cache-Control"] == "no-store"


def test_an_old_queue_is_unwell_unless_somebody_paused_it(client, environment):
    staged(environment, "queued", at=timezone.now() - dt.timedelta(hours=2))
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert answer.json()["oldest_seconds"] > 3600
    CreditorEnvironment.objects.filter(pk=environment.pk).update(sending_paused=True)
    assert client.get(PAGE).status_code == 200
    CreditorEnvironment.objects.filter(pk=environment.pk).update(sending_paused=False)
    SendingSwitch.objects.update_or_create(pk=1, defaults={"paused": True})
    assert client.get(PAGE).json()["oldest_seconds"] == 0


def test_a_database_that_does_not_answer(client):
    def away(*_call):
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        answer = client.get(PAGE)
    assert (answer.status_code, answer.json()) == (503, {"database": 0})


def test_only_asking_is_heard(client):
    assert client.post(PAGE).status_code == 405
