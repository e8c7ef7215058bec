"""Stories of claims: an overdue invoice reminded, a foreign claim handed over by two people, a second one refused."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.invoices.models import Claim
from ropo_portal.invoices.operations import post_invoice
from ropo_portal.rules.models import LegalRule
from ropo_portal.submissions.models import Submission
from tests import factories
from tests.collection.writing import PDF


def address(name, *args):
    return reverse(f"collection:{name}", args=args)


@pytest.fixture
def today(environment):
    """The creditor's day, with the country's rules: an emptied database has lost what its migrations put there."""
    if not LegalRule.objects.exists():
        import_module("ropo_portal.rules.migrations.0004_first_set_of_rules").add_rules(apps, None)
    return environment.today(timezone.now())


def sent_invoice(environment, today, worker, **debtor):
    """Return an invoice that Ropo One took, forty days overdue."""
    days = {"invoice_date": today - dt.timedelta(days=60), "due_date": today - dt.timedelta(days=40)}
    invoice = factories.make_invoice(
        environment, factories.make_debtor(environment.creditor, **debtor), **days
    )
    post_invoice(invoice=invoice, revision=1, actor=factories.make_user(), at=timezone.now())
    worker()
    return invoice


def write_claim(browser, debtor, today):
    form = {
        "debtor": debtor.pk, "number": "A-2026-7", "reference": "1232", "principal": "710,00",
        "invoice_date": (today - dt.timedelta(days=90)).isoformat(),
        "due_date": (today - dt.timedelta(days=60)).isoformat(),
    }  # fmt: skip
    assert browser.post(address("create"), form).status_code == 303
    return Claim.objects.get()


def write_case(browser, claim, today):
    form = {
        "revision": 1, "notice_date": (today - dt.timedelta(days=30)).isoformat(), "then": "send",
        "notice_channel": "email", "notice_address": "aino@example.com", "proof": SimpleUploadedFile("m.pdf", PDF),
    }  # fmt: skip
    answer = browser.post(address("begin", claim.pk, "collection"), form)
    case = DebtCollectionCase.objects.kept().get()
    assert answer["Location"] == address("case-propose", case.pk)
    return case


def fate_of(browser, claim):
    return browser.get(address("claim", claim.pk)).context["fate"]


def test_an_overdue_invoice_is_reminded(enter, environment, worker, today):
    invoice = sent_invoice(environment, today, worker)
    browser = enter("sender")
    browser.post(address("gather"))
    claim = Claim.objects.get()
    assert [row["claim"] for row in browser.get(address("list"), {"group": "reminder"}).context["rows"]] == [
        claim
    ]
    there = browser.post(address("begin-of-invoice", invoice.pk, "reminder"))["Location"]
    assert there == address("begin", claim.pk, "reminder")
    assert not Reminder.objects.exists()
    answer = browser.post(there, {"channel": "post", "revision": 1, "then": "send"})
    reminder = Reminder.objects.get()
    assert answer["Location"] == address("reminder-send", reminder.pk)
    shown = browser.get(address("reminder-send", reminder.pk)).content.decode()
    assert "It waits 10 minutes" in shown
    browser.post(address("reminder-send", reminder.pk), {"revision": reminder.revision})
    assert fate_of(browser, claim).state == "queued"
    worker()
    submission = Submission.objects.get(kind="reminder")
    fate = fate_of(browser, claim)
    assert (fate.state, submission.ropo_job_id in fate.sentence) == ("accepted", True)
    assert submission.amount == claim.open_amount
    assert browser.get(address("list"), {"group": "reminder"}).context["rows"] == []


def test_a_foreign_claim_goes_straight_to_collection_by_two_people(enter, environment, worker, today):
    sender, approver = enter("sender"), enter("approver")
    debtor = factories.make_debtor(environment.creditor, kind="person", name="Aino Esimerkki")
    claim = write_claim(sender, debtor, today)
    case = write_case(sender, claim, today)
    sender.post(address("case-propose", case.pk), {"revision": case.revision})
    assert "waits for a second person" in fate_of(sender, claim).sentence
    worker()
    assert not Submission.objects.exists()
    seen = approver.get(address("case-approve", case.pk)).context["document"].fingerprint
    approver.post(address("case-approve", case.pk), {"fingerprint": seen})
    worker()
    submission = Submission.objects.get()
    assert (submission.kind, submission.state) == ("debt-collection", "accepted")
    assert submission.ropo_job_id in fate_of(sender, claim).sentence


def test_a_second_collection_is_refused(enter, environment, worker, today):
    """Once Ropo One has the reminder, it moves on by itself: our collection would be the second letter."""
    invoice = sent_invoice(environment, today, worker, kind="person")
    browser = enter("sender")
    there = browser.post(address("begin-of-invoice", invoice.pk, "reminder"))["Location"]
    browser.post(there, {"channel": "post", "revision": 1})
    reminder = Reminder.objects.get()
    browser.post(address("reminder-send", reminder.pk), {"revision": reminder.revision})
    worker()
    claim, job = Claim.objects.get(), Submission.objects.get(kind="reminder").ropo_job_id
    answer = browser.post(address("begin", claim.pk, "collection"), follow=True)
    assert f"job {job}" in answer.content.decode()
    assert not DebtCollectionCase.objects.exists()
    assert Submission.objects.filter(kind="debt-collection").count() == 0
