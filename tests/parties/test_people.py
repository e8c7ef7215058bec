"""The people of a creditor: seen, invited, given another role, taken away; never oneself, never the last administrator."""

import re
import threading

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ropo_portal.accounts import factors, operations
from ropo_portal.accounts.models import Membership, User
from ropo_portal.accounts.operations import CannotManageMember
from ropo_portal.history.models import Entry
from tests import factories
from tests.accounts.second_steps import code, with_app

pytestmark = pytest.mark.django_db
NEW = {"email": "Uusi.Ihminen@example.com", "name": "Uusi Ihminen", "role": "sender"}
REASON = {"reason": "moved to another company"}


def url(name, row):
    return reverse(f"parties:{name}", args=[row.pk])


@pytest.fixture
def boss(signed_in):
    return signed_in("administrator")


@pytest.fixture
def member(creditor):
    return factories.make_user("clerk", creditor, name="Kaisa Kirjaaja").memberships.get()


def told() -> list[tuple]:
    return [(one.verb, one.before, one.after, one.reason) for one in Entry.objects.order_by("sequence")]


def test_the_list_shows_who_has_which_role(boss, creditor, member):
    page = boss.get(url("people", creditor)).content.decode()
    assert all(
        word in page for word in (member.user.name, member.user.email, "Clerk", boss.user.email, "not yet")
    )
    assert (url("person-role", member) in page, url("person-end", member) in page) == (True, True)
    own = boss.user.memberships.get()
    assert (url("person-role", own) in page, url("person-end", own) in page) == (False, False)
    assert url("people", creditor) in boss.get(url("creditor-detail", creditor)).content.decode()


def test_alone_she_is_asked_to_invite(boss, creditor):
    assert "Nobody else yet" in boss.get(url("people", creditor)).content.decode()


def test_people_of_other_creditors_are_not_seen(boss, creditor, member):
    stranger = factories.make_user("sender", factories.make_creditor(), name="Vieras Ihminen")
    Membership.objects.create(user=member.user, creditor=stranger.memberships.get().creditor, role="auditor")
    page = boss.get(url("people", creditor)).content.decode()
    assert (stranger.name in page, "Auditor" in page) == (False, False)
    for name in ("person-role", "person-end"):
        for row in (stranger.memberships.get(), member.user.memberships.get(role="auditor")):
            assert boss.get(url(name, row)).status_code == 404
            assert boss.post(url(name, row), {"role": "reader", **REASON}).status_code == 404
    foreign = stranger.memberships.get().creditor
    for name in ("people", "person-invite"):
        assert boss.get(url(name, foreign)).status_code == 404
    assert boss.post(url("person-invite", foreign), NEW).status_code == 404
    assert stranger.memberships.get().role == "sender"


@pytest.mark.parametrize("role", ["reader", "clerk", "sender", "approver", "auditor"])
def test_only_an_administrator(signed_in, creditor, member, role):
    browser = signed_in(role)
    assert browser.get(url("people", creditor)).status_code == 403
    assert browser.post(url("person-invite", creditor), NEW).status_code == 403
    assert browser.post(url("person-end", member), REASON).status_code == 403
    assert url("people", creditor) not in browser.get(url("creditor-detail", creditor)).content.decode()


def test_wrong_methods(boss, creditor, member):
    assert boss.post(url("people", creditor)).status_code == 405
    for name, row in (("person-invite", creditor), ("person-role", member), ("person-end", member)):
        assert boss.put(url(name, row)).status_code == 405


