"""Every start-up check complains about a wrong setting, and says how to mend it."""

import pytest
from django.db import connection

from ropo_portal.accounts import checks

LOCAL_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
GOOD_KEY = "k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
WRONG = [
    (checks.encryption_keys, "E001", {"ENCRYPTION_KEYS": ""}),
    (checks.encryption_keys, "E001", {"ENCRYPTION_KEYS": "k1:c2hvcnQ="}),
    (checks.encryption_keys, "E001", {"ENCRYPTION_KEYS": "k1:not base64"}),
    (checks.encryption_keys, "E001", {"ENCRYPTION_KEYS": GOOD_KEY.replace("k1", "dev"), "PRODUCTION": True}),
    (checks.search_key, "E002", {"SEARCH_KEY": ""}),
    (checks.search_key, "E002", {"SEARCH_KEY": "x" * 31}),
    (checks.search_key, "E002", {"SEARCH_KEY": "not-secret" + "x" * 50, "PRODUCTION": True}),
    (checks.secret_key, "E003", {"SECRET_KEY": "not-secret-" + "x" * 50, "PRODUCTION": True}),
    (checks.secret_key, "E003", {"SECRET_KEY": "short", "PRODUCTION": True}),
    (checks.sending_times, "E006", {"SEND_DEADLINE": 0.0}),
    (checks.sending_times, "E006", {"SEND_DEADLINE": 601.0}),
    (checks.sending_times, "E006", {"SWEEP_GRACE": -1.0}),
    (checks.sending_times, "E006", {"LOOK_UP_SCHEDULE": []}),
    (checks.sending_times, "E006", {"LOOK_UP_SCHEDULE": [0.0, 10.0]}),
    (checks.sending_times, "E006", {"LOOK_UP_SCHEDULE": [60.0, 60.0]}),
    (checks.sandbox_url, "E007", {"SANDBOX_URL": "ftp://127.0.0.1"}),
    (checks.sandbox_url, "E007", {"SANDBOX_URL": "http://"}),
    (checks.broker_url, "E008", {"CELERY_BROKER_URL": "carrier-pigeon://"}),
    (checks.broker_url, "E008", {"CELERY_BROKER_URL": ""}),
    (checks.shared_cache, "W001", {"CACHES": LOCAL_CACHE, "PRODUCTION": True}),
]
EVERY = [
    checks.encryption_keys, checks.search_key, checks.secret_key, checks.database_engine, checks.sending_times,
    checks.sandbox_url, checks.broker_url, checks.shared_cache,
]  # fmt: skip


@pytest.mark.parametrize(("check", "number", "changes"), WRONG)
def test_a_wrong_setting_is_complained_about(settings, check, number, changes):
    for name, value in changes.items():
        setattr(settings, name, value)
    complaints = check()
    assert [complaint.id for complaint in complaints] == [f"accounts.{number}"]
    assert complaints[0].hint


@pytest.mark.parametrize(("engine", "expected"), [("sqlite3", ["accounts.E004"]), ("postgresql", [])])
def test_production_needs_postgresql(settings, monkeypatch, engine, expected):
    settings.PRODUCTION = True
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")
    assert [complaint.id for complaint in checks.database_engine()] == expected


@pytest.mark.parametrize("check", EVERY)
def test_the_settings_of_tests_are_in_order(check):
    assert check() == []


def test_a_complaint_never_repeats_a_secret(settings):
    settings.ENCRYPTION_KEYS = "k1:c3VwZXItc2VjcmV0"
    settings.SEARCH_KEY = "super-secret"
    told = str([*checks.encryption_keys(), *checks.search_key()])
    assert "c3VwZXItc2VjcmV0" not in told
    assert "super-secret" not in told


@pytest.mark.pg
@pytest.mark.django_db
@pytest.mark.parametrize(("setting", "expected"), [("on", []), ("off", ["accounts.E005"])])
def test_the_database_must_keep_what_it_promised(setting, expected):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL synchronous_commit = {setting}")
    assert [complaint.id for complaint in checks.durable_commits(databases=["default"])] == expected


@pytest.mark.django_db
def test_the_database_is_asked_only_when_checks_may_reach_it():
    assert checks.durable_commits(databases=None) == []
