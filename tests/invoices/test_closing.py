"""What closed a claim: its day and by what, on its page and on its invoice's page."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override

from ropo_portal.collection.obstacles import obstacles
from ropo_portal.invoices.closing import closing_of, closing_words
from ropo_portal.invoices.models import BypassPayment, Claim
from ropo_portal.invoices.operations import take_in_reports
from ropo_portal.submissions.models import Submission
from tests.collection.conftest import TODAY
from tests.factories import AT
from tests.invoices.money import credited, own_claim, pursued, sent, told

pytestmark = pytest.mark.django_db


def words(claim):
    fresh = Claim.objects.with_parties().get(pk=claim.pk)
    with override("en"):
        return str(closing_words(fresh)).replace("\N{NO-BREAK SPACE}", " ")


def test_an_open_claim_was_closed_by_nothing(environment):
    claim = pursued(environment)
    sent(claim, "249.99")
    assert (closing_of(Claim.objects.get(pk=claim.pk)), words(claim)) == (None, "")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            BypassPayment.Kind.DIRECT,
            "It is paid: the last of it, 150.00 €, came past Ropo One on 20.11.2026.",
        ),
        (
            BypassPayment.Kind.CANCELLATION,
            "Nothing is open: the last of it, 150.00 €, was given up on 20.11.2026.",
        ),
    ],
)
def test_a_payment_closes_it(environment, kind, said):
    claim = pursued(environment)
    sent(claim, "100.00", paid_date=dt.date(2026, 11, 1), state="accepted")
    sent(claim, "150.00", kind=kind)
    assert words(claim) == said


def test_what_was_turned_down_closes_nothing(environment):
    claim = pursued(environment)
    sent(claim, "250.00", state="rejected")
    assert words(claim) == ""


def test_a_report_closes_it_and_later_money_does_not(environment):
    claim = pursued(environment)
    told(claim, "250.00", day=dt.date(2026, 11, 3), update_id="u1")
    told(claim, "9.00", day=dt.date(2026, 11, 9), update_id="u2")
    take_in_reports(at=AT)
    assert words(claim) == "It is paid: the last of it, 250.00 €, came in on 3.11.2026, as Ropo One reports."


def test_a_credit_note_closes_it(environment):
    claim = own_claim(environment)
    note = credited(claim.invoice)
    said = words(claim)
    assert said.startswith(f"Nothing is open: credit note {note.number} of ")


@pytest.mark.parametrize("step", ["reminder", "collection"])
def test_gray_buttons_of_a_paid_claim_speak_of_the_payment_and_not_of_ropo(environment, step):
    claim = pursued(environment)
    sent(claim, "250.00", state="accepted")
    fresh = Claim.objects.with_parties().get(pk=claim.pk)
    found = [one.code for one in obstacles(fresh, step, today=TODAY)]
    assert found[:2] == ["nothing_open", "already_running"]


def test_what_ropo_has_ended_does_not_move_on_by_itself(environment):
    claim = pursued(environment)
    Submission.objects.filter(number_key=claim.number_key).update(ropo_next_status="-1")
    [first, *_rest] = obstacles(Claim.objects.with_parties().get(pk=claim.pk), "reminder", today=TODAY)
    assert "names no next step" in str(first.message)


def test_the_pages_of_a_paid_claim_and_its_invoice(signed_in, environment):
    claim, browser = own_claim(environment), signed_in("sender")
    sent(claim, str(claim.principal), state="accepted")
    for there in (
        reverse("collection:claim", args=[claim.pk]),
        reverse("invoices:detail", args=[claim.invoice_id]),
        reverse("collection:of-invoice", args=[claim.invoice_id]),
    ):
        page = browser.get(there).content.decode()
        assert "It is paid: the last of it" in page
        assert "on 20.11.2026." in page
        assert "moves on by itself" not in page