def test_three_people_cost_what_one_costs(boss, creditor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            boss.get(url("people", creditor))
        return len(queries)

    factories.make_user("clerk", creditor)
    one = cost()
    for _more in range(2):
        factories.make_user("sender", creditor)
    assert cost() == one


@pytest.mark.django_db(transaction=True)
def test_somebody_new_chooses_her_password_once(boss, creditor, mailoutbox):
    assert boss.get(url("person-invite", creditor)).status_code == 200
    answer = boss.post(url("person-invite", creditor), NEW)
    assert answer["Location"] == url("people", creditor)
    user = User.objects.get(email="uusi.ihminen@example.com")
    assert (user.has_usable_password(), user.memberships.get().role) == (False, "sender")
    assert told() == [("member.invited", {}, {"role": "sender"}, "")]
    (letter,) = mailoutbox
    assert (letter.to, creditor.name in letter.body, user.name in letter.body) == ([user.email], False, False)
    address = re.search(r"^(/account/password/reset/key/\S+)$", letter.body, re.MULTILINE)[1]
    browser = Client()
    page = browser.get(address, follow=True)
    password = "a long and quiet sentence"
    assert (
        browser.post(page.redirect_chain[-1][0], {"password1": password, "password2": password}).status_code
        == 302
    )
    assert (
        browser.post(reverse("account_login"), {"login": user.email, "password": password})["Location"] == "/"
    )
    assert browser.get(reverse("invoices:list")).status_code == 200
    assert "used already" in Client().get(address, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_who_came_too_late_asks_for_a_new_link(boss, creditor, mailoutbox, settings):
    boss.post(url("person-invite", creditor), NEW)
    settings.PASSWORD_RESET_TIMEOUT = -1
    address = re.search(r"^(/account/password/reset/key/\S+)$", mailoutbox[0].body, re.MULTILINE)[1]
    assert "too old" in Client().get(address, follow=True).content.decode()
    Client().post(reverse("account_reset_password"), {"email": NEW["email"].lower()})
    assert "/account/password/reset/key/" in mailoutbox[1].body


@pytest.mark.django_db(transaction=True)
def test_somebody_known_gets_the_role_and_keeps_her_name(boss, creditor, mailoutbox):
    known = factories.make_user("reader", factories.make_creditor(), name="Tuttu Ihminen")
    boss.post(url("person-invite", creditor), {**NEW, "email": known.email.upper()})
    known.refresh_from_db()
    assert (known.name, known.check_password(factories.PASSWORD)) == ("Tuttu Ihminen", True)
    assert known.memberships.get(creditor=creditor).role == "sender"
    assert "/account/password/reset/key/" not in mailoutbox[0].body
    assert User.objects.filter(email__iexact=known.email).count() == 1


@pytest.mark.parametrize("field", ["email", "name", "role"])
def test_an_invitation_that_lacks_something_keeps_what_was_typed(boss, creditor, field):
    answer = boss.post(url("person-invite", creditor), {**NEW, field: ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert all(value in answer.content.decode() for name, value in NEW.items() if name != field)
    assert not Entry.objects.exists()


def test_who_is_not_invited(boss, creditor, member, mailoutbox):
    closed = factories.make_user(is_active=False)
    cases = {
        boss.user.email: "Nobody changes her own roles",
        closed.email: "This account is closed",
        member.user.email: "has that role already",
        "nobody at all": "e-mail",
    }
    for email, words in cases.items():
        answer = boss.post(url("person-invite", creditor), {**NEW, "email": email, "role": "clerk"})
        assert (answer.status_code, words in answer.content.decode()) == (422, True), email
    assert (Membership.objects.count(), list(mailoutbox)) == (2, [])


def test_another_role_holds_at_once(boss, creditor, member):
    hers = Client()
    hers.force_login(member.user)
    assert hers.get(reverse("invoices:create")).status_code == 200
    assert boss.get(url("person-role", member)).status_code == 200
    assert boss.post(url("person-role", member), {"role": "reader"}).status_code == 303
    assert hers.get(reverse("invoices:create")).status_code == 403
    assert told() == [("member.role_changed", {"role": "clerk"}, {"role": "reader"}, "")]
    again = boss.post(url("person-role", member), {"role": "reader"})
    assert (again.status_code, "has that role already" in again.content.decode()) == (422, True)
    assert boss.post(url("person-role", member), {"role": "emperor"}).status_code == 422


def test_a_role_ends_with_a_reason(boss, creditor, member):
    assert boss.get(url("person-end", member)).status_code == 200
    assert boss.post(url("person-end", member), {"reason": " "}).status_code == 422
    assert boss.post(url("person-end", member), REASON).status_code == 303
    assert not member.user.memberships.exists()
    assert told() == [("member.role_revoked", {"role": "clerk"}, {}, REASON["reason"])]
    assert boss.post(url("person-end", member), REASON).status_code == 404


def test_nobody_changes_or_ends_her_own(boss, creditor):
    own = boss.user.memberships.get()
    factories.make_user("administrator", creditor)
    for name in ("person-role", "person-end"):
        answer = boss.post(url(name, own), {"role": "reader", **REASON})
        assert (answer.status_code, "Nobody changes her own roles" in answer.content.decode()) == (422, True)
    assert boss.user.memberships.get().role == "administrator"


def test_giving_roles_asks_for_the_second_step_again(boss, creditor, member, settings):
    cache.clear()
    settings.REQUIRE_SECOND_FACTOR = True
    with_app(boss.user)
    session = boss.session
    session.update({factors.SESSION_KEY: str(boss.user.pk), factors.TIME_KEY: 0})
    session.save()
    assert boss.get(url("people", creditor)).status_code == 200
    again = reverse("mfa_reauthenticate")
    for name, row in (("person-invite", creditor), ("person-role", member), ("person-end", member)):
        assert boss.get(url(name, row))["Location"].startswith(again)
    stopped = boss.post(url("person-invite", creditor), NEW)
    assert not User.objects.filter(email__iexact=NEW["email"]).exists()
    done = boss.post(stopped["Location"], {"code": code()})
    assert done["Location"] == url("people", creditor), "what was typed was kept"
    assert User.objects.filter(email__iexact=NEW["email"]).count() == 1
    assert boss.get(url("person-role", member)).status_code == 200


def test_an_invitation_asks_for_a_role_there_is(boss, creditor, at):
    wish = {**NEW, "creditor": creditor, "actor": boss.user, "at": at}
    with pytest.raises(ValueError, match="emperor"):
        operations.invite_person(**{**wish, "role": "emperor"})
    membership = operations.invite_person(**wish)
    assert (membership.role, membership.user.language) == ("sender", boss.user.language)


def test_the_last_administrator_stays(creditor, user_as, at):
    last, support = user_as("administrator").memberships.get(), factories.make_user()
    factories.make_user("administrator", creditor, is_active=False)  # a closed account gives nobody a role
    with pytest.raises(CannotManageMember, match="last administrator"):
        operations.revoke_role(membership=last, actor=support, at=at)
    with pytest.raises(CannotManageMember, match="last administrator"):
        operations.change_role(membership=last, role="reader", actor=support, at=at)
    assert not Entry.objects.exists()
    assert operations.is_last_administrator(last)
    user_as("administrator")
    assert not operations.is_last_administrator(last)
    operations.revoke_role(membership=last, actor=support, at=at)


def test_support_keeps_the_last_administrator_too(creditor, user_as):
    last, support = user_as("administrator").memberships.get(), Client()
    support.force_login(factories.make_user(is_staff=True, is_superuser=True))
    address = reverse("admin:accounts_membership_delete", args=[last.pk])
    assert support.post(address, {"post": "yes"}).status_code == 403
    assert Membership.objects.filter(pk=last.pk).exists()


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_leave_one(creditor, user_as, at):
    pair = [user_as("administrator") for _one in range(2)]
    start, refused = threading.Barrier(2), []

    def end(actor, other):
        membership = other.memberships.get()
        start.wait(timeout=10)
        try:
            operations.revoke_role(membership=membership, actor=actor, at=at)
        except CannotManageMember as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=end, args=case) for case in ((pair[0], pair[1]), (pair[1], pair[0]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert creditor.memberships.filter(role="administrator").count() == 1
    assert len(refused) == 1
