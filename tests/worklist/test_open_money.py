"""The database counts what is open, whoever writes, and its sums by day are those of the rows."""

import contextlib
import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ropo_portal.collection.operations import correct_claim, discard_claim
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import BypassPayment, Claim, PaymentReport
from ropo_portal.invoices.operations import claim_of, take_in_reports, withdraw_payment
from ropo_portal.parties.models import Debtor
from ropo_portal.worklist.models import BookEntry, OpenItem
from ropo_portal.worklist.operations import fold_book
from tests import factories
from tests.collection.conftest import DUE, make_claim, make_sent_invoice
from tests.factories import AT
from tests.invoices import money
from tests.invoices.settling import settle
from tests.worklist.conftest import items, sums

pytestmark = pytest.mark.django_db
INVOICED = dt.date(2026, 9, 1)
LATE = (money.PAID - DUE).days


def test_a_draft_is_not_open_and_an_accepted_invoice_is(environment):
    factories.make_invoice(environment)
    assert items() == []
    make_sent_invoice(environment)
    assert items() == [(money.TOTAL, False, None)]
    assert sums("open") == {DUE: (money.TOTAL, 1, 0)}
    assert sums("invoiced") == {INVOICED: (money.TOTAL, 1, 0)}
    assert sums("accepted") == {AT.date(): (money.TOTAL, 1, 0)}


def test_the_claim_of_an_invoice_is_the_same_money(environment):
    invoice = make_sent_invoice(environment)
    claim = claim_of(invoice=invoice, actor=None, at=AT)
    assert items() == [(money.TOTAL, False, None)]
    assert list(OpenItem.objects.values_list("id", "invoice_id", "claim_id")) == [
        (invoice.pk, invoice.pk, claim.pk)
    ]
    assert sums("invoiced") == {INVOICED: (money.TOTAL, 1, 0)}


def test_an_item_knows_whose_it_is_and_what_that_debtor_is(environment):
    claim = make_claim(environment)
    invoice = make_sent_invoice(environment)
    whose = {claim.pk: claim.debtor, invoice.pk: invoice.debtor}
    assert dict(OpenItem.objects.values_list("pk", "debtor")) == {
        pk: debtor.pk for pk, debtor in whose.items()
    }
    assert set(OpenItem.objects.values_list("debtor_kind", flat=True)) == {"company"}

    before = sums("open")
    Debtor.objects.filter(pk=claim.debtor_id).update(kind="person", business_id="")
    other = factories.make_debtor(environment.creditor)
    OpenItem.objects.filter(pk=invoice.pk).update(amount=1)
    assert OpenItem.objects.get(claim=claim).debtor_kind == "person"
    Claim.objects.filter(pk=claim.pk).update(debtor=other)
    assert OpenItem.objects.values_list("debtor", "debtor_kind").get(claim=claim) == (other.pk, "company")
    OpenItem.objects.filter(pk=invoice.pk).update(amount=money.TOTAL)
    assert sums("open") == before


def test_a_claim_that_ropo_pursues_says_so(environment):
    claim = make_claim(environment)
    assert items() == [(Decimal("250.00"), False, None)]
    row = factories.queue(environment, number=claim.number, kind="reminder", actor=money.somebody())
    assert items() == [(Decimal("250.00"), True, None)]
    settle(row, "rejected")
    assert items() == [(Decimal("250.00"), False, None)]
    assert sums("rejected") == {AT.date(): (money.TOTAL, 1, 0)}


def test_a_claim_written_anew_is_counted_anew_and_one_thrown_away_no_more(environment):
    claim, actor = make_claim(environment), money.somebody()
    names = ("debtor", "number", "reference", "invoice_date", "due_date")
    content = {name: getattr(claim, name) for name in names} | {"principal": Decimal("99.90")}
    claim = correct_claim(claim=claim, actor=actor, at=AT, **content)
    assert items() == [(Decimal("99.90"), False, None)]
    assert sums("open") == {DUE: (Decimal("99.90"), 1, 0)}
    assert sums("invoiced") == {INVOICED: (Decimal("99.90"), 1, 0)}
    discard_claim(claim=claim, reason="typed twice", actor=actor, at=AT)
    assert items() == []
    assert (sums("open"), sums("invoiced")) == ({}, {})


@pytest.mark.parametrize(
    ("state", "left"),
    [
        ("queued", "150"),
        ("accepted", "150"),
        ("unconfirmed", "150"),
        ("rejected", "250"),
        ("cancelled", "250"),
    ],
)
def test_a_payment_counts_while_it_is_alive(environment, state, left):
    claim = money.pursued(environment)
    money.sent(claim, "100.00", state=state)
    assert items() == [(Decimal(left), True, None)]


