"""Stories of money that came in past Ropo One, over real HTTP to the sandbox and back through its news."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models import BypassPayment, Claim, CreditNote
from ropo_portal.invoices.operations import post_invoice, take_in_reports
from ropo_portal.submissions import intake
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import confirm_by_news, enqueue
from tests import factories
from tests.collection.conftest import make_claim
from tests.sandbox.caller import reminder
from tests.submissions.news import heard


def address(name, *args):
    return reverse(f"invoices:{name}", args=args)


def later():
    return timezone.now() + dt.timedelta(hours=2)


def listen(environment):
    heard(environment, later)
    take_in_reports(at=later())


class Raw:
    """A reminder in Ropo's words, for a claim that was opened elsewhere."""

    endpoint = "jobs"

    def __init__(self, claim) -> None:
        self.claim = claim

    def to_bytes(self):
        days = {"billdate": "2026-09-01", "paydate": "2026-10-01"}
        job = reminder(billnum=self.claim.number, billcode=self.claim.reference, checkbillnum="1", **days)
        return json.dumps({"datastream": {"dataset": [job]}}).encode()


@pytest.fixture
def claim(environment, worker):
    """A claim of 250.00 that the sandbox pursues as a reminder."""
    found = make_claim(environment)
    handed_over(environment, found)
    worker()
    assert Submission.objects.get(kind=Kind.REMINDER).state == "accepted"
    return found


def handed_over(environment, claim):
    with transaction.atomic():
        enqueue(
            kind=Kind.REMINDER, document_id=new_id(), environment=environment, number=claim.number, message=Raw(claim),
            amount=claim.principal, recipient="x", customer_number="", previous=None, actor=factories.make_user(),
            at=timezone.now(),
        )  # fmt: skip


def register(browser, claim, amount, day="2026-11-02"):
    form = {"amount": amount, "paid_date": day, "kind": "directpayment", "description": ""}
    answer = browser.post(address("payment-new", claim.pk), form)
    assert answer.status_code == 303, answer.context["form"].errors
    return BypassPayment.objects.latest("created_at")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_payment_is_registered_and_its_effect_is_seen(enter, environment, claim, worker, sandbox):
    payment = register(enter("sender"), claim, "100.00")
    worker()
    assert fresh(payment).state == "accepted"
    listen(environment)
    assert fresh(payment).effect is not None
    assert fresh(claim).open_amount == 150
    assert len(sandbox.payments()) == 1


def test_credit_in_part_then_payment_of_the_rest(enter, environment, worker, sandbox):
    browser = enter("sender")
    today = environment.today(timezone.now())
    invoice = factories.make_invoice(environment, invoice_date=today, due_date=today + dt.timedelta(days=14))
    post_invoice(invoice=invoice, revision=1, actor=browser.user, at=timezone.now())
    worker()
    page = browser.get(address("credit-new", invoice.pk))
    row = page.context["sheet"].rows[0]
    form = {"reason": "Half of it", "date": today.isoformat(), "is_placed": "on"}
    form = form | {row.add_prefix("quantity"): "0.5", row.add_prefix("unit_price"): "100"}
    browser.post(address("credit-new", invoice.pk), form)
    note = CreditNote.objects.get()
    browser.post(address("credit-note-send", note.pk))
    worker()
    assert fresh(note).state == "accepted"
    claim = Claim.objects.get()
    assert claim.open_amount == Decimal("62.75")
    payment = register(browser, claim, "62.75", claim.invoice_date.isoformat())
    worker()
    listen(environment)
    assert (fresh(payment).state, fresh(claim).open_amount, fresh(claim).overpaid_amount) == (
        "accepted",
        0,
        0,
    )
    [original, _credit] = sorted(sandbox.jobs(), key=lambda job: job["jobid"])
    assert Decimal(original["open_amount"]) == 0


def test_a_lost_answer_is_confirmed_by_the_news_and_nothing_is_sent_twice(
    enter, environment, claim, worker, sandbox
):
    sandbox.plan("reset-after", path="/jobs/payment")
    payment = register(enter("sender"), claim, "100.00")
    worker()
    assert fresh(payment).state == "unconfirmed"
    worker()
    listen(environment)
    assert fresh(payment).state == "accepted"
    assert fresh(payment).effect is not None
    assert (len(sandbox.payments()), fresh(claim).open_amount) == (1, 150)


def test_a_lost_payment_is_looked_up_by_what_was_booked(enter, environment, claim, worker, sandbox):
    payment = register(enter("sender"), claim, "100.00")
    Submission.objects.filter(pk=payment.submission_id).update(due_at=timezone.now())
    sandbox.plan("reset-after", path="/jobs/payment")
    worker()
    row = Submission.objects.get(pk=payment.submission_id)
    assert intake.look_up(row, clock=timezone.now) == "accepted"
    assert len(sandbox.payments()) == 1


def test_a_payment_nobody_finds_goes_to_a_person_and_is_never_sent_again(
    enter, environment, claim, worker, sandbox, settings
):
    settings.LOOK_UP_SCHEDULE = [1.0, 2.0]
    payment = register(enter("sender"), claim, "100.00")
    sandbox.plan("reset-before", path="/jobs/payment")
    worker()
    for _turn in settings.LOOK_UP_SCHEDULE:
        intake.look_up(Submission.objects.get(pk=payment.submission_id), clock=timezone.now)
    row = Submission.objects.get(pk=payment.submission_id)
    assert (row.state, row.held_reason) == ("held", "maybe-sent")
    worker()
    listen(environment)
    assert (row.attempts.count(), len(sandbox.payments()), fresh(payment).state) == (1, 0, "held")
    page = enter("approver").get(reverse("submissions:detail", args=[row.pk])).content.decode()
    assert "what was booked" in page
    assert "DataIdentifier" in page
    release = reverse("submissions:release", args=[row.pk])
    assert release not in page
    enter("approver").post(release, {"reason": "now"})
    assert Submission.objects.get(pk=row.pk).state == "held"


def test_a_twin_needs_a_second_person(enter, environment, claim, worker, sandbox):
    sender, approver = enter("sender"), enter("approver")
    register(sender, claim, "100.00")
    worker()
    twin = register(sender, claim, "100.00")
    worker()
    assert (twin.is_twin, fresh(twin).state, len(sandbox.payments())) == (True, "draft", 1)
    sender.post(address("payment-send", twin.pk))
    worker()
    assert len(sandbox.payments()) == 1
    approver.post(address("payment-confirm", twin.pk))
    worker()
    listen(environment)
    assert (fresh(twin).state, fresh(claim).open_amount, len(sandbox.payments())) == ("accepted", 50, 2)
    assert BypassPayment.objects.exclude(effect=None).count() == 2


def test_news_confirms_only_payments_and_credits(environment, claim):
    """The claim's own submission is never moved by a payment's effect."""
    row = Submission.objects.get(kind=Kind.REMINDER)
    assert confirm_by_news(submission=row, update=None, at=timezone.now()) is False
