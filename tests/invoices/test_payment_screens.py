"""Screens of payments and credits: who may enter, what they say, and what they refuse."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from ropo_portal.invoices.creditable import RowCredit
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote
from ropo_portal.invoices.operations import note_allocation, take_in_reports
from ropo_portal.submissions.models import Submission
from tests.collection.conftest import make_sent_invoice
from tests.factories import AT, make_environment, make_invoice, make_user
from tests.invoices.money import PAID, credit, credited, noted, own_claim, pursued, sent, told

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"invoices:{name}", args=args)


@pytest.fixture
def claim(environment):
    return pursued(environment)


@pytest.fixture
def invoice(environment):
    return make_sent_invoice(environment)


def allocation(claim):
    return note_allocation(
        claim=claim, amount=Decimal(10), date=AT.date(), credit_note_number="H-1", actor=make_user(), at=AT
    )


PAGES = ("payment-new", "payment", "credit-new", "credit-note", "credit-place", "credit", "claim-money")
ACTS = (
    "register-now", "payment-of-invoice", "payment-send", "payment-confirm", "payment-withdraw", "credit-note-send",
    "credit-note-withdraw", "credit-send", "credit-withdraw",
)  # fmt: skip


def subject(name, environment):
    """Make what a page is about."""
    if name in {"credit-new", "payment-of-invoice"}:
        return make_sent_invoice(environment)
    if name.startswith("credit-note"):
        return credit(make_sent_invoice(environment))
    claim = pursued(environment)
    if name in {"payment-new", "credit-place", "claim-money", "register-now"}:
        return claim
    return noted(claim) if name.startswith("payment") else allocation(claim)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(signed_in, environment, name):
    answer = signed_in("sender").get(address(name, subject(name, environment).pk))
    assert answer.status_code == 200


def test_the_list_opens_for_readers(signed_in, claim):
    shown = signed_in("reader").get(address("payments")).content.decode()
    assert claim.number in shown
    assert address("payment-new", claim.pk) not in shown


def test_strangers_are_sent_to_the_door(claim):
    assert Client().get(address("payments")).status_code == 302


@pytest.mark.parametrize("name", [*PAGES, *ACTS])
def test_what_is_foreign_does_not_exist(signed_in, environment, name):
    foreign = subject(name, make_environment())
    browser = signed_in("approver" if name == "payment-confirm" else "sender")
    way = browser.get if name in PAGES else browser.post
    assert way(address(name, foreign.pk)).status_code == 404
    assert way(address(name, uuid.uuid4())).status_code == 404


@pytest.mark.parametrize(
    ("role", "name"),
    [
        *[("reader", name) for name in ("payment-new", "credit-new", "credit-place", *ACTS)],
        *[("clerk", name) for name in ("payment-send", "credit-send", "credit-note-send", "register-now")],
        ("sender", "payment-confirm"), ("approver", "payment-send"),
    ],
)  # fmt: skip
def test_the_wrong_role_is_turned_away(signed_in, environment, role, name):
    assert signed_in(role).post(address(name, subject(name, environment).pk)).status_code == 403
    assert not Submission.objects.filter(
        kind__in=["bypass-payment", "credit-allocation", "credit-note"]
    ).exists()


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_done_by_looking(signed_in, environment, name):
    browser = signed_in("approver" if name == "payment-confirm" else "sender")
    assert browser.get(address(name, subject(name, environment).pk)).status_code == 405


@pytest.mark.parametrize("name", ["payments", "payment", "credit", "credit-note", "claim-money"])
def test_pages_for_reading_take_no_posts(signed_in, environment, name):
    args = [] if name == "payments" else [subject(name, environment).pk]
    assert signed_in("sender").post(address(name, *args)).status_code == 405


def test_lists_ask_as_often_for_three_as_for_one(
    signed_in, environment, django_assert_num_queries, django_assert_max_num_queries
):
    browser = signed_in("reader")
    pursued(environment)
    with django_assert_max_num_queries(14) as asked:
        browser.get(address("payments"))
    for number, reference in (("X-18", "1245"), ("X-19", "1258")):
        pursued(environment, number=number, reference=reference, job=f"77{number[-2:]}")
    with django_assert_num_queries(len(asked)):
        assert len(browser.get(address("payments")).context["claims"]) == 3


def test_a_pasted_reference_leads_to_the_form_with_the_open_sum(signed_in, claim):
    sent(claim, "50.00", state="accepted")
    browser = signed_in("sender")
    answer = browser.get(address("payments"), {"q": " 12 32 "})
    assert answer["Location"] == address("payment-new", claim.pk)
    assert 'value="200.00"' in browser.get(answer["Location"]).content.decode()
    answer = browser.get(address("payments"), {"q": "200.00"})
    assert list(answer.context["claims"]) == [claim]
    assert list(browser.get(address("payments"), {"q": "zzz"}).context["claims"]) == []


def fill(**changes):
    form = {"amount": "100.00", "paid_date": PAID.isoformat(), "kind": "directpayment"}
    return form | {"description": ""} | changes


def test_a_sender_registers_at_once_and_a_clerk_writes_down(signed_in, claim):
    answer = signed_in("clerk").post(address("payment-new", claim.pk), fill(amount="10"))
    payment = BypassPayment.objects.get()
    assert (answer.status_code, payment.state) == (303, "draft")
    browser = signed_in("sender")
    browser.post(address("payment-send", payment.pk))
    payment.refresh_from_db()
    assert payment.state == "queued"
    browser.post(address("payment-withdraw", payment.pk))
    browser.post(address("payment-new", claim.pk), fill())
    assert BypassPayment.objects.latest("pk").state == "queued"


def test_too_much_is_refused_at_the_field(signed_in, claim):
    answer = signed_in("sender").post(address("payment-new", claim.pk), fill(amount="300"))
    assert answer.status_code == 422
    assert "50.00" in str(answer.context["form"].errors["amount"])


def test_a_twin_waits_for_an_approver(signed_in, claim):
    sent(claim, state="accepted")
    signed_in("sender").post(address("payment-new", claim.pk), fill())
    twin = BypassPayment.objects.get(is_twin=True)
    assert twin.state == "draft"
    signed_in("approver").post(address("payment-confirm", twin.pk))
    twin.refresh_from_db()
    assert twin.state == "queued"


def test_a_payment_of_an_invoice_of_ours_makes_its_claim(signed_in, invoice):
    browser = signed_in("sender")
    shown = browser.get(address("detail", invoice.pk)).content.decode()
    assert address("payment-of-invoice", invoice.pk) in shown
    assert address("credit-new", invoice.pk) in shown
    answer = browser.post(address("payment-of-invoice", invoice.pk))
    assert answer["Location"] == address("payment-new", Claim.objects.get().pk)


def test_a_draft_makes_no_claim(signed_in, environment):
    draft = make_invoice(environment)
    answer = signed_in("sender").post(address("payment-of-invoice", draft.pk))
    assert answer["Location"] == address("detail", draft.pk)
    assert signed_in("sender").get(address("credit-new", draft.pk))["Location"] == address("detail", draft.pk)
    assert not Claim.objects.exists()


def compose(page, **changes):
    sheet = page.context["sheet"]
    form = {"reason": "Wrong price", "date": "2026-11-20", "is_placed": "on"}
    for row in sheet.rows:
        form |= {row.add_prefix(name): str(row[name].value()) for name in row.fields}
    return {name: value for name, value in (form | changes).items() if value is not None}


def test_the_composer_opens_with_the_rows_and_writes(signed_in, invoice):
    browser = signed_in("sender")
    url = address("credit-new", invoice.pk)
    page = browser.get(url)
    assert not Claim.objects.exists()
    assert browser.post(url, compose(page, reason="")).status_code == 422
    grown = browser.post(url, compose(page, **{"rows-0-quantity": "2"}))
    assert grown.context["sheet"].rows[0].errors
    answer = browser.post(url, compose(page, **{"rows-0-quantity": "0.5"}))
    note = CreditNote.objects.get()
    assert answer["Location"] == address("credit-note", note.pk)
    assert note.total_amount == Decimal("62.75")
    browser.post(address("credit-note-send", note.pk))
    note.refresh_from_db()
    assert note.state == "queued"
    browser.post(address("credit-note-withdraw", note.pk))
    note.refresh_from_db()
    assert note.state == "cancelled"


def test_a_credit_is_placed_by_its_form(signed_in, claim):
    form = {"credit_note_number": "H-1", "amount": "40", "date": "2026-11-20", "kind": "allocated"}
    browser = signed_in("sender")
    url = address("credit-place", claim.pk)
    assert browser.post(url, form | {"credit_note_number": ""}).status_code == 422
    browser.post(url, form)
    found = CreditAllocation.objects.get()
    assert found.state == "queued"
    browser.post(address("credit-withdraw", found.pk))
    browser.post(address("credit-send", found.pk))
    found.refresh_from_db()
    assert found.state == "cancelled"


def test_the_money_of_a_claim_on_one_panel(signed_in, environment):
    claim = own_claim(environment)
    part = [RowCredit(row.pk, row.quantity / 4, row.unit_price) for row in claim.invoice.rows.all()]
    credited(claim.invoice, part)
    sent(claim, "25.50", state="accepted")
    shown = signed_in("reader").get(address("claim-money", claim.pk)).content.decode()
    assert 'id="claim-money"' in shown
    assert "68.62" in shown
    assert address("payment-new", claim.pk) not in shown


def test_an_overpaid_claim_says_so(signed_in, claim):
    told(claim, "300.00")
    take_in_reports(at=AT)
    assert "Overpaid" in signed_in("reader").get(address("claim-money", claim.pk)).content.decode()
    assert Claim.objects.get().overpaid_amount == Decimal("50.00")


def test_an_amount_above_what_is_open_is_told_beside_a_wrong_day(signed_in, claim):
    posted = {"amount": "999999", "paid_date": "31.2.2026", "kind": BypassPayment.Kind.DIRECT}
    answer = signed_in("sender").post(address("payment-new", claim.pk), posted)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"amount", "paid_date"})
    assert not BypassPayment.objects.exists()
