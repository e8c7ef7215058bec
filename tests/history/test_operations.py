"""The chain: written in order, whole, and every kind of meddling is found."""

import re

import pytest
from django.db import connection, transaction

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.history.models import VERBS, ChainHead, Entry
from ropo_portal.history.operations import differences, record
from ropo_portal.identifiers import new_id
from tests.architecture import tree
from tests.factories import make_creditor


@pytest.fixture
def chain(creditor, at):
    for place in range(3):
        record(
            verb="creditor.changed",
            subject=creditor,
            creditor_id=creditor.pk,
            after={"n": place},
            actor=None,
            at=at,
        )
    return creditor.pk


def meddle(statement):
    """Do as somebody would who owns the database: the triggers off, then plain SQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE history_entry DISABLE TRIGGER history_entry_never_changed")
        else:
            cursor.execute("DROP TRIGGER history_entry_no_update")
            cursor.execute("DROP TRIGGER history_entry_no_delete")
        cursor.execute(statement)


def test_entries_are_chained(chain):
    entries = list(Entry.objects.order_by("sequence"))
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.previous_hash for entry in entries] == ["", entries[0].hash, entries[1].hash]
    assert Entry.objects.all().first_broken(chain) is None


def test_each_creditor_has_a_chain_of_its_own(chain, at):
    other = make_creditor()
    assert (
        record(verb="creditor.created", subject=other, creditor_id=other.pk, actor=None, at=at).sequence == 1
    )
    assert (
        record(verb="member.role_granted", subject=other, creditor_id=None, actor=None, at=at).chain
        == "house"
    )


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE history_entry SET reason = 'x' WHERE sequence = 2", 2),
        ("UPDATE history_entry SET after = '{}' WHERE sequence = 1", 1),
        ("UPDATE history_entry SET actor_label = 'Somebody' WHERE sequence = 3", 3),
        ("DELETE FROM history_entry WHERE sequence = 2", 2),
        ("DELETE FROM history_entry WHERE sequence = 1", 1),
        ("DELETE FROM history_entry WHERE sequence = 3", 3),
        ("DELETE FROM history_entry", 1),
    ],
)
def test_meddling_is_found(chain, statement, found):
    meddle(statement)
    broken = Entry.objects.all().first_broken(chain)
    assert getattr(broken, "sequence", broken) == found


def test_an_entry_added_behind_the_heads_back_is_found(chain):
    last = Entry.objects.get(sequence=3)
    last.pk, last.sequence, last.previous_hash = new_id(), 4, last.hash
    last.hash = last.computed_hash()
    last.save(force_insert=True)
    assert ChainHead.objects.get(chain=str(chain)).sequence == 3
    assert Entry.objects.all().first_broken(chain) is not None


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(at):
    creditor = make_creditor()
    with pytest.raises(transaction.TransactionManagementError):
        record(verb="creditor.changed", subject=creditor, creditor_id=creditor.pk, actor=None, at=at)


def test_differences_say_of_hidden_fields_only_whether_they_were_filled():
    row = CreditorEnvironment(cid="1", apicode="old")
    found = differences(
        row, {"cid": "1", "apicode": "new", "paused_reason": "x"}, hidden=frozenset({"apicode"})
    )
    assert found == ({"apicode": True, "paused_reason": ""}, {"apicode": True, "paused_reason": "x"})


def test_every_verb_in_the_source_has_a_sentence():
    said = set()
    for path in tree.modules():
        said |= set(re.findall(r'verb\s*=\s*"([a-z]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    assert said - set(VERBS) == set()
    assert len(said) > 10
