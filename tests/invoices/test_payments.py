"""Payments past Ropo: what may be sent, once, and by whom."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models import BypassPayment, Claim
from ropo_portal.invoices.operations import (
    SecondPersonNeeded,
    confirm_twin,
    note_payment,
    post_payment,
    take_in_reports,
    withdraw_payment,
)
from ropo_portal.submissions.operations import AlreadyPosted
from tests.collection.conftest import make_claim
from tests.factories import AT, make_user
from tests.invoices.money import PAID, ended, noted, own_claim, pursued, sent, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(environment):
    return pursued(environment)


def refused(act, *args, **fields):
    with pytest.raises(DomainError) as caught:
        act(*args, **fields)
    return caught.value.code


def wire(payment):
    payment.refresh_from_db()
    return json.loads(bytes(payment.submission.payload))


def fresh(claim):
    return Claim.objects.get(pk=claim.pk)


def test_a_payment_names_the_job_alone(claim):
    payment = sent(claim, description="Paid to our account")
    assert wire(payment) == {
        "jobid": 7700123, "amount": "100.00", "paydate": "2026-11-20", "type": "directpayment",
        "description": "Paid to our account",
    }  # fmt: skip
    assert (payment.submission.kind, payment.submission.number) == ("bypass-payment", claim.number)
    assert fresh(claim).open_amount == Decimal("150.00")
    verbs = [entry.verb for entry in Entry.objects.about(payment).order_by("sequence")]
    assert verbs == ["payment.noted", "payment.posted"]


def test_without_a_job_number_the_reference_names_the_claim(environment):
    payment = sent(pursued(environment, job=""))
    assert wire(payment)["billcode"] == "1232"
    assert "jobid" not in wire(payment)


def test_a_shared_reference_names_nobody(environment):
    claim = pursued(environment, job="")
    other = Claim.objects.get(pk=claim.pk)
    other.pk, other.number, other.number_key = None, "X-99", "x-99"
    other._state.adding = True
    other.id = new_id()
    other.save(force_insert=True)
    assert wire(sent(claim)).get("billnum") == "X-17"


def test_cancelled_capital_goes_without_a_word_nobody_knows(claim):
    assert "type" not in wire(sent(claim, kind="cancellation", description="Settlement"))


def test_a_printed_invoice_is_named_by_its_job(environment):
    assert wire(sent(own_claim(environment)))["jobid"] == 4410233


@pytest.mark.parametrize(
    ("amount", "fields", "code"),
    [
        ("0", {}, "not_positive"), ("-5", {}, "not_positive"), ("1.005", {}, "too_many_decimals"),
        ("250.01", {}, "above_open"), ("10", {"paid_date": dt.date(2026, 11, 24)}, "future"),
        ("10", {"paid_date": dt.date(2026, 8, 31)}, "before_invoice"), ("10", {"kind": "gift"}, "kind_unknown"),
        ("10", {"description": "a\u202eb"}, "forbidden_character"),
    ],
)  # fmt: skip
def test_what_a_payment_cannot_be(claim, amount, fields, code):
    assert refused(noted, claim, amount, **fields) == code
    assert not BypassPayment.objects.exists()


def test_too_much_names_what_is_open_and_whose_the_rest_is(claim):
    with pytest.raises(DomainError) as caught:
        noted(claim, "300.00")
    assert "250.00" in str(caught.value)
    assert "50.00" in str(caught.value)


@pytest.mark.parametrize("state", ["queued", "sending", "unconfirmed", "held", "rejected"])
def test_nothing_is_sent_before_its_claim_is_accepted(environment, state):
    payment = noted(pursued(environment, state=state))
    code = refused(post_payment, payment=payment, actor=make_user(), at=AT)
    assert code == ("not_at_ropo" if state == "rejected" else "parent_not_accepted")
    payment.refresh_from_db()
    assert payment.submission is None


def test_what_ropo_does_not_have_cannot_be_paid_there(environment):
    payment = noted(make_claim(environment))
    assert refused(post_payment, payment=payment, actor=make_user(), at=AT) == "not_at_ropo"


@pytest.mark.parametrize("state", ["queued", "sending", "unconfirmed", "held"])
def test_a_second_payment_waits_for_the_first(claim, state):
    sent(claim, state=state)
    assert refused(noted, claim, "10.00") == "unfinished"


def test_an_accepted_payment_makes_room_for_the_next(claim):
    sent(claim, state="accepted")
    sent(claim, "150.00", state="accepted")
    assert fresh(claim).open_amount == 0
    assert refused(noted, claim, "1.00") == "nothing_open"


def test_a_payment_is_posted_once(claim):
    payment = sent(claim)
    with pytest.raises(AlreadyPosted):
        post_payment(payment=payment, actor=make_user(), at=AT)


def test_a_twin_needs_another_person(claim):
    sent(claim, state="accepted")
    writer = make_user()
    twin = noted(claim, actor=writer)
    assert twin.is_twin
    with pytest.raises(SecondPersonNeeded):
        post_payment(payment=twin, actor=writer, at=AT)
    assert refused(confirm_twin, payment=twin, actor=writer, at=AT) == "same_person"
    confirm_twin(payment=twin, actor=make_user(), at=AT)
    twin.refresh_from_db()
    assert (twin.state, fresh(claim).open_amount) == ("queued", Decimal("50.00"))
    assert refused(confirm_twin, payment=twin, actor=make_user(), at=AT) == "already-posted"


def test_only_twins_are_confirmed(claim):
    assert refused(confirm_twin, payment=noted(claim), actor=make_user(), at=AT) == "no_twin"


def test_a_payment_is_taken_back_until_it_leaves(claim):
    payment = sent(claim)
    withdraw_payment(payment=payment, actor=make_user(), at=AT)
    payment.refresh_from_db()
    assert (payment.state, payment.submission.state, fresh(claim).open_amount) == (
        "cancelled",
        "cancelled",
        250,
    )
    assert refused(withdraw_payment, payment=payment, actor=make_user(), at=AT) == "withdrawn"
    assert refused(post_payment, payment=payment, actor=make_user(), at=AT) == "withdrawn"
    gone = sent(claim, state="accepted")
    assert refused(withdraw_payment, payment=gone, actor=make_user(), at=AT) == "too_late"


def test_a_refused_payment_is_sent_again_and_not_written_twice(claim):
    payment = sent(claim, state="rejected")
    assert fresh(claim).open_amount == 250
    row = post_payment(payment=payment, actor=make_user(), at=AT)
    assert (row.sequence, row.previous.state) == (2, "rejected")
    assert ended(payment, row, "accepted").state == "accepted"


def test_an_open_amount_that_fell_meanwhile_is_looked_at_again(claim):
    payment = noted(claim, "200.00")
    BypassPayment.objects.filter(pk=payment.pk).update(amount=Decimal("200.00"))
    told(claim, "100.00")
    take_in_reports(at=AT)
    assert refused(post_payment, payment=payment, actor=make_user(), at=AT) == "above_open"


def test_noting_leaves_who_and_what(claim):
    payment = note_payment(claim=claim, amount=Decimal(5), paid_date=PAID, actor=make_user(), at=AT)
    entry = Entry.objects.about(payment).get()
    assert (entry.after["claim"], entry.after["amount"], entry.after["is_twin"]) == ("X-17", "5", "False")
