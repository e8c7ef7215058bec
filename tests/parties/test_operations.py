"""What is done to debtors leaves exactly one line, and never an identity code."""

import pytest
from django.db import connection

from ropo_portal.history.models import Entry
from ropo_portal.parties import operations
from ropo_portal.parties.models import Debtor
from tests.factories import make_debtor

NUMBER = "131052-308T"


@pytest.fixture
def clerk(user_as):
    return user_as("clerk")


def test_create_debtor(creditor, clerk, at, company):
    debtor = operations.create_debtor(creditor=creditor, values=company, actor=clerk, at=at)
    entry = Entry.objects.get()
    assert (debtor.search_name, debtor.revision, debtor.created_at) == ("aalto rakennus oy", 1, at)
    assert (entry.verb, entry.subject_id, entry.actor, entry.after["name"]) == (
        "debtor.created", debtor.pk, clerk, "Aalto Rakennus Oy",
    )  # fmt: skip


def test_create_debtor_ignores_columns_that_are_not_for_people(creditor, clerk, at, company, stranger):
    values = {**company, "creditor_id": stranger.pk, "revision": 99, "national_id_hash": "x"}
    debtor = operations.create_debtor(creditor=creditor, values=values, actor=clerk, at=at)
    assert (debtor.creditor, debtor.revision, debtor.national_id_hash) == (creditor, 1, "")


def test_the_history_never_holds_an_identity_code(creditor, clerk, at, person):
    debtor = operations.create_debtor(creditor=creditor, values=person, actor=clerk, at=at)
    operations.change_debtor(
        debtor=debtor, revision=1, values={"national_id": "010594Y9032"}, actor=clerk, at=at
    )
    told = str([(entry.before, entry.after, entry.subject_label) for entry in Entry.objects.all()])
    assert NUMBER not in told
    assert "9032" not in told
    assert Entry.objects.latest("sequence").after == {"national_id": True}


def test_an_identity_code_is_sealed_in_the_database(creditor, clerk, at, person):
    debtor = operations.create_debtor(creditor=creditor, values=person, actor=clerk, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT national_id, national_id_hash FROM parties_debtor")
        stored = "".join(cursor.fetchone())
    assert NUMBER not in stored
    assert Debtor.objects.get().national_id == debtor.national_id == NUMBER


def test_change_debtor_says_what_was_before_and_after(creditor, clerk, at):
    debtor = make_debtor(creditor, city="Turku")
    changed = operations.change_debtor(debtor=debtor, revision=1, values={"city": "Oulu"}, actor=clerk, at=at)
    entry = Entry.objects.get()
    assert (entry.before, entry.after) == ({"city": "Turku"}, {"city": "Oulu"})
    assert (changed.city, changed.revision) == ("Oulu", 2)


def test_no_change_leaves_no_entry(creditor, clerk, at):
    debtor = make_debtor(creditor)
    operations.change_debtor(debtor=debtor, revision=1, values={"city": debtor.city}, actor=clerk, at=at)
    assert not Entry.objects.exists()
    assert Debtor.objects.get().revision == 1


def test_an_overtaken_change_is_refused_and_tells_who_and_what(creditor, clerk, at, user_as):
    debtor = make_debtor(creditor)
    faster = user_as("sender")
    operations.change_debtor(debtor=debtor, revision=1, values={"city": "Oulu"}, actor=faster, at=at)
    with pytest.raises(operations.DebtorChanged) as refused:
        operations.change_debtor(debtor=debtor, revision=1, values={"city": "Vaasa"}, actor=clerk, at=at)
    assert faster.name in str(refused.value.message)
    assert [entry.after for entry in refused.value.entries] == [{"city": "Oulu"}]
    assert Debtor.objects.get().city == "Oulu"


@pytest.mark.parametrize("revision", [0, -(10**30), 10**30])
def test_a_revision_that_never_was_is_refused(creditor, clerk, at, revision):
    with pytest.raises(operations.DebtorChanged):
        operations.change_debtor(
            debtor=make_debtor(creditor), revision=revision, values={"city": "Vaasa"}, actor=clerk, at=at
        )


def test_a_customer_number_is_given_once(creditor, clerk, at, company, stranger):
    values = {**company, "customer_number": "7"}
    operations.create_debtor(creditor=creditor, values=values, actor=clerk, at=at)
    operations.create_debtor(creditor=stranger, values=values, actor=clerk, at=at)
    with pytest.raises(operations.CustomerNumberTaken) as refused:
        operations.create_debtor(creditor=creditor, values=values, actor=clerk, at=at)
    assert refused.value.field == "customer_number"
    assert Entry.objects.count() == 2


def test_reveal_national_id_is_written_down_with_its_reason(creditor, clerk, at):
    debtor = make_debtor(creditor, kind="person")
    number = operations.reveal_national_id(debtor=debtor, reason="  A phone call ", actor=clerk, at=at)
    entry = Entry.objects.get()
    assert number == NUMBER
    assert (entry.verb, entry.reason, entry.after) == ("debtor.national_id_revealed", "A phone call", {})


def test_reveal_national_id_needs_a_reason(creditor, clerk, at):
    with pytest.raises(operations.ReasonMissing):
        operations.reveal_national_id(
            debtor=make_debtor(creditor, kind="person"), reason=" . ", actor=clerk, at=at
        )
    assert not Entry.objects.exists()


def test_a_name_that_grows_when_folded_still_fits(creditor, clerk, at, company):
    debtor = operations.create_debtor(
        creditor=creditor, values={**company, "name": "ß" * 70}, actor=clerk, at=at
    )
    assert len(debtor.search_name) == 70
