"""Production opens by two people with a tested connection, closes by one, and the database says so itself."""

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from ropo_portal.accounts import operations
from ropo_portal.accounts.models import CreditorEnvironment, LiveSwitch
from ropo_portal.accounts.operations import CannotSwitch
from ropo_portal.history.models import Entry
from tests.factories import AT, make_creditor, make_environment, make_live, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
RULE = r"accounts_|(?i:unique|check) constraint"


@pytest.fixture
def production(creditor):
    return make_environment(creditor, "fi-production", last_checked_at=AT, last_check_ok=True)


@pytest.fixture
def boss(user_as):
    return user_as("administrator")


@pytest.fixture
def proposal(production, boss):
    return operations.propose_live(environment=production, reason="we begin", actor=boss, at=AT)


def fresh(environment):
    return CreditorEnvironment.objects.get(pk=environment.pk)


def refused(statement, *values):
    plain = [
        value.hex if isinstance(value, uuid.UUID) and connection.vendor == "sqlite" else value
        for value in values
    ]
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, plain)


def test_two_people_open_production(production, proposal, user_as):
    assert not fresh(production).is_open
    other = user_as("approver")
    opened = operations.confirm_live(switch=proposal, actor=other, at=AT + HOUR)
    assert (opened.is_open, fresh(production).is_open) == (True, True)
    verbs = list(Entry.objects.order_by("sequence").values_list("verb", "actor_label"))
    assert [verb for verb, _ in verbs] == ["environment.live_proposed", "environment.live"]
    assert Entry.objects.first_broken(production.creditor_id) is None


