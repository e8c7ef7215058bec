"""A total far above what is usual is a doubt: at one invoice, and by cause in a batch; it blocks nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from ropo_portal.invoices.content import RowContent
from ropo_portal.invoices.doubts import doubts
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import confirm_doubts, create_invoice, post_invoice
from tests.factories import AT, make_content, make_debtor, make_invoice, make_user
from tests.invoices.batching import checked
from tests.invoices.money import somebody
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
TODAY = AT.date()
DAY = dt.timedelta(days=1)


def rows(net):
    return (RowContent("Nuohous", Decimal(net), Decimal(0)),)


def sent(environment, debtor, net, *, days=30, state="accepted"):
    """Let Ropo have an invoice of that total."""
    day = TODAY - 5 * DAY
    content = make_content(debtor, rows=rows(net), invoice_date=day, due_date=day + 30 * DAY)
    who = {"actor": somebody(), "at": AT}
    invoice = create_invoice(environment=environment, content=content, **who)
    settle(post_invoice(invoice=invoice, revision=1, **who), state)
    Invoice.objects.filter(pk=invoice.pk).update(invoice_date=TODAY - days * DAY)


def found(environment, debtor, net):
    content = make_content(debtor, rows=rows(net))
    told = doubts(content, environment=environment, today=TODAY)
    return [one.message.replace("\N{NO-BREAK SPACE}", " ") for one in told if one.code == "unusual_amount"]


@pytest.fixture
def regular(environment):
    """A debtor who got five invoices of about a hundred."""
    debtor = make_debtor(environment.creditor)
    for net in (80, 90, 100, 110, 3000):
        sent(environment, debtor, net)
    return debtor


@pytest.mark.parametrize(("net", "is_odd"), [("1000", False), ("1000.01", True), ("1", False)])
def test_ten_times_the_debtors_median(environment, regular, net, is_odd):
    assert bool(found(environment, regular, net)) == is_odd


def test_the_sentence_says_what_is_usual(environment, regular):
    [said] = found(environment, regular, "20000")
    assert said == ("The total of 20 000.00 € is far above what this debtor usually gets, about 100.00 €.")


def test_four_invoices_say_nothing(environment):
    debtor = make_debtor(environment.creditor)
    for net in (80, 90, 100, 110):
        sent(environment, debtor, net)
    assert found(environment, debtor, "99000") == []


@pytest.mark.parametrize("odd", [{"days": 366}, {"state": "rejected"}])
def test_only_what_was_taken_within_a_year_counts(environment, odd):
    debtor = make_debtor(environment.creditor)
    for net in (80, 90, 100, 110):
        sent(environment, debtor, net)
    sent(environment, debtor, 100, **odd)
    assert found(environment, debtor, "99000") == []


def test_a_debtor_nobody_knows_is_compared_with_what_the_creditor_invoices(environment):
    stranger = make_debtor(environment.creditor)
    for _place in range(5):
        assert found(environment, stranger, "99000") == []
        debtor = make_debtor(environment.creditor)
        for net in (90, 100, 100, 110):
            sent(environment, debtor, net)
        vars(environment).pop("usual_total", None)
    assert found(environment, stranger, "5000") == []
    [said] = found(environment, stranger, "5000.01")
    assert "what you usually invoice, about 100.00 €" in said


def test_a_batch_groups_it_and_a_person_answers(environment, regular, signed_in):
    odd = make_invoice(environment, regular, rows=rows("2000"))
    other = make_invoice(environment)
    batch = checked(environment, [odd, other])
    item = batch.items.get(invoice=odd)
    assert ("unusual_amount" in [doubt[0] for doubt in item.doubts], item.causes, item.is_ready) == (
        True,
        [],
        False,
    )
    browser = signed_in("sender")
    page = browser.get(reverse("invoices:batch", args=[batch.pk])).content.decode()
    assert "?kind=unusual_amount" in page
    there = reverse("invoices:batch-doubts", args=[batch.pk])
    assert odd.number in browser.get(there, {"kind": "unusual_amount"}).content.decode()
    assert odd.number not in browser.get(there, {"kind": "due_date_far"}).content.decode()
    codes = [doubt[0] for doubt in item.doubts]
    assert confirm_doubts(item=item, codes=codes, actor=make_user(), at=AT).is_ready
