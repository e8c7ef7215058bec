"""A copied database is the migrated one: the same triggers, functions, constraints, indexes and columns."""

import json
import shutil

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from ropo_portal.history.models import Entry
from tests import copies, factories


def the_copy() -> copies.Copy:
    if not copies.may_copy():
        pytest.skip("this run migrates in every process")
    return copies.Copy()


@pytest.mark.django_db
def test_it_has_what_the_migrations_made():
    """The record was written by the process that migrated, before the first copy was made."""
    migrated = json.loads(the_copy().record.read_text())
    assert copies.schema() == migrated
    triggers = [text for text in migrated if "TRIGGER" in text]
    assert len(triggers) > 50
    assert {room for room in ("history_entry", "submissions_attempt", "invoices_claim", "collection_")
            if not any(room in text for text in triggers)} == set()  # fmt: skip


@pytest.mark.django_db
def test_its_triggers_work(creditor):
    """Of many tests that lean on triggers, the plainest: the history is never changed."""
    factories.make_invoice(creditor.environments.get(), factories.make_debtor(creditor))
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Entry.objects.filter(creditor_id=creditor.pk).update(verb="nothing")


@pytest.mark.django_db
def test_nothing_is_left_to_migrate():
    call_command("migrate", "--check", verbosity=0)


def test_its_name_changes_with_any_migration(tmp_path):
    places = copies.folders()
    name = copies.key(places)
    for at, place in enumerate(places):
        changed = shutil.copytree(place, tmp_path / place.parent.name / "migrations")
        others = [*places[:at], changed, *places[at + 1 :]]
        assert copies.key(others) == name
        with next(changed.glob("0*.py")).open("a") as file:
            file.write("# changed")
        assert copies.key(others) != name, place


@pytest.mark.pg
def test_a_server_that_outlives_the_run_gets_none(monkeypatch):
    monkeypatch.setenv(copies.SERVER, "postgres://of.this.run/one")
    monkeypatch.setenv("DATABASE_URL", "postgres://of.somebody/else")
    monkeypatch.setenv(copies.FOLDER, "anywhere")
    assert connection.vendor != "postgresql" or not copies.may_copy()
