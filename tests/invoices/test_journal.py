"""The journal of a claim and what Ropo One charges beside it: each piece of news once, nobody else's, in words."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from ropo_portal.invoices.journal import LONGEST, journal_of
from ropo_portal.invoices.ledger import Costs, costs_of
from ropo_portal.submissions.models import StatusUpdate, Submission
from tests.factories import AT
from tests.invoices.money import own_claim, pursued, sent, told

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def cost(claim, kind, amount, update_id, **facts):
    facts = {"day": None, "kind": kind, "text": f"{kind} {amount}", "update_id": update_id, **facts}
    return told(claim, amount, **facts)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def lines(claim):
    with override("en"):
        found = journal_of(claim, currency="EUR").events
    return [(plain(line.title), plain(line.text), line.is_ours) for line in found]


def test_costs_are_added_up_apart_and_each_piece_once(environment):
    claim = pursued(environment)
    assert costs_of(claim) == Costs()
    assert costs_of(claim).total is None
    cost(claim, "fee", "5.00", "F1")
    cost(claim, "fee", "5.00", "F1", source=StatusUpdate.EVENT)
    cost(claim, "fee", "14.10", "F2", source=StatusUpdate.EVENT)
    cost(claim, "interest", "0.20", "I1")
    cost(claim, "interest", "0.10", "I2")
    cost(claim, "fee", "99.00", "F3", is_foreign=True)
    assert costs_of(claim) == Costs(Decimal("19.10"), Decimal("0.30"))
    assert costs_of(claim).total == Decimal("19.40")
    claim.refresh_from_db()
    assert (claim.open_amount, claim.principal) == (Decimal("250.00"), Decimal("250.00"))


def test_costs_of_others_are_not_ours(environment):
    claim, other = pursued(environment), pursued(environment, number="Y-1", reference="1245", job="7")
    cost(other, "fee", "5.00", "F1")
    elsewhere = own_claim(environment)
    cost(elsewhere, "fee", "7.00", "F2", submission=Submission.objects.get(number=other.number))
    assert costs_of(claim) == Costs()
    assert costs_of(other) == Costs(Decimal("12.00"))
    assert costs_of(elsewhere) == Costs()


def test_news_and_acts_stand_in_one_list_newest_first(environment):
    claim = pursued(environment)
    sent(claim, "100.00", state="accepted")
    late = AT + dt.timedelta(days=3)
    told(claim, "100.00", text="1", update_id="P1", at=late, received_at=late)
    told(
        claim, "0", kind="comment", code="98", heading="Viesti", text="words", update_id="C1", at=late + HOUR
    )
    told(claim, "0", kind="comment", code="101", text="", update_id="C2", at=late + 2 * HOUR)
    told(claim, "0", kind="comment", code="777", heading="?", text="new", update_id="C3", at=late + 3 * HOUR)
    told(claim, "5", kind="moon.phase", text="full", update_id="C4", at=late + 4 * HOUR)
    cost(claim, "fee", "5.00", "F1", at=late + 5 * HOUR)
    cost(claim, "interest", "0.20", "I1", at=late + 6 * HOUR)
    found = lines(claim)
    assert found[:7] == [
        ("Interest of 0.20 €, Ropo One's own", "interest 0.20", False),
        ("Fee of 5.00 €, Ropo One's own", "fee 5.00", False),
        ("Information from Ropo One (moon.phase)", "full · 5.00 €", False),
        ("Information from Ropo One (777)", "? · new", False),
        ("The principal is paid", "", False),
        ("Message", "words", False),
        ("Payment of 100.00 €", "paid to the principal · paid on 20.11.2026", False),
    ]
    ours = [title for title, _text, is_ours in found if is_ours]
    assert "Wrote down a payment" in ours
    assert "Sent the payment" in ours
    assert "Opened the claim" in ours
    assert not any("queue" in title for title in ours)


def test_news_that_is_told_twice_or_belongs_to_others_is_left_out(environment):
    claim = pursued(environment)
    facts = {"kind": "comment", "code": "98", "text": "once"}
    told(claim, "0", update_id="C1", **facts)
    told(claim, "0", update_id="C1", source=StatusUpdate.EVENT, **facts)
    told(claim, "0", update_id="C2", is_foreign=True, **facts)
    assert sum(not is_ours for _title, _text, is_ours in lines(claim)) == 1


def test_the_list_ends_and_says_so(environment):
    claim = pursued(environment)
    for place in range(LONGEST + 3):
        told(claim, "0", kind="comment", code="98", update_id=f"C{place}")
    journal = journal_of(claim, currency="EUR")
    assert (len(journal.events), journal.is_cut) == (LONGEST, True)


def test_the_invoice_shows_sums_costs_and_what_happened(signed_in, environment, django_assert_num_queries):
    claim = own_claim(environment)
    there = reverse("invoices:detail", args=[claim.invoice_id])
    cost(claim, "fee", "5.00", "F1")
    browser = signed_in("reader")
    page = browser.get(there)
    shown = page.content.decode()
    assert page.context["costs"] == Costs(Decimal("5.00"))
    assert "Fees reported by Ropo One" in shown
    assert "Ropo One&#x27;s own" in shown
    told(claim, "30.00", update_id="P1")
    cost(claim, "fee", "6.00", "F2")
    with CaptureQueriesContext(connection) as one:
        browser.get(there)
    told(claim, "31.00", update_id="P2")
    cost(claim, "interest", "6.00", "F3")
    with django_assert_num_queries(len(one)):
        browser.get(there)