def test_a_payment_that_was_only_written_down_does_not_count(environment):
    claim = money.pursued(environment)
    payment = money.noted(claim)
    assert items() == [(Decimal(250), True, None)]
    withdraw_payment(payment=payment, actor=money.somebody(), at=AT)
    assert items() == [(Decimal(250), True, None)]


def test_a_claim_that_is_paid_is_closed_on_its_last_day(environment):
    claim = money.pursued(environment)
    money.sent(claim, "250.00")
    assert items() == [(Decimal(0), True, money.PAID)]
    assert sums("open") == {}
    assert sums("closed") == {money.PAID: (Decimal(250), 1, LATE)}


def test_money_above_the_claim_is_not_open_below_zero(environment):
    claim = money.pursued(environment)
    money.told(claim, "400.00")
    take_in_reports(at=AT)
    assert items() == [(Decimal(0), True, money.PAID)]


def test_a_report_of_our_own_payment_counts_once(environment):
    claim = money.pursued(environment)
    money.sent(claim, "100.00", state="accepted")
    money.told(claim, "100.00")
    take_in_reports(at=AT)
    assert PaymentReport.objects.get().payment == BypassPayment.objects.get()
    assert items() == [(Decimal(150), True, None)]


def test_credit_notes_lower_what_is_open(environment):
    invoice = make_sent_invoice(environment)
    money.credited(invoice)
    assert items() == [(Decimal(0), False, AT.date())]
    assert sums("open") == {}


def test_paying_early_is_not_late(environment):
    claim = money.pursued(environment)
    money.sent(claim, "250.00", paid_date=dt.date(2026, 9, 20))
    assert sums("closed") == {dt.date(2026, 9, 20): (Decimal(250), 1, 0)}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("pay", "report", "credit")),
        st.integers(1, 9000),
        st.sampled_from(("queued", "accepted", "rejected", "cancelled")),
    ),
    min_size=2,
    max_size=5,
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_what_is_open_is_always_what_the_claim_says(environment, acts):
    """The triggers and the one expression of the invoices' room never disagree."""
    with transaction.atomic():
        own = claim_of(invoice=make_sent_invoice(environment), actor=None, at=AT)
        other = money.pursued(environment, number="X-18", reference="1245")
        for place, (act, cents, state) in enumerate(acts):
            with contextlib.suppress(DomainError):  # what the operations refuse changes nothing
                _done(act, own if cents % 2 else other, Decimal(cents) / 100, state, place)
        for claim in Claim.objects.with_balance():
            assert claim.open_item.amount == claim.open_amount
        assert sum(row.amount for row in OpenItem.objects.all()) == sum(
            row[0] for row in sums("open").values()
        )
        assert Counter(row.due_date for row in OpenItem.objects.open()) == {
            day: row[1] for day, row in sums("open").items()
        }
        transaction.set_rollback(True)


def _done(act, claim, amount, state, place):
    claim = Claim.objects.with_parties().get(pk=claim.pk)
    if act == "report":
        money.told(claim, str(amount), update_id=f"u{place}")
        take_in_reports(at=AT)
    elif act == "credit" and claim.invoice_id:
        money.credited(claim.invoice, state=state)
    elif act == "pay":
        money.sent(claim, str(amount), state=state)


def test_folding_changes_no_sum_and_leaves_one_entry_a_day(environment):
    claim = money.pursued(environment)
    make_sent_invoice(environment)
    money.sent(claim, "100.00", state="accepted")
    before = {kind: sums(kind) for kind in BookEntry.Kind.values}
    assert BookEntry.objects.count() > sum(len(days) for days in before.values())
    fold_book(at=AT)
    fold_book(at=AT)
    assert {kind: sums(kind) for kind in BookEntry.Kind.values} == before
    assert BookEntry.objects.count() == sum(len(days) for days in before.values())


def test_counting_what_was_there_before_comes_to_the_same(environment):
    """The migration that fills the tables counts as the triggers do."""
    from importlib import import_module  # noqa: PLC0415 (a migration has no name one can write)

    migration = import_module("ropo_portal.worklist.migrations.0002_the_database_counts_open_money")
    invoice = make_sent_invoice(environment)
    money.sent(money.pursued(environment), "100.00", state="accepted")
    before = items(), {kind: sums(kind) for kind in BookEntry.Kind.values}
    OpenItem.objects.all().delete()
    BookEntry.objects.all().delete()
    with connection.cursor() as cursor:
        for statement in migration._filled(connection.vendor):
            cursor.execute(statement)
    assert (items(), {kind: sums(kind) for kind in BookEntry.Kind.values}) == before
    assert invoice.open_item.amount == money.TOTAL
