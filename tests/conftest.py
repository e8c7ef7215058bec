"""What every test may ask for."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, User
from tests import copies, factories

pytest_plugins = ("tests.sandbox_fixture",)


@pytest.fixture(autouse=True)
def plain_language() -> Iterator[None]:
    """Begin every test in the language of the source: a page asked for in Finnish leaves its thread in Finnish."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
        yield


@pytest.fixture(scope="session")
def database_copy(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any, django_db_keepdb: bool
) -> copies.Copy | None:
    """Begin with the database that another process of this run has migrated; the first one migrates."""
    if django_db_keepdb or not copies.may_copy():
        return None
    with django_db_blocker.unblock():
        copy = copies.Copy()
        copy.begin()
    return copy


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_copy: copies.Copy | None) -> None:
    """Say before Django makes its database what it is made of."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, database_copy: copies.Copy | None, django_db_blocker: Any) -> None:
    """Let tests empty the tables quickly, past the triggers that refuse every deletion."""
    if database_copy:
        with django_db_blocker.unblock():
            database_copy.finish()
    flush = connection.ops.execute_sql_flush
    if connection.vendor == "sqlite":
        connection.ops.execute_sql_flush = lambda statements: _without_triggers(flush, statements)
    else:
        connection.ops.execute_sql_flush = lambda statements: _deleted(flush, statements)


def _without_triggers(flush: Callable[[Iterable[str]], None], statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '% DELETE ON %'"
        )
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        flush(statements)
        for _name, sql in triggers:
            cursor.execute(sql)


def _deleted(flush: Callable[[Iterable[str]], None], statements: Iterable[str]) -> None:
    """Delete instead of truncating: for a handful of rows in many tables that is ten times as fast."""
    truncate = " ".join(statements)
    tables = re.findall(r'"(\w+)"', truncate)
    if not truncate.startswith("TRUNCATE") or not tables:
        flush([truncate])
        return
    role = "SET session_replication_role ="
    # As a replica the server runs neither our triggers nor the checks of foreign keys.
    deletions = [f"{role} replica"]
    deletions += [f'DELETE FROM "{table}"' for table in tables]  # noqa: S608 (Django's own names)
    deletions += [f"{role} DEFAULT"]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(deletions))


@pytest.fixture
def at() -> dt.datetime:
    """The moment at which tests happen: a Monday morning."""
    return factories.AT


@pytest.fixture
def creditor(db: None) -> Creditor:
    """A Finnish creditor with a sandbox."""
    found = factories.make_creditor("FI")
    factories.make_environment(found)
    return found


@pytest.fixture
def environment(creditor: Creditor) -> CreditorEnvironment:
    """The sandbox of the creditor."""
    return creditor.environments.get()


@pytest.fixture
def user_as(creditor: Creditor) -> Callable[[str], User]:
    """Give a user of the creditor by role."""

    def make(role: str) -> User:
        return factories.make_user(role, creditor)

    return make


@pytest.fixture
def signed_in(user_as: Callable[[str], User]) -> Callable[[str], Client]:
    """Give a browser in which a user of that role has signed in."""

    def enter(role: str) -> Client:
        browser: Any = Client()
        browser.user = user_as(role)
        browser.force_login(browser.user)
        return browser

    return enter
