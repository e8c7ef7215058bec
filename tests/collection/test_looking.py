"""Looking at Ropo One now: what is asked, how often, and what the page says afterwards."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ropo_portal.collection.operations import AskedJustNow, CannotMove, look_now
from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.ledger import Costs
from ropo_portal.invoices.operations import take_in_reports
from ropo_portal.submissions import gateway
from ropo_portal.submissions.models import Kind, SendingSwitch, Submission
from tests import factories
from tests.collection.conftest import make_claim, make_sent_invoice
from tests.invoices.money import sent, told
from tests.invoices.settling import settle
from tests.submissions.news import foreign_reminder

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def pursued(sandbox, transactional_db, settings):
    """A claim that the sandbox of this test carries on."""
    settings.SANDBOX_URL = sandbox.url
    SendingSwitch.objects.get_or_create(pk=1)
    line = factories.make_environment(factories.make_creditor(), cid="1099001", apicode="Pihlaja-7421")
    claim = make_claim(line)
    job = foreign_reminder(sandbox, billnum=claim.number)
    row = factories.queue(line, number=claim.number, kind=Kind.REMINDER)
    settle(row, "accepted", ropo_job_id=str(job["jobid"]))
    yield claim
    gateway.forget()


def test_a_look_brings_the_next_step_and_leaves_the_claim_alone(pursued):
    at = timezone.now()
    entries = Entry.objects.count()
    row = look_now(claim=pursued, at=at)
    row.refresh_from_db()
    assert (row.ropo_looked_at, row.ropo_next_status, row.ropo_next_status_text) == (at, "2", "Perintä")
    assert row.ropo_next_status_date
    assert Entry.objects.count() == entries


def test_ropo_is_not_asked_twice_within_a_minute(pursued):
    at = timezone.now()
    look_now(claim=pursued, at=at)
    with pytest.raises(AskedJustNow, match="again in 31 seconds"):
        look_now(claim=pursued, at=at + MINUTE / 2)
    look_now(claim=pursued, at=at + MINUTE)
    assert Submission.objects.get().ropo_looked_at == at + MINUTE


@pytest.mark.django_db
def test_nothing_is_asked_about_a_claim_that_ropo_does_not_have(claim):
    with pytest.raises(CannotMove) as caught:
        look_now(claim=claim, at=timezone.now())
    assert caught.value.code == "not_running"
    factories.queue(claim.environment, number=claim.number, kind=Kind.REMINDER)
    with pytest.raises(DomainError) as caught:
        look_now(claim=claim, at=timezone.now())
    assert caught.value.code == "no-job"


def test_the_button_says_what_came_of_it(pursued, settings):
    browser, there = Client(), reverse("collection:claim", args=[pursued.pk])
    browser.force_login(factories.make_user("clerk", pursued.creditor))
    assert reverse("collection:look", args=[pursued.pk]) in browser.get(there).content.decode()
    look = reverse("collection:look", args=[pursued.pk])
    assert "Ropo One was asked." in browser.post(look, follow=True).content.decode()
    assert "less than a minute ago" in browser.post(look, follow=True).content.decode()
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    gateway.forget()
    Submission.objects.update(ropo_looked_at=timezone.now() - MINUTE)
    assert "cannot be reached right now" in browser.post(look, follow=True).content.decode()


def test_the_page_says_that_it_moves_tomorrow(signed_in, environment):
    claim, today = make_claim(environment), environment.today(timezone.now())
    row = settle(
        factories.queue(environment, number=claim.number, kind=Kind.REMINDER), "accepted", ropo_job_id="77"
    )
    browser, there = signed_in("reader"), reverse("collection:claim", args=[claim.pk])
    for days, words in ((0, "on to “Debt collection” today."), (1, "on to “Debt collection” tomorrow.")):
        Submission.objects.filter(pk=row.pk).update(
            ropo_next_status="2", ropo_next_status_text="Perintä",
            ropo_next_status_date=today + dt.timedelta(days=days),
        )  # fmt: skip
        shown = browser.get(there).content.decode()
        assert shown.count(words) == 3  # in the sentence, its copy and the panel
    Submission.objects.filter(pk=row.pk).update(ropo_next_status_date=today + dt.timedelta(days=2))
    assert browser.get(there).context["standing"].nearing == ""
    assert reverse("collection:look", args=[claim.pk]) not in browser.get(there).content.decode()


def test_the_page_shows_all_money_and_costs_apart(signed_in, environment):
    claim = make_claim(environment)
    row = settle(
        factories.queue(environment, number=claim.number, kind=Kind.REMINDER), "accepted", ropo_job_id="77"
    )
    payment = sent(claim, "100.00", state="accepted")
    told(claim, "50.00", update_id="P1", submission=row)
    told(claim, "5.00", update_id="F1", submission=row, kind="fee", day=None)
    told(claim, "1.25", update_id="I1", submission=row, kind="interest", day=None)
    take_in_reports(at=timezone.now())
    page = signed_in("sender").get(reverse("collection:claim", args=[claim.pk]))
    shown = page.content.decode()
    assert page.context["claim"].open_amount == Decimal("100.00")
    assert page.context["standing"].costs == Costs(Decimal("5.00"), Decimal("1.25"))
    assert "has reported 6.25\N{NO-BREAK SPACE}€ of fees and interest" in page.context["fate"].sentence
    for there in ("payment-new", "credit-place"):
        assert reverse(f"invoices:{there}", args=[claim.pk]) in shown
    assert reverse("invoices:payment", args=[payment.pk]) in shown
    for key in ("m", "-", "y", "t", "l"):
        assert f'data-key="{key}"' in shown
    reader = signed_in("reader").get(reverse("collection:claim", args=[claim.pk])).content.decode()
    assert reverse("invoices:payment-new", args=[claim.pk]) not in reader


def test_the_page_asks_as_often_for_much_money_as_for_little(
    signed_in, environment, django_assert_num_queries
):
    claim = make_claim(environment)
    row = settle(
        factories.queue(environment, number=claim.number, kind=Kind.REMINDER), "accepted", ropo_job_id="77"
    )
    browser, there = signed_in("sender"), reverse("collection:claim", args=[claim.pk])

    def money_comes(place):
        sent(claim, f"{place}.00", state="accepted")
        told(claim, "5.00", update_id=f"F{place}", submission=row, kind="fee")

    money_comes(1)
    with CaptureQueriesContext(connection) as once:
        browser.get(there)
    money_comes(2)
    money_comes(3)
    with django_assert_num_queries(len(once)):
        browser.get(there)


def test_the_claim_of_an_invoice_is_a_page_of_its_own_without_scripts(signed_in, environment):
    there = reverse("collection:of-invoice", args=[make_sent_invoice(environment).pk])
    browser = signed_in("reader")
    assert "<html" in browser.get(there).content.decode()
    assert "<html" not in browser.get(there, headers={"HX-Request": "true"}).content.decode()
