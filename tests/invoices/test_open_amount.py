"""What is left of a claim: one sum, whoever asks; reports never count twice; races come first."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import BypassPayment, Claim, CreditNote, PaymentReport
from ropo_portal.invoices.operations import note_allocation, post_allocation, register_now, take_in_reports
from ropo_portal.submissions.hooks import AFTER_INTAKE
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import SettlementUnfinished
from tests.collection.conftest import make_claim, make_sent_invoice
from tests.factories import AT, make_creditor, make_environment, make_user, queue
from tests.invoices.money import PAID, credit, ended, noted, own_claim, pursued, sent, somebody, told
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def claim(environment):
    return pursued(environment)


def fresh(claim):
    """Return a claim without a sum of its own, and one whose list has added it up."""
    asked, listed = Claim.objects.get(pk=claim.pk), Claim.objects.with_sums().get(pk=claim.pk)
    assert asked.balance == listed.balance
    assert Decimal(listed.balance_now) == asked.principal - listed.paid_now - listed.credited_now
    return asked


cents = st.integers(1, 9_000).map(lambda number: Decimal(number) / 100)
moves = st.lists(
    st.tuples(
        st.sampled_from(["payment", "allocation", "report"]),
        cents,
        st.sampled_from(["accepted", "rejected", "cancelled"]),
    ),
    max_size=4,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=moves)
def test_property_and_list_say_the_same(db, story):
    environment = make_environment(make_creditor())
    claim, expected = pursued(environment), Decimal("250.00")
    for place, (what, amount, state) in enumerate(story):
        day = PAID - dt.timedelta(days=place)
        if what == "report":
            told(claim, str(amount), day=day, update_id=f"u{place}")
            take_in_reports(at=AT + HOUR)
            expected -= amount
        elif amount <= expected:
            {"payment": sent, "allocation": placed}[what](
                claim, str(amount), state=state, **{DAYS[what]: day}
            )
            expected -= amount if state == "accepted" else 0
        found = fresh(claim)
        assert (found.open_amount, found.overpaid_amount) == (max(expected, 0), max(-expected, 0))


DAYS = {"payment": "paid_date", "allocation": "date"}


def placed(claim, amount, *, state, date):
    found = note_allocation(
        claim=claim, amount=Decimal(amount), date=date, credit_note_number="H-1", actor=somebody(), at=AT
    )
    return ended(found, post_allocation(allocation=found, actor=somebody(), at=AT), state)


def test_a_report_counts_once_however_often_it_is_read(claim):
    told(claim, "100.00")
    assert [take_in_reports(at=AT + HOUR) for _ in range(3)] == [1, 0, 0]
    assert fresh(claim).open_amount == 150
    assert Entry.objects.about(claim).filter(verb="payment.reported").count() == 1
    assert take_in_reports in AFTER_INTAKE


def test_our_own_payment_and_its_report_are_one(claim):
    payment = sent(claim, state="accepted")
    told(claim, "100.00")
    take_in_reports(at=AT + HOUR)
    payment.refresh_from_db()
    assert (payment.effect.update_id, PaymentReport.objects.get().payment) == ("u1", payment)
    assert fresh(claim).open_amount == 150
    told(claim, "100.00", update_id="u2")
    take_in_reports(at=AT + HOUR)
    assert fresh(claim).open_amount == 50


@pytest.mark.parametrize("changes", [{"day": PAID - dt.timedelta(days=1)}, {"day": None}])
def test_another_day_is_other_money(claim, changes):
    sent(claim, state="accepted")
    told(claim, "100.00", **changes)
    take_in_reports(at=AT + HOUR)
    assert fresh(claim).open_amount == 50


def test_news_from_before_is_not_the_effect_and_makes_a_twin(claim):
    told(claim, "100.00", received_at=AT - HOUR)
    take_in_reports(at=AT)
    assert noted(claim).is_twin


def test_a_lost_answer_is_confirmed_by_the_report(claim):
    payment = sent(claim, state="unconfirmed")
    assert fresh(claim).open_amount == 150
    told(claim, "100.00", job_id="7700123")
    take_in_reports(at=AT + HOUR)
    payment.refresh_from_db()
    assert (payment.state, payment.submission.ropo_job_id) == ("accepted", "7700123")
    assert fresh(claim).open_amount == 150


def test_capital_paid_is_the_effect_of_what_closed_the_claim(claim):
    payment = sent(claim, "250.00", state="accepted", kind="cancellation")
    told(claim, "0", kind="comment", code="101", update_id="u9")
    take_in_reports(at=AT + HOUR)
    payment.refresh_from_db()
    assert payment.effect is not None


def test_an_effect_nobody_saw_comes_to_light_after_days(claim):
    payment = sent(claim, state="accepted")
    rows = BypassPayment.objects
    assert list(rows.without_effect(at=AT + dt.timedelta(days=2))) == []
    assert list(rows.without_effect(at=AT + dt.timedelta(days=3))) == [payment]


def test_a_report_about_an_invoice_makes_its_claim(environment):
    invoice = make_sent_invoice(environment)
    told(invoice, "25.50", submission=invoice.submission)
    take_in_reports(at=AT + HOUR)
    assert Claim.objects.get(invoice=invoice).open_amount == 100


def test_numbers_elsewhere_are_other_claims(claim):
    other = pursued(make_environment(), job="88")
    told(other, "100.00")
    take_in_reports(at=AT + HOUR)
    assert (fresh(claim).open_amount, fresh(other).open_amount) == (250, 150)


def moves_on(claim, day, status="2"):
    Submission.objects.filter(number_key=claim.number_key, opening="claim").update(
        ropo_next_status=status, ropo_next_status_date=day
    )


def racing():
    return list(Claim.objects.in_a_race(on=AT.date()))


@pytest.mark.parametrize(
    ("days", "status", "alarm"), [(0, "2", True), (2, "2", True), (3, "2", False), (1, "-1", False)]
)
def test_a_race_is_money_known_here_before_the_next_step(claim, days, status, alarm):
    assert racing() == []
    noted(claim)
    moves_on(claim, AT.date() + dt.timedelta(days=days), status)
    assert (racing() == [claim]) is alarm


@pytest.mark.parametrize(
    ("state", "alarm"), [("queued", True), ("rejected", True), ("unconfirmed", True), ("accepted", False)]
)
def test_what_ropo_was_told_is_no_race(claim, state, alarm):
    sent(claim, state=state)
    moves_on(claim, AT.date())
    assert (racing() == [claim]) is alarm


def test_registering_at_once_ends_the_race(environment, claim):
    environment.creditor.hold_seconds = 600
    environment.creditor.save()
    noted(claim)
    moves_on(claim, AT.date())
    row = register_now(claim=claim, actor=make_user(), at=AT)
    assert (row.state, row.due_at) == ("queued", AT)
    assert register_now(claim=claim, actor=make_user(), at=AT) == row
    settle(row, "accepted")
    assert racing() == []
    with pytest.raises(Exception, match="told of everything"):
        register_now(claim=claim, actor=make_user(), at=AT)


def test_an_unplaced_credit_note_races_too(environment):
    claim = own_claim(environment)
    note = credit(claim.invoice, is_placed=False)
    settle(register_now(claim=claim, actor=make_user(), at=AT), "accepted")
    settle(queue(environment, number=claim.number, kind=Kind.REMINDER), "accepted", ropo_job_id="9")
    moves_on(claim, AT.date())
    assert racing() == [claim]
    row = register_now(claim=claim, actor=make_user(), at=AT)
    assert (row.kind, row.amount) == ("credit-allocation", note.total_amount)
    settle(row, "accepted")
    assert racing() == []


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()
    return True


def test_the_database_lets_no_two_settlements_be_under_way(environment, claim):
    first = sent(claim)
    facts = {"environment": environment, "number": claim.number}
    assert refused_or_unfinished(lambda: queue(**facts, kind=Kind.CREDIT_ALLOCATION))
    settle(first.submission, "accepted")
    queue(**facts, kind=Kind.CREDIT_ALLOCATION)
    assert refused_or_unfinished(lambda: queue(**facts, kind=Kind.BYPASS_PAYMENT))


def refused_or_unfinished(write):
    with pytest.raises(SettlementUnfinished), transaction.atomic():
        write()
    return True


def test_the_database_keeps_payments_whole(claim):
    first = sent(claim, state="accepted")
    person = make_user()
    rows = BypassPayment.objects.filter(pk=first.pk)

    def write(**fields):
        facts = {"claim": claim, "amount": 5, "paid_date": PAID, "open_before": 10, "written_by": person}
        return BypassPayment.objects.create(**facts | {"created_at": AT} | fields)

    assert refused(lambda: write(amount=0))
    assert refused(lambda: write(amount=11))
    assert refused(lambda: write(amount=100, open_before=100))
    assert refused(lambda: rows.update(is_twin=True))
    assert refused(lambda: write(confirmed_by=person))
    write()
    assert refused(lambda: write(amount=6))


def test_the_database_keeps_credit_notes_apart(environment):
    note = credit(make_sent_invoice(environment))
    rows = CreditNote.objects.filter(pk=note.pk)
    for change in ({"total_amount": 1}, {"number": "9"}, {"environment": make_environment()}, {"reason": ""}):
        with pytest.raises(Exception, match=r"credit note|constraint"), transaction.atomic():
            rows.update(**change)
    assert make_claim(environment).open_amount == 250
