"""Screens of invoices: who may enter, what they say, and what they refuse."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import post_invoice
from tests.factories import AT, make_debtor, make_invoice, make_user
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
READ = ("detail", "fate", "draft", "preview")
WRITE = ("edit",)
ACTS = ("send-now", "withdraw", "discard", "copy", "fetch", "attach")


def address(name, *args):
    return reverse(f"invoices:{name}", args=args)


@pytest.fixture
def invoice(environment):
    return make_invoice(environment, make_debtor(environment.creditor, name="Aalto Oy", city="Turku"))


def test_every_page_opens(signed_in, invoice):
    browser = signed_in("sender")
    pages = ["list", "counters", "create"]
    addresses = [address(name) for name in pages]
    addresses += [address(name, invoice.debtor_id) for name in ("of-debtor", "debtor-card")]
    addresses += [address(name, invoice.pk) for name in ("detail", "fate", "draft", "edit", "send")]
    assert {url: browser.get(url).status_code for url in addresses} == dict.fromkeys(addresses, 200)


def test_strangers_are_sent_to_the_door(invoice):
    answer = Client().get(address("detail", invoice.pk))
    assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("name", [*READ, *WRITE, "send"])
def test_a_foreign_invoice_does_not_exist(signed_in, name):
    assert signed_in("sender").get(address(name, make_invoice().pk)).status_code == 404


@pytest.mark.parametrize("name", [*ACTS, "send"])
def test_a_foreign_invoice_takes_no_act(signed_in, environment, name):
    foreign = make_invoice()
    assert signed_in("sender").post(address(name, foreign.pk)).status_code in {403, 404}
    foreign.refresh_from_db()
    assert (foreign.revision, foreign.submission, foreign.discarded_at) == (1, None, None)


@pytest.mark.parametrize("name", ["detail", "edit", "send"])
def test_an_invented_id_is_not_found(signed_in, name):
    assert signed_in("sender").get(address(name, uuid.uuid4())).status_code == 404


@pytest.mark.parametrize(
    ("role", "name", "method"),
    [
        ("reader", "edit", "get"), ("reader", "send", "get"), ("clerk", "send", "post"), ("reader", "discard", "post"),
        ("reader", "copy", "post"), ("clerk", "withdraw", "post"), ("clerk", "send-now", "post"),
        ("reader", "attach", "post"), ("administrator", "draft", "get"), ("administrator", "fetch", "post"),
    ],
)  # fmt: skip
def test_the_wrong_role_is_turned_away(signed_in, invoice, role, name, method):
    assert getattr(signed_in(role), method)(address(name, invoice.pk)).status_code == 403


def test_readers_cannot_write_new_invoices(signed_in):
    assert signed_in("reader").get(address("create")).status_code == 403


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_done_by_looking(signed_in, invoice, name):
    assert signed_in("sender").get(address(name, invoice.pk)).status_code == 405


@pytest.mark.parametrize("name", [*READ, "list", "counters"])
def test_pages_for_reading_take_no_posts(signed_in, invoice, name):
    args = [invoice.pk] if name in READ else []
    assert signed_in("sender").post(address(name, *args)).status_code == 405


def test_lists_ask_as_often_for_three_as_for_one(
    signed_in, environment, django_assert_num_queries, django_assert_max_num_queries
):
    browser = signed_in("reader")
    make_invoice(environment)
    with django_assert_max_num_queries(12) as asked:
        browser.get(address("list"))
    make_invoice(environment)
    make_invoice(environment)
    with django_assert_num_queries(len(asked)):
        browser.get(address("list"))


def test_the_page_asks_as_often_for_many_rows(
    signed_in, environment, django_assert_num_queries, django_assert_max_num_queries
):
    browser = signed_in("reader")
    one = make_invoice(environment)
    many = make_invoice(environment, rows=InvoiceContent.of(one).rows * 30)
    with django_assert_max_num_queries(16) as asked:
        browser.get(address("detail", one.pk))
    with django_assert_num_queries(len(asked)):
        browser.get(address("detail", many.pk))


def numbers(answer):
    return [invoice.number for invoice in answer.context["page"].rows]


def test_search_asks_number_then_reference_then_debtor(signed_in, environment):
    browser = signed_in("reader")
    aino = make_debtor(environment.creditor, kind="person", name="Aino Mäkelä")
    make_invoice(environment, aino, number="77-1", reference="1234561")
    make_invoice(environment, number="88-1", reference="1232")
    asked = {
        "77": ["77-1"],
        "77-1 ": ["77-1"],
        "1234561": ["77-1"],
        "12345 61": ["77-1"],
        "mäkelä": ["77-1"],
        "zzz": [],
    }
    assert {q: numbers(browser.get(address("list"), {"q": q})) for q in asked} == asked


@pytest.mark.parametrize("text", ["%", "_", "'; --", "\\", "x" * 10_000, "\x00", "(a+)+$", "\u202e"])
def test_hostile_searches_find_nothing_and_break_nothing(signed_in, invoice, text):
    answer = signed_in("reader").get(address("list"), {"q": text})
    assert answer.status_code == 200


def test_filters_narrow_by_state_debtor_and_due_date(signed_in, environment, invoice):
    browser = signed_in("reader")
    posted = make_invoice(environment)
    post_invoice(invoice=posted, revision=1, actor=make_user(), at=AT)
    assert numbers(browser.get(address("list"), {"state": "draft"})) == [invoice.number]
    assert numbers(browser.get(address("list"), {"state": "queued"})) == [posted.number]
    assert numbers(browser.get(address("list"), {"debtor": invoice.debtor_id})) == [invoice.number]
    assert numbers(browser.get(address("list"), {"due_from": "8.12.2026"})) == []
    assert len(numbers(browser.get(address("list"), {"due_from": "7.12.2026", "due_to": "2026-12-07"}))) == 2
    assert "does not exist" in browser.get(address("list"), {"due_to": "30.2.2026"}).content.decode()


def test_a_page_of_fifty_leads_on(signed_in, environment):
    debtor = make_debtor(environment.creditor)
    for _ in range(52):
        make_invoice(environment, debtor, rows=())
    browser = signed_in("reader")
    first = browser.get(address("list")).context["page"]
    second = browser.get(address("list"), {"cursor": first.next}).context["page"]
    assert (len(first), len(second), second.next) == (50, 2, None)
    assert not {row.pk for row in first} & {row.pk for row in second}


def test_an_empty_list_leads_on(signed_in, environment):
    assert address("create") in signed_in("clerk").get(address("list")).content.decode()
    assert address("create") not in signed_in("reader").get(address("list")).content.decode()


def test_counters_count_and_sum(signed_in, environment, invoice):
    cards = signed_in("reader").get(address("counters")).context["cards"]
    assert [(card["number"].number, str(card["total"])) for card in cards][:2] == [(1, "125.50"), (0, "0")]


def test_gray_buttons_say_why(signed_in, invoice):
    settle(post_invoice(invoice=invoice, revision=1, actor=make_user(), at=AT), "accepted")
    shown = signed_in("sender").get(address("detail", invoice.pk)).content.decode()
    assert "a sent invoice is corrected by a credit note" in shown
    assert address("edit", invoice.pk) not in shown


def test_a_moving_invoice_asks_again_and_a_settled_one_is_silent(signed_in, invoice):
    browser = signed_in("reader")
    submission = post_invoice(invoice=invoice, revision=1, actor=make_user(), at=AT)
    assert b"hx-get" in browser.get(address("fate", invoice.pk)).content
    settle(submission, "accepted")
    assert b"hx-get" not in browser.get(address("fate", invoice.pk)).content


def test_a_sent_invoice_cannot_be_opened_for_writing(signed_in, invoice):
    post_invoice(invoice=invoice, revision=1, actor=make_user(), at=AT)
    answer = signed_in("sender").get(address("edit", invoice.pk))
    assert answer["Location"] == address("detail", invoice.pk)


def test_the_picture_is_drawn_from_an_unfinished_form(signed_in, environment, invoice):
    browser = signed_in("clerk")
    for data in (
        {},
        {"debtor": "x", "invoice_date": "nonsense", "rows-TOTAL_FORMS": "1"},
        {"invoice": str(invoice.pk)},
    ):
        answer = browser.post(address("draft-image"), data)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert answer.content.startswith(b"\x89PNG")


def test_a_picture_of_a_foreign_invoice_does_not_exist(signed_in, environment):
    assert (
        signed_in("clerk").post(address("draft-image"), {"invoice": str(make_invoice().pk)}).status_code
        == 404
    )


def test_the_draft_is_a_pdf(signed_in, invoice):
    answer = signed_in("reader").get(address("draft", invoice.pk))
    assert answer.content.startswith(b"%PDF-")
    assert invoice.debtor.name not in answer["Content-Disposition"]


def test_the_address_of_the_house_leads_to_today(signed_in, environment):
    assert signed_in("reader").get("/")["Location"] == reverse("worklist:today")


def test_support_reads_and_changes_nothing(admin_client, invoice):
    assert admin_client.get(reverse("admin:invoices_invoice_changelist")).status_code == 200
    there = reverse("admin:invoices_invoice_change", args=[invoice.pk])
    assert admin_client.get(there).status_code == 200
    assert admin_client.post(there, {"number": "x"}).status_code == 403
    assert Invoice.objects.get().number == invoice.number
