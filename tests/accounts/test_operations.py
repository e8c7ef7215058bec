"""What is done to creditors and members leaves exactly one line, and nothing of a secret."""

import pytest
from django.db import IntegrityError, transaction

from ropo_portal.accounts import operations
from ropo_portal.accounts.models import Creditor, CreditorEnvironment, Membership
from ropo_portal.history.models import Entry
from tests.factories import HOMES, make_creditor, make_environment, make_user

SECRET = "s3cr3t-of-ropo"


@pytest.fixture
def boss(user_as):
    return user_as("administrator")


def test_create_creditor_gives_it_a_sandbox_and_an_administrator(boss, at):
    values = {"name": "Pohjola Oy", "country": "FI", **HOMES["FI"], "is_active": False, "id": boss.pk}
    created = operations.create_creditor(values=values, actor=boss, at=at)
    entry = Entry.objects.get()
    assert created.is_active
    assert created.pk != boss.pk
    assert list(created.environments.values_list("name", "is_live")) == [("sandbox", False)]
    assert list(created.memberships.values_list("user", "role")) == [(boss.pk, "administrator")]
    assert (entry.verb, entry.creditor_id, entry.actor) == ("creditor.created", created.pk, boss)


def test_change_creditor_says_what_was_before_and_after(creditor, boss, at):
    operations.change_creditor(
        creditor=creditor, values={"city": "Turku", "is_active": False}, actor=boss, at=at
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.before, entry.after) == (
        "creditor.changed",
        {"city": "Helsinki"},
        {"city": "Turku"},
    )
    assert Creditor.objects.get().is_active


def test_no_change_leaves_no_entry(creditor, boss, at):
    operations.change_creditor(creditor=creditor, values={"city": creditor.city}, actor=boss, at=at)
    assert not Entry.objects.exists()


def test_a_creditor_with_environments_stays_in_its_country(creditor, boss, at):
    with pytest.raises(operations.CountryIsFixed):
        operations.change_creditor(creditor=creditor, values={"country": "SE"}, actor=boss, at=at)
    assert not Entry.objects.exists()


def test_add_environment(creditor, boss, at):
    environment = operations.add_environment(creditor=creditor, name="fi-production", actor=boss, at=at)
    assert (environment.is_live, environment.is_open) == (False, False)
    assert Entry.objects.get().after == {"name": "fi-production"}


@pytest.mark.parametrize("name", ["sandbox", "dk-test", "FI-TEST", "https://evil.example", ""])
def test_add_environment_refuses(creditor, boss, at, name):
    with pytest.raises(operations.CannotAddEnvironment):
        operations.add_environment(creditor=creditor, name=name, actor=boss, at=at)
    assert not Entry.objects.exists()


def test_set_credentials_forgets_the_last_test_and_tells_nothing_of_the_code(environment, boss, at):
    CreditorEnvironment.objects.update(last_check_ok=True, last_checked_at=at, cid="1000")
    operations.set_credentials(environment=environment, cid="2000", apicode=SECRET, actor=boss, at=at)
    environment.refresh_from_db()
    entry = Entry.objects.get()
    assert (environment.cid, environment.apicode, environment.last_check_ok) == ("2000", SECRET, None)
    assert (entry.verb, entry.before, entry.after) == (
        "environment.credentials_set", {"cid": "1000"}, {"cid": "2000"},
    )  # fmt: skip


@pytest.mark.parametrize("pair", [("", SECRET), ("1000", "")])
def test_set_credentials_needs_both(environment, boss, at, pair):
    with pytest.raises(operations.CannotSetCredentials):
        operations.set_credentials(environment=environment, cid=pair[0], apicode=pair[1], actor=boss, at=at)


def test_an_account_is_entered_once_for_each_host(environment, creditor, boss, at):
    stranger = make_environment(make_creditor())
    pair = {"apicode": SECRET, "actor": boss, "at": at}
    with pytest.raises(operations.AccountTaken) as caught:
        operations.set_credentials(environment=stranger, cid=environment.cid, **pair)
    assert (caught.value.field, caught.value.code) == ("cid", "account_taken")
    assert not Entry.objects.exists()
    operations.set_credentials(environment=environment, cid=environment.cid, **pair)
    another_host = make_environment(creditor, "fi-test")
    assert (
        operations.set_credentials(environment=another_host, cid=environment.cid, **pair).cid
        == environment.cid
    )


def test_the_database_refuses_an_account_twice(environment):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_environment(make_creditor(), cid=environment.cid)
    assert [make_environment(make_creditor(), cid="").cid for _ in range(2)] == ["", ""]


def test_grant_role_and_revoke_role(creditor, boss, at):
    user = make_user()
    membership = operations.grant_role(user=user, creditor=creditor, role="clerk", actor=boss, at=at)
    operations.grant_role(user=user, creditor=creditor, role="clerk", actor=boss, at=at)
    operations.revoke_role(membership=membership, actor=boss, at=at)
    told = [(entry.verb, entry.before, entry.after) for entry in Entry.objects.order_by("sequence")]
    assert told == [
        ("member.role_granted", {}, {"role": "clerk"}),
        ("member.role_revoked", {"role": "clerk"}, {}),
    ]
    assert not user.memberships.exists()


def test_an_unknown_role_is_no_role(creditor, boss, at):
    with pytest.raises(ValueError, match="emperor"):
        operations.grant_role(user=make_user(), creditor=creditor, role="emperor", actor=boss, at=at)


def test_nobody_changes_her_own_roles(creditor, boss, at):
    with pytest.raises(operations.CannotManageMember):
        operations.grant_role(user=boss, creditor=creditor, role="sender", actor=boss, at=at)
    with pytest.raises(operations.CannotManageMember):
        operations.revoke_role(membership=boss.memberships.get(), actor=boss, at=at)
    assert Membership.objects.count() == 1
    assert not Entry.objects.exists()


def test_environment_names_left(db):
    creditor = make_creditor("SE")
    make_environment(creditor, "se-test")
    assert creditor.environment_names_left() == [
        "sandbox", "se-production", "fi-test", "fi-production", "no-test", "no-production",
    ]  # fmt: skip
