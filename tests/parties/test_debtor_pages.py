"""The pages of debtors: who gets in, what is shown, what is refused."""

import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.parties.models import Debtor
from tests.factories import make_debtor, make_environment, make_live

pytestmark = pytest.mark.django_db
NUMBER = "131052-308T"
HTMX = {"HX-Request": "true"}


def url(name, *args):
    return reverse(f"parties:debtor-{name}", args=args)


def text(page):
    return page.content.decode()


@pytest.fixture
def debtor(creditor):
    return make_debtor(creditor, kind="person", name="Anni Mäkelä")


@pytest.fixture
def foreign(stranger):
    return make_debtor(stranger, kind="person", name="Foreign Person")


PAGES = [
    ("list", 0, "reader"),
    ("options", 0, "reader"),
    ("create", 0, "clerk"),
    ("detail", 1, "reader"),
    ("edit", 1, "clerk"),
]


@pytest.mark.parametrize(("name", "has_id", "role"), PAGES)
def test_pages_open(signed_in, debtor, name, has_id, role):
    page = signed_in(role).get(url(name, *([debtor.pk] * has_id)))
    assert page.status_code == 200
    assert NUMBER not in text(page)


@pytest.mark.parametrize(("name", "has_id", "role"), [*PAGES, ("reveal", 1, "clerk")])
def test_strangers_are_sent_to_the_door(debtor, name, has_id, role):
    page = Client().get(url(name, *([debtor.pk] * has_id)))
    assert page.status_code == 302
    assert page["Location"].startswith("/account/login/")


@pytest.mark.parametrize("role", ["reader", "approver", "administrator", "auditor"])
@pytest.mark.parametrize("name", ["create", "edit"])
def test_only_those_who_write_edit(signed_in, debtor, name, role):
    address = url(name, *([debtor.pk] if name == "edit" else []))
    browser = signed_in(role)
    assert [browser.get(address).status_code, browser.post(address).status_code] == [403, 403]


@pytest.mark.parametrize("name", ["detail", "edit"])
@pytest.mark.parametrize("pk", ["foreign", "unknown"])
def test_foreign_debtors_do_not_exist(signed_in, foreign, name, pk):
    wanted = foreign.pk if pk == "foreign" else uuid.uuid4()
    assert signed_in("clerk").get(url(name, wanted)).status_code == 404
    assert signed_in("clerk").post(url("reveal", wanted), {"reason": "curious me"}).status_code == 404
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("name", "has_id", "method"),
    [("list", 0, "post"), ("options", 0, "post"), ("detail", 1, "post"), ("reveal", 1, "get"), ("create", 0, "put"),
     ("edit", 1, "delete")],
)  # fmt: skip
def test_wrong_methods(signed_in, debtor, name, has_id, method):
    assert getattr(signed_in("clerk"), method)(url(name, *([debtor.pk] * has_id))).status_code == 405


