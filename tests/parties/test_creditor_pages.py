"""The pages of creditors: facts for readers, changes for administrators, credentials for nobody's eyes."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.history.models import Entry
from tests.factories import make_creditor, make_environment, make_user

pytestmark = pytest.mark.django_db
SECRET = "s3cr3t-of-ropo-4711"
CREDITOR_PAGES = ["creditor-detail", "creditor-edit", "environment-add"]


def url(name, *args):
    return reverse(f"parties:{name}", args=args)


def text(page):
    return page.content.decode()


def test_pages_open_for_administrators(signed_in, creditor, environment):
    browser = signed_in("administrator")
    pages = [browser.get(url(name)) for name in ("creditor-list", "creditor-create")]
    pages += [browser.get(url(name, creditor.pk)) for name in CREDITOR_PAGES]
    pages.append(browser.get(url("environment-credentials", environment.pk)))
    assert {page.status_code for page in pages} == {200}
    assert all("secret-of-the-sandbox" not in text(page) for page in pages)


@pytest.mark.parametrize("role", ["reader", "clerk", "sender", "approver", "auditor"])
def test_others_only_look(signed_in, creditor, environment, role):
    browser = signed_in(role)
    assert browser.get(url("creditor-list")).status_code == 200
    page = browser.get(url("creditor-detail", creditor.pk))
    assert creditor.business_id in text(page)
    assert "credentials" not in text(page).replace("Credentials", "")
    closed = [url("creditor-create"), url("creditor-edit", creditor.pk), url("environment-add", creditor.pk),
              url("environment-credentials", environment.pk)]  # fmt: skip
    assert {(browser.get(one).status_code, browser.post(one).status_code) for one in closed} == {(403, 403)}


def test_foreign_creditors_do_not_exist(signed_in, stranger):
    browser = signed_in("administrator")
    addresses = [url(name, stranger.pk) for name in CREDITOR_PAGES]
    addresses.append(url("environment-credentials", stranger.environments.get().pk))
    addresses += [url(name, uuid.uuid4()) for name in CREDITOR_PAGES]
    assert {browser.get(address).status_code for address in addresses} == {404}
    posted = browser.post(addresses[3], {"cid": "1", "apicode": SECRET})
    assert posted.status_code == 404
    assert "Foreign Oy" not in text(browser.get(url("creditor-list")))


def test_an_administrator_elsewhere_is_a_reader_here(creditor, stranger):
    user = make_user("administrator", stranger)
    user.memberships.create(creditor=creditor, role="reader")
    browser = Client()
    browser.force_login(user)
    assert browser.get(url("creditor-detail", creditor.pk)).status_code == 200
    assert browser.get(url("creditor-edit", creditor.pk)).status_code == 403


@pytest.mark.parametrize("name", ["creditor-list", "creditor-create"])
def test_strangers_are_sent_to_the_door(db, name):
    assert Client().get(url(name)).status_code == 302


def test_wrong_methods(signed_in, creditor):
    browser = signed_in("administrator")
    assert browser.post(url("creditor-list")).status_code == 405
    assert browser.post(url("creditor-detail", creditor.pk)).status_code == 405
    assert browser.put(url("creditor-edit", creditor.pk)).status_code == 405


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, creditor):
    browser, costs = signed_in("reader"), []
    for number in (0, 2):
        for _ in range(number):
            other = make_creditor()
            make_environment(other)
            browser.user.memberships.create(creditor=other, role="reader")
        with CaptureQueriesContext(connection) as queries:
            browser.get(url("creditor-list"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


def test_create(signed_in, creditor_form):
    browser = signed_in("administrator")
    hidden = {"is_active": "", "hold_seconds": "0", "id": uuid.uuid4()}
    page = browser.post(url("creditor-create"), {**creditor_form, **hidden})
    created = Creditor.objects.get(name="Pohjolan Lämpö Oy")
    assert (page.status_code, page["Location"]) == (303, url("creditor-detail", created.pk))
    assert (created.is_active, created.hold_seconds) == (True, 600)
    assert [found.name for found in created.environments.all()] == ["sandbox"]
    assert browser.get(page["Location"]).status_code == 200


def test_an_invalid_form_comes_back(signed_in, creditor, creditor_form):
    browser = signed_in("administrator")
    page = browser.post(url("creditor-edit", creditor.pk), {**creditor_form, "iban": "FI00"})
    assert page.status_code == 422
    assert not Entry.objects.exists()


def test_edit(signed_in, creditor, creditor_form):
    page = signed_in("administrator").post(
        url("creditor-edit", creditor.pk), {**creditor_form, "country": "SE"}
    )
    creditor.refresh_from_db()
    assert page.status_code == 303
    assert (creditor.name, creditor.country) == ("Pohjolan Lämpö Oy", "FI")
    assert Entry.objects.get().verb == "creditor.changed"


def test_add_an_environment_and_set_its_credentials(signed_in, creditor):
    browser = signed_in("administrator")
    data = {"name": "fi-production", "is_live": "on", "url": "https://evil.example"}
    page = browser.post(url("environment-add", creditor.pk), data)
    environment = CreditorEnvironment.objects.get(name="fi-production")
    assert page["Location"] == url("environment-credentials", environment.pk)
    stored = browser.post(
        page["Location"], {"cid": "1000", "apicode": f" {SECRET} ", "is_live": "on"}, follow=True
    )
    environment.refresh_from_db()
    assert (environment.cid, environment.apicode, environment.is_live) == ("1000", SECRET, False)
    assert SECRET not in text(stored)
    assert "Not switched live" in text(stored)
    told = str(list(Entry.objects.values_list("before", "after", "subject_label", "reason")))
    assert (SECRET in told, SECRET[-4:] in told) == (False, False)


@pytest.mark.parametrize("code", ["two words-4711", "line\nbreak-4711"])
def test_bad_credentials_are_refused_without_echo(signed_in, environment, code):
    page = signed_in("administrator").post(
        url("environment-credentials", environment.pk), {"cid": "1000", "apicode": code}
    )
    assert page.status_code == 422
    assert "4711" not in text(page)


def test_one_account_is_not_entered_for_two_creditors(signed_in, environment):
    other = make_environment(make_creditor())
    page = signed_in("administrator").post(
        url("environment-credentials", environment.pk), {"cid": other.cid, "apicode": SECRET}
    )
    assert page.status_code == 422
    assert "An account at Ropo One can be entered once only" in text(page)
    assert other.creditor.name not in text(page)


def test_credentials_are_sealed_in_the_database(environment):
    with connection.cursor() as cursor:
        cursor.execute("SELECT apicode FROM accounts_creditorenvironment")
        assert "secret" not in cursor.fetchone()[0]


def test_hostile_names_are_shown_as_text(signed_in, creditor):
    Creditor.objects.filter(pk=creditor.pk).update(name="<script>alert(1)</script>")
    browser = signed_in("administrator")
    for address in (
        url("creditor-list"),
        url("creditor-detail", creditor.pk),
        url("creditor-edit", creditor.pk),
    ):
        assert "<script>alert" not in text(browser.get(address))
