"""Plain SQL cannot rewrite the history."""

import pytest
from django.db import DatabaseError, connection, transaction

from ropo_portal.history.models import Entry
from ropo_portal.history.operations import record
from tests.factories import make_creditor

REFUSED = "never changed"


@pytest.fixture
def entry(creditor, at):
    return record(verb="creditor.changed", subject=creditor, creditor_id=creditor.pk, actor=None, at=at)


@pytest.mark.parametrize("statement", ["UPDATE history_entry SET reason = 'x'", "DELETE FROM history_entry"])
def test_plain_sql_is_refused(entry, statement):
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get() == entry


@pytest.mark.parametrize("act", [lambda rows: rows.update(reason="x"), lambda rows: rows.delete()])
def test_querysets_are_refused(entry, act):
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        act(Entry.objects.all())
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_tests_that_commit_start_from_empty_tables(time, at):
    creditor = make_creditor()
    with transaction.atomic():
        record(verb="creditor.changed", subject=creditor, creditor_id=creditor.pk, actor=None, at=at)
    assert Entry.objects.count() == 1