def test_the_list_shows_own_debtors_with_masked_ids(signed_in, debtor, foreign):
    page = text(signed_in("reader").get(url("list")))
    assert "Anni Mäkelä" in page
    assert "•••••••308T" in page
    assert "Foreign Person" not in page


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, creditor):
    browser, costs = signed_in("reader"), []
    for number in (1, 2):
        for _ in range(number):
            make_debtor(creditor)
        with CaptureQueriesContext(connection) as queries:
            browser.get(url("list"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 10


def test_the_list_is_searched_and_filtered_as_a_fragment(signed_in, creditor, debtor):
    make_debtor(creditor, name="Aalto Oy")
    browser = signed_in("reader")
    page = browser.get(url("list"), {"q": "aalto"}, headers=HTMX)
    assert "<html" not in text(page)
    assert ("Aalto Oy" in text(page), "Mäkelä" in text(page)) == (True, False)
    assert "Aalto" not in text(browser.get(url("list"), {"kind": "person"}))
    assert browser.get(url("list"), {"kind": "ghost", "cursor": "broken"}).status_code == 200


def test_a_search_by_identity_code_leaves_no_address_behind(signed_in, debtor):
    browser = signed_in("reader")
    assert browser.get(url("list"), {"q": NUMBER}, headers=HTMX)["HX-Push-Url"] == "false"
    assert "HX-Push-Url" not in browser.get(url("list"), {"q": "anni"}, headers=HTMX)


def test_the_list_pages_on(signed_in, creditor):
    for number in range(51):
        make_debtor(creditor, name=f"Debtor {number:02}")
    browser = signed_in("reader")
    first = browser.get(url("list")).context["page"]
    second = browser.get(url("list"), {"cursor": first.next}).context["page"]
    assert [len(first), len(second)] == [50, 1]


def test_suggestions_come_as_a_fragment_and_as_json(signed_in, creditor, debtor, foreign):
    browser = signed_in("clerk")
    assert "Anni Mäkelä" in text(browser.get(url("options"), {"q": "mäk"}))
    answer = json.loads(
        browser.get(url("options"), {"q": "e"}, headers={"Accept": "application/json"}).content
    )
    assert answer == {
        "options": [{"value": str(debtor.pk), "label": "Anni Mäkelä", "hint": "•••••••308T · Helsinki"}],
    }
    for number in range(20):
        make_debtor(creditor, name=f"Oy {number}")
    answer = browser.get(url("options"), {"q": "oy"}, headers={"Accept": "application/json"}).json()
    assert len(answer["options"]) == 12


def test_create(signed_in, creditor, company, stranger):
    browser = signed_in("clerk")
    hidden = {"creditor": stranger.pk, "creditor_id": stranger.pk, "id": uuid.uuid4(), "search_name": "x",
              "national_id_hash": "x", "revision": 7, "created_at": "1999-01-01"}  # fmt: skip
    page = browser.post(url("create"), {**company, **hidden})
    debtor = Debtor.objects.get()
    assert (page.status_code, page["Location"]) == (303, url("detail", debtor.pk))
    assert (debtor.creditor, debtor.revision, debtor.search_name) == (creditor, 1, "aalto rakennus oy")
    assert Entry.objects.get().actor == browser.user


def test_an_invalid_form_comes_back(signed_in, company):
    page = signed_in("clerk").post(url("create"), {**company, "postcode": "1"})
    assert page.status_code == 422
    assert "five digits" in text(page)
    assert not Debtor.objects.exists()


def test_hostile_names_are_shown_as_text(signed_in, company):
    browser = signed_in("clerk")
    name = "<script>alert(1)</script>{{ 7|add:7 }}"
    page = browser.post(
        url("create"), {**company, "name": name, "street": '"><img src=x onerror=alert(1)>'}, follow=True
    )
    for shown in (text(page), text(browser.get(url("list"))), text(browser.get(url("options")))):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in text(page)


def test_doubles_are_asked_about_once(signed_in, creditor, company, foreign):
    there = make_debtor(creditor, name="Aalto", business_id=company["business_id"])
    browser = signed_in("clerk")
    asked = browser.post(url("create"), company)
    assert asked.status_code == 422
    assert url("detail", there.pk) in text(asked)
    assert "save_anyway" in text(asked)
    assert browser.post(url("create"), {**company, "save_anyway": "1"}).status_code == 303
    assert Debtor.objects.filter(creditor=creditor).count() == 2


def test_doubles_of_other_creditors_are_not_betrayed(signed_in, company, stranger):
    make_debtor(stranger, business_id=company["business_id"])
    assert signed_in("clerk").post(url("create"), company).status_code == 303


def test_create_in_a_panel(signed_in, company):
    browser = signed_in("clerk")
    form = browser.get(url("create"), {"panel": "1", "name": "Aalto <b>"}, headers=HTMX)
    assert "<html" not in text(form)
    assert "Aalto &lt;b&gt;" in text(form)
    refused = browser.post(f"{url('create')}?panel=1", {**company, "name": ""}, headers=HTMX)
    assert (refused.status_code, "<html" in text(refused)) == (422, False)
    done = browser.post(f"{url('create')}?panel=1", company, headers=HTMX)
    debtor = Debtor.objects.get()
    assert json.loads(done["HX-Trigger"]) == {"debtor-created": {"id": str(debtor.pk), "label": debtor.name}}


def test_artificial_codes_are_refused_once_production_is_live(signed_in, creditor, person):
    person["national_id"] = "010594Y9032"
    browser = signed_in("clerk")
    assert browser.post(url("create"), person).status_code == 303
    make_live(make_environment(creditor, "fi-production"))
    refused = browser.post(url("create"), {**person, "save_anyway": "1"})
    assert refused.status_code == 422
    assert "not accepted here" in text(refused)


def test_a_taken_customer_number_is_said_at_its_field(signed_in, creditor, company):
    make_debtor(creditor, customer_number="7")
    page = signed_in("clerk").post(url("create"), {**company, "customer_number": "7"})
    assert page.status_code == 422
    assert "Another debtor has this customer number" in str(page.context["form"].errors["customer_number"])


def test_edit_keeps_what_was_not_typed_and_shows_no_code(signed_in, debtor, person):
    browser = signed_in("clerk")
    page = browser.get(url("edit", debtor.pk))
    assert NUMBER not in text(page)
    data = {
        **person,
        "national_id": "",
        "city": "Oulu",
        "revision": 1,
        "creditor": uuid.uuid4(),
        "save_anyway": "1",
    }
    assert browser.post(url("edit", debtor.pk), data).status_code == 303
    debtor.refresh_from_db()
    assert (debtor.city, debtor.national_id, debtor.revision) == ("Oulu", NUMBER, 2)


def test_an_overtaken_edit_shows_what_was_changed_and_may_be_saved_again(signed_in, debtor, person):
    browser, faster = signed_in("clerk"), signed_in("sender")
    data = {**person, "national_id": "", "revision": 1, "save_anyway": "1"}
    faster.post(url("edit", debtor.pk), {**data, "city": "Vaasa"})
    refused = browser.post(url("edit", debtor.pk), {**data, "city": "Oulu"})
    assert refused.status_code == 422
    assert faster.user.name in text(refused)
    assert "Vaasa" in text(refused)
    again = {**data, "city": "Oulu", "revision": refused.context["form"]["revision"].value()}
    assert browser.post(url("edit", debtor.pk), again).status_code == 303
    assert Debtor.objects.get(pk=debtor.pk).city == "Oulu"


@pytest.mark.parametrize("revision", ["", "abc", "9" * 40])
def test_a_form_without_its_revision_changes_nothing(signed_in, debtor, person, revision):
    data = {**person, "national_id": "", "city": "Oulu", "revision": revision, "save_anyway": "1"}
    assert signed_in("clerk").post(url("edit", debtor.pk), data).status_code == 422
    assert Debtor.objects.get().city == "Helsinki"


@pytest.mark.parametrize("role", ["clerk", "sender", "approver"])
def test_reveal(signed_in, debtor, role):
    browser = signed_in(role)
    page = browser.post(url("reveal", debtor.pk), {"reason": "A phone call"}, headers=HTMX)
    assert page.status_code == 200
    assert NUMBER in text(page)
    assert "no-store" in page["Cache-Control"]
    entry = Entry.objects.get()
    assert (entry.actor, entry.reason, entry.address) == (browser.user, "A phone call", "127.0.0.1")
    assert NUMBER not in text(browser.get(url("detail", debtor.pk)))


@pytest.mark.parametrize("role", ["reader", "administrator", "auditor"])
def test_reveal_is_not_for_everybody(signed_in, debtor, role):
    browser = signed_in(role)
    page = browser.post(url("reveal", debtor.pk), {"reason": "A phone call"})
    assert page.status_code == 403
    assert "national-id" not in text(browser.get(url("detail", debtor.pk)))
    assert not Entry.objects.exists()


def test_reveal_without_a_reason(signed_in, debtor):
    page = signed_in("clerk").post(url("reveal", debtor.pk), {"reason": " "}, headers=HTMX)
    assert page.status_code == 422
    assert NUMBER not in text(page)


def test_reveal_works_without_script(signed_in, debtor):
    page = signed_in("clerk").post(url("reveal", debtor.pk), {"reason": "A phone call"})
    assert "<html" in text(page)
    assert NUMBER in text(page)


def test_the_title_names_nobody(signed_in, debtor):
    title = (
        text(signed_in("reader").get(url("detail", debtor.pk)))
        .partition("<title>")[2]
        .partition("</title>")[0]
    )
    assert "Anni" not in title


def test_enter_in_a_field_never_saves_a_double(signed_in, creditor, company):
    """A browser presses the first button of a form when Enter is pressed in one of its fields."""
    make_debtor(creditor, business_id=company["business_id"])
    browser = signed_in("clerk")
    for address in (url("create"), f"{url('create')}?panel=1"):
        page = text(browser.post(address, company))
        buttons = [part.partition(">")[0] for part in page[page.index("form-bar") :].split("<button")[1:]]
        assert "save_anyway" not in buttons[0]
        assert "save_anyway" in "".join(buttons)
