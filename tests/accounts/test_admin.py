"""Support looks, and changes only what operations change."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.models import Membership, User
from ropo_portal.history.models import Entry
from ropo_portal.history.operations import record
from tests.factories import make_user

pytestmark = pytest.mark.django_db
OURS = [
    "accounts_user",
    "accounts_creditor",
    "accounts_creditorenvironment",
    "accounts_membership",
    "history_entry",
]


@pytest.fixture
def support(db):
    browser = Client()
    browser.user = make_user(is_staff=True, is_superuser=True)
    browser.force_login(browser.user)
    return browser


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.mark.parametrize("name", OURS)
def test_lists_open(support, environment, name):
    assert support.get(url(f"{name}_changelist"), {"q": "x"}).status_code == 200


@pytest.mark.parametrize("name", OURS)
def test_staff_only(signed_in, name):
    assert signed_in("administrator").get(url(f"{name}_changelist")).status_code == 302


@pytest.mark.parametrize("name", ["accounts_creditor", "accounts_creditorenvironment", "history_entry"])
def test_what_operations_keep_is_only_read(support, creditor, environment, at, name):
    entry = record(verb="creditor.changed", subject=creditor, creditor_id=creditor.pk, actor=None, at=at)
    row = {
        "accounts_creditor": creditor,
        "accounts_creditorenvironment": environment,
        "history_entry": entry,
    }[name]
    page = support.get(url(f"{name}_change", row.pk))
    assert page.status_code == 200
    assert "secret-of-the-sandbox" not in page.content.decode()
    assert "apicode" not in page.content.decode()
    assert support.post(url(f"{name}_change", row.pk), {"name": "x"}).status_code == 403
    assert support.get(url(f"{name}_add")).status_code == 403
    assert support.post(url(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403


def test_roles_are_given_and_taken_by_operations(support, creditor):
    user = make_user()
    support.post(url("accounts_membership_add"), {"user": user.pk, "creditor": creditor.pk, "role": "clerk"})
    membership = Membership.objects.get(user=user)
    support.post(url("accounts_membership_delete", membership.pk), {"post": "yes"})
    assert list(Entry.objects.order_by("sequence").values_list("verb", flat=True)) == [
        "member.role_granted",
        "member.role_revoked",
    ]
    assert not Membership.objects.filter(user=user).exists()


def test_nobody_gives_herself_a_role(support, creditor):
    data = {"user": support.user.pk, "creditor": creditor.pk, "role": "sender"}
    page = support.post(url("accounts_membership_add"), data)
    assert page.status_code == 200
    assert not Membership.objects.exists()


def test_nobody_takes_a_role_from_herself(support, creditor):
    own = Membership.objects.create(user=support.user, creditor=creditor, role="clerk")
    assert support.post(url("accounts_membership_delete", own.pk), {"post": "yes"}).status_code == 403


def test_support_invites_a_user(support):
    password = {"password1": "correct horse battery", "password2": "correct horse battery"}
    data = {"email": "new@example.com", "name": "New", "usable_password": "true", **password}
    assert support.post(url("accounts_user_add"), data).status_code == 302
    assert User.objects.get(email="new@example.com").check_password(password["password1"])


def test_no_list_shows_a_secret():
    shown = {name for model, page in admin.site._registry.items() if model._meta.app_label == "accounts"
             for name in page.list_display}  # fmt: skip
    assert not shown & {"apicode", "password"}