def test_nobody_confirms_her_own_proposal(production, proposal, boss):
    with pytest.raises(CannotSwitch) as caught:
        operations.confirm_live(switch=proposal, actor=boss, at=AT)
    assert (caught.value.code, fresh(production).is_live) == ("same-person", False)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"cid": "", "apicode": ""}, "credentials"), ({"last_check_ok": None}, "Test the connection first"),
        ({"last_check_ok": False}, "Test the connection first"),
        ({"last_checked_at": AT - dt.timedelta(hours=25)}, "more than a day"), ({"name": "fi-test"}, "Only production"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way(creditor, boss, facts, word):
    fields = {"name": "fi-production", "last_checked_at": AT, "last_check_ok": True, **facts}
    environment = make_environment(creditor, **fields)
    with pytest.raises(CannotSwitch, match=word):
        operations.propose_live(environment=environment, reason="now", actor=boss, at=AT)
    assert not LiveSwitch.objects.exists()


def test_the_test_must_still_be_young_when_it_is_confirmed(production, proposal, user_as):
    with pytest.raises(CannotSwitch, match="more than a day"):
        operations.confirm_live(switch=proposal, actor=user_as("approver"), at=AT + 25 * HOUR)


def test_one_proposal_at_a_time_and_never_without_a_reason(production, proposal, boss, user_as):
    with pytest.raises(CannotSwitch, match="proposed already"):
        operations.propose_live(environment=production, reason="again", actor=boss, at=AT)
    operations.withdraw_live(switch=proposal, actor=boss, at=AT)
    with pytest.raises(CannotSwitch, match="settled"):
        operations.confirm_live(switch=proposal, actor=user_as("approver"), at=AT)
    with pytest.raises(CannotSwitch, match="settled"):
        operations.withdraw_live(switch=proposal, actor=boss, at=AT)
    with pytest.raises(CannotSwitch, match="Say why"):
        operations.propose_live(environment=production, reason=" ", actor=boss, at=AT)


def test_new_credentials_void_a_proposal(production, proposal, boss, user_as):
    operations.set_credentials(environment=production, cid="2000", apicode="x", actor=boss, at=AT)
    with pytest.raises(CannotSwitch):
        operations.confirm_live(switch=proposal, actor=user_as("approver"), at=AT)


def test_another_account_locks_production_and_a_new_code_does_not(production, boss):
    make_live(production)
    operations.set_credentials(environment=production, cid=production.cid, apicode="y", actor=boss, at=AT)
    assert fresh(production).is_live
    changed = operations.set_credentials(environment=production, cid="2000", apicode="y", actor=boss, at=AT)
    assert (changed.is_live, fresh(production).is_live) == (False, False)
    assert LiveSwitch.objects.get().ended_reason


def test_one_person_switches_off_at_once(production, boss):
    make_live(production)
    assert not operations.switch_off(
        environment=production, reason="wrong letters", actor=boss, at=AT
    ).is_live
    entry = Entry.objects.order_by("-sequence").first()
    assert (entry.verb, entry.reason, entry.before["is_live"]) == (
        "environment.locked",
        "wrong letters",
        True,
    )
    with pytest.raises(CannotSwitch):
        operations.switch_off(environment=production, reason="again", actor=boss, at=AT)


def test_live_again_needs_two_people_again(production, boss):
    make_live(production)
    operations.switch_off(environment=production, reason="pause", actor=boss, at=AT)
    refused("UPDATE accounts_creditorenvironment SET is_live = TRUE WHERE id = %s", production.pk)
    assert make_live(production).is_live


def test_plain_sql_does_not_open_production(production, proposal):
    refused("UPDATE accounts_creditorenvironment SET is_live = TRUE WHERE id = %s", production.pk)


def test_plain_sql_does_not_open_with_an_old_test(production, proposal, user_as):
    LiveSwitch.objects.update(confirmed_by=user_as("approver"), confirmed_at=AT + 25 * HOUR)
    refused("UPDATE accounts_creditorenvironment SET is_live = TRUE WHERE id = %s", production.pk)


def test_plain_sql_does_not_open_a_test_or_begin_open(creditor, environment):
    refused("UPDATE accounts_creditorenvironment SET is_live = TRUE WHERE id = %s", environment.pk)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        make_environment(creditor, "fi-production", is_live=True)


def test_plain_sql_does_not_confirm_for_the_proposer_or_a_stranger(proposal, boss, user_as):
    confirm = "UPDATE accounts_liveswitch SET confirmed_at = proposed_at, confirmed_by_id = %s WHERE id = %s"
    stranger = make_user("approver", make_creditor())
    for person in (boss, stranger, user_as("clerk")):
        refused(confirm, person.pk, proposal.pk)


@pytest.mark.parametrize("column", ["cid", "reason"])
def test_plain_sql_does_not_rewrite_a_proposal(proposal, column):
    refused(f"UPDATE accounts_liveswitch SET {column} = 'x' WHERE id = %s", proposal.pk)  # noqa: S608 (the names are written above)


def test_plain_sql_does_not_end_a_standing_switch_or_delete_one(production, boss):
    make_live(production)
    switch = LiveSwitch.objects.get()
    refused("UPDATE accounts_liveswitch SET ended_at = confirmed_at, ended_by_id = %s", boss.pk)
    refused("UPDATE accounts_liveswitch SET confirmed_by_id = %s", boss.pk)
    refused("DELETE FROM accounts_liveswitch WHERE id = %s", switch.pk)
    refused("UPDATE accounts_creditorenvironment SET cid = '77' WHERE id = %s", production.pk)


def test_plain_sql_does_not_insert_a_finished_switch(production, boss, user_as):
    facts = {
        "environment": production,
        "cid": production.cid,
        "reason": "x",
        "proposed_by": boss,
        "proposed_at": AT,
    }
    for extra in (
        {"confirmed_by": user_as("approver"), "confirmed_at": AT}, {"cid": "77"}, {"proposed_by": user_as("clerk")},
        {"environment": production.creditor.environments.get(name="sandbox")},
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
            LiveSwitch.objects.create(**facts | extra)


def test_an_environment_keeps_its_creditor_and_its_name(environment):
    refused("UPDATE accounts_creditorenvironment SET name = 'fi-production' WHERE id = %s", environment.pk)
    other = make_creditor()
    refused(
        "UPDATE accounts_creditorenvironment SET creditor_id = %s WHERE id = %s", other.pk, environment.pk
    )
