"""Whole lives of claims: reminded, paid, credited, collected, lost and found, over real HTTP and days that go by."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.invoices.models import BypassPayment, Claim, CreditNote
from ropo_portal.submissions import gateway, tasks
from ropo_portal.submissions.models import StatusUpdate, Submission
from tests import factories
from tests.journeys.kinds import DAY, foreign_claim, lay_down_the_law
from tests.journeys.test_collection import write_case
from tests.sandbox.caller import Caller

TOTAL = Decimal("125.50")


def money(name, *args):
    return reverse(f"invoices:{name}", args=args)


def move(name, *args):
    return reverse(f"collection:{name}", args=args)


@pytest.fixture
def today(environment):
    lay_down_the_law()
    return environment.today(timezone.now())


@pytest.fixture
def listen(environment):
    """Read the news and look where the claims stand, as the clockwork does."""

    def hear():
        gateway.forget()
        tasks.poll_environment(environment_id=str(environment.pk))
        tasks.refresh()

    return hear


@pytest.fixture
def days_pass(sandbox, listen, monkeypatch):
    """Let days go by, here and in the stand-in, and listen each morning."""
    real, gone = timezone.now, [dt.timedelta(0)]
    monkeypatch.setattr(timezone, "now", lambda: real() + gone[0])
    monkeypatch.setattr(tasks, "REFRESH_PAUSE", 0)

    def play(days, *, at_once=False):
        for _ in range(1 if at_once else days):
            step = days if at_once else 1
            with Caller(sandbox) as caller:
                assert caller.ask("POST", "/control/play", json={"days": step}).status_code == 200
            gone[0] += step * DAY
            listen()

    return play


def sent_invoice(enter, environment, worker, today, **choices):
    """Send an invoice by the confirm page, forty days overdue."""
    browser = enter("sender")
    days = {"invoice_date": today - 60 * DAY, "due_date": today - 40 * DAY}
    debtor = factories.make_debtor(environment.creditor, customer_number="A-7")
    invoice = factories.make_invoice(environment, debtor, **days)
    look = browser.get(money("send", invoice.pk)).context["look"]
    form = {"revision": 1, "fingerprint": look.fingerprint, "confirmed": [each.code for each in look.doubts]}
    browser.post(money("send", invoice.pk), form | choices)
    worker()
    invoice.refresh_from_db()
    assert invoice.state == "accepted"
    return invoice


def remind(browser, claim):
    """Write a reminder and send it by its confirm page."""
    browser.post(move("begin", claim.pk, "reminder"), {"channel": "post", "revision": 1})
    reminder = Reminder.objects.kept().get(claim=claim)
    answer = browser.post(move("reminder-send", reminder.pk), {"revision": reminder.revision})
    assert answer.status_code == 303
    return Submission.objects.get(kind="reminder", document_id=reminder.pk)


def pay(browser, claim, amount=None):
    """Write down what came in, as the form proposes it."""
    url = money("payment-new", claim.pk)
    form = browser.get(url).context["form"]
    told = {
        "amount": str(amount or form["amount"].value()),
        "paid_date": form["paid_date"].value().isoformat(),
    }
    answer = browser.post(url, told | {"kind": "directpayment", "description": ""})
    assert answer.status_code == 303
    return BypassPayment.objects.filter(claim=claim).latest("created_at")


def fate_of(browser, claim):
    return browser.get(move("claim", claim.pk)).context["fate"]


def left_of(claim):
    return Claim.objects.get(pk=claim.pk).open_amount


def test_an_invoice_is_reminded_paid_past_ropo_and_closed(enter, environment, worker, sandbox, today, listen):
    invoice, browser = sent_invoice(enter, environment, worker, today), enter("sender")
    listen()
    browser.post(money("payment-of-invoice", invoice.pk))
    claim = Claim.objects.get()
    assert fate_of(browser, claim).state == "overdue"
    submission = remind(browser, claim)
    worker()
    listen()
    submission.refresh_from_db()
    assert (submission.state, fate_of(browser, claim).state) == ("accepted", "accepted")
    payment = pay(browser, claim)
    assert (payment.amount, payment.state) == (TOTAL, "queued")
    worker()
    listen()
    listen()
    payment.refresh_from_db()
    assert (payment.state, payment.effect.kind) == ("accepted", "payment")
    assert [row["amount"] for row in sandbox.payments()] == ["125.50"]
    assert (left_of(claim), Claim.objects.get().overpaid_amount) == (0, 0)
    fate = fate_of(browser, claim)
    assert (fate.state, "It is paid: the last of it" in fate.sentence) == ("paid", True)
    assert browser.get(move("list"), {"group": "reminder"}).context["rows"] == []


def hand_over(sender, approver, claim, today):
    """Write, propose and approve a debt collection; return the case."""
    case = write_case(sender, claim, today)
    sender.post(move("case-propose", case.pk), {"revision": case.revision})
    seen = approver.get(move("case-approve", case.pk)).context["document"].fingerprint
    assert sender.post(move("case-approve", case.pk), {"fingerprint": seen}).status_code == 403
    approver.post(move("case-approve", case.pk), {"fingerprint": seen})
    return case


def test_a_foreign_claim_is_collected_by_two_people_and_never_twice(
    enter, environment, worker, sandbox, today, listen
):
    sender, approver = enter("sender"), enter("approver")
    claim = foreign_claim(environment)
    case = hand_over(sender, approver, claim, today)
    worker()
    listen()
    [job] = sandbox.jobs()
    case.refresh_from_db()
    assert (job["jobtype"], case.submission.ropo_job_id) == ("2", str(job["jobid"]))
    shown = sender.post(move("begin", claim.pk, "collection"), follow=True).content.decode()
    assert f"job {job['jobid']}" in shown
    shown = sender.post(move("begin", claim.pk, "reminder"), follow=True).content.decode()
    assert f"job {job['jobid']}" in shown
    assert approver.post(move("case-approve", case.pk), {"fingerprint": case.fingerprint}).status_code == 303
    worker()
    assert (len(sandbox.jobs()), DebtCollectionCase.objects.count()) == (1, 1)


def compose(browser, invoice, quantity):
    """Credit a part of the first row, place it at once, and send it."""
    url = money("credit-new", invoice.pk)
    sheet = browser.get(url).context["sheet"]
    form = {row.add_prefix(name): str(row[name].value()) for row in sheet.rows for name in row.fields}
    day = {"date": sheet.head["date"].value() or timezone.now().date()}
    form |= {
        "reason": "Wrong price",
        "date": day["date"].isoformat(),
        "is_placed": "on",
        "rows-0-quantity": quantity,
    }
    assert browser.post(url, form).status_code == 303
    note = CreditNote.objects.get()
    browser.post(money("credit-note-send", note.pk))
    return note


def test_a_part_is_credited_and_the_rest_is_paid(enter, environment, worker, sandbox, today, listen):
    invoice, browser = sent_invoice(enter, environment, worker, today), enter("sender")
    note = compose(browser, invoice, "0.5")
    worker()
    note.refresh_from_db()
    claim = Claim.objects.get()
    assert (note.state, left_of(claim)) == ("accepted", Decimal("62.75"))
    assert [str(job["amount"]) for job in sandbox.jobs()] == ["125.50", "-62.75"]
    payment = pay(browser, claim)
    worker()
    listen()
    payment.refresh_from_db()
    assert (payment.amount, payment.state, left_of(claim)) == (Decimal("62.75"), "accepted", 0)
    assert [row["amount"] for row in sandbox.payments()] == ["62.75"]
    assert fate_of(browser, claim).state == "paid"


def test_what_was_printed_here_is_reminded_there(enter, environment, worker, sandbox, today, listen):
    invoice = sent_invoice(enter, environment, worker, today, delivery="here")
    listen()
    printed = Submission.objects.get()
    [job] = sandbox.jobs()
    assert (printed.kind, printed.ropo_job_id) == ("local-print", str(job["jobid"]))
    browser = enter("sender")
    browser.post(move("begin-of-invoice", invoice.pk, "claim"))
    claim = Claim.objects.get()
    reminder = remind(browser, claim)
    worker()
    reminder.refresh_from_db()
    assert (reminder.state, len(sandbox.jobs())) == ("accepted", 2)
    assert reminder.ropo_job_id in fate_of(browser, claim).sentence


@pytest.mark.parametrize("fault", ["reset-after", "503-after", "truncated-after"])
def test_a_reminder_whose_answer_was_lost_is_found(enter, environment, worker, sandbox, today, fault):
    browser, claim = enter("sender"), foreign_claim(environment)
    submission = remind(browser, claim)
    sandbox.plan(fault)
    worker()
    fate = fate_of(browser, claim)
    assert (fate.state, "nobody knows yet" in fate.sentence) == ("unconfirmed", True)
    shown = browser.post(move("begin", claim.pk, "collection"), follow=True).content.decode()
    assert not DebtCollectionCase.objects.exists(), shown
    browser.post(reverse("submissions:look-up", args=[submission.pk]))
    [job] = sandbox.jobs()
    submission.refresh_from_db()
    assert (submission.state, submission.ropo_job_id) == ("accepted", str(job["jobid"]))
    assert str(job["jobid"]) in fate_of(browser, claim).sentence


def racing(browser):
    return list(browser.get(money("payments")).context["racing"])


def test_money_that_ropo_does_not_know_of_before_its_next_step_is_an_alarm(
    enter, environment, worker, sandbox, today, days_pass
):
    """Thirteen days after the reminder Ropo One collects tomorrow, and the debtor has paid us."""
    sender, claim = enter("sender"), foreign_claim(environment)
    remind(sender, claim)
    worker()
    days_pass(1)
    clerk = enter("clerk")
    payment = pay(clerk, claim)
    assert (payment.state, racing(clerk)) == ("draft", [])
    days_pass(12)
    clerk, sender = enter("clerk"), enter("sender")
    assert racing(clerk) == [claim]
    shown = clerk.get(money("payments")).content.decode()
    assert 'id="racing"' in shown
    assert clerk.post(money("register-now", claim.pk)).status_code == 403
    sender.post(money("register-now", claim.pk))
    Submission.objects.filter(state="queued").update(due_at=timezone.now())
    worker()
    days_pass(3)
    sender = enter("sender")
    assert (racing(sender), left_of(claim), fate_of(sender, claim).state) == ([], 0, "paid")
    assert not StatusUpdate.objects.filter(kind="fee", number=claim.number).exists()


def test_a_month_goes_by_and_the_sentence_follows(enter, environment, worker, sandbox, today, days_pass):
    claim = foreign_claim(environment)
    submission = remind(enter("sender"), claim)
    worker()
    days_pass(1)
    submission.refresh_from_db()
    first, step = fate_of(enter("reader"), claim).sentence, submission.ropo_next_status_date
    assert (submission.ropo_status, submission.ropo_next_status, step) == ("1", "2", today + 14 * DAY)
    assert "moves it on to “Debt collection” on" in first
    days_pass(12)
    before = fate_of(enter("reader"), claim).sentence
    assert "“Debt collection” tomorrow" in before
    days_pass(2)
    days_pass(15, at_once=True)
    submission.refresh_from_db()
    told = fate_of(enter("reader"), claim)
    assert (submission.ropo_status, submission.ropo_next_status) == ("2", "-1")
    assert "it stands as “Debt collection”" in told.sentence
    assert (told.state, left_of(claim)) == ("accepted", Decimal("250.00"))
    kinds = set(StatusUpdate.objects.filter(number=claim.number).values_list("kind", flat=True))
    assert kinds == {"comment", "fee", "interest"}
    assert len({first, before, told.sentence}) == 3
