"""Numbered checks: each one bites, and a whole installation passes them all."""

import datetime as dt
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection, transaction
from django.utils import timezone

from ropo_portal.submissions import checks
from ropo_portal.submissions.models import SendingSwitch

MINE = [checks.sweeping, checks.no_repetition, checks.waiting_times]


def ids(found: list[Any]) -> list[str]:
    return [complaint.id for complaint in found]


def test_a_whole_installation_passes() -> None:
    assert [complaint for check in MINE for complaint in check()] == []


def test_the_checks_are_registered() -> None:
    assert not [found for found in run_checks() if found.id.startswith("submissions.")]


@pytest.mark.parametrize(("check", "name", "value", "expected"), [
    (checks.sweeping, "CELERY_BEAT_SCHEDULE", {}, "submissions.E001"),
    (checks.sweeping, "SWEEP_INTERVAL", 0.0, "submissions.E001"),
    (checks.sweeping, "SWEEP_INTERVAL", 900.0, "submissions.E001"),
    (checks.no_repetition, "CELERY_TASK_ACKS_LATE", True, "submissions.E002"),
    (checks.no_repetition, "CELERY_TASK_TIME_LIMIT", 60.0, "submissions.E002"),
    (checks.no_repetition, "CELERY_TASK_SOFT_TIME_LIMIT", 60.0, "submissions.E002"),
    (checks.waiting_times, "QUEUE_DEADLINE", 60.0, "submissions.E003"),
    (checks.waiting_times, "NOT_SENT_LIMIT", 0, "submissions.E003"),
])  # fmt: skip
def test_a_setting_that_makes_no_sense(
    settings: Any, check: Any, name: str, value: Any, expected: str
) -> None:
    setattr(settings, name, value)
    [complaint] = check()
    assert (complaint.id, bool(complaint.hint)) == (expected, True)


@pytest.mark.django_db
def test_all_rules_stand_in_the_database() -> None:
    assert checks.triggers(databases=["default"]) == []
    assert checks.triggers() == []


@pytest.mark.django_db
def test_a_lost_rule_is_noticed() -> None:
    postgresql = connection.vendor == "postgresql"
    name = "attempt_entry" if postgresql else "attempt_entry_0"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (" ON submissions_attempt" if postgresql else ""))
    [complaint] = checks.triggers(databases=["default"])
    assert complaint.id == "submissions.E004"
    assert name in complaint.msg


@pytest.mark.pg
@pytest.mark.django_db
def test_a_rule_that_is_switched_off_is_noticed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE submissions_submission DISABLE TRIGGER submission_change")
    assert ids(checks.triggers(databases=["default"])) == ["submissions.E004"]


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "expected"), [(None, []), (1, []), (60, ["submissions.W001"])])
def test_a_silent_worker_is_noticed(minutes: int | None, expected: list[str]) -> None:
    last = None if minutes is None else timezone.now() - dt.timedelta(minutes=minutes)
    SendingSwitch.objects.update_or_create(pk=1, defaults={"last_sweep_at": last})
    assert ids(checks.awake(databases=["default"])) == expected
