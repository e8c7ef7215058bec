"""Mending a claim that was invoiced elsewhere: as long as nothing of it went anywhere, and not a moment longer."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from ropo_portal.collection.operations import (
    CannotChange,
    correct_claim,
    discard_claim,
    discard_reminder,
    may_mend,
)
from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Claim
from ropo_portal.invoices.numbering import ClaimTaken
from ropo_portal.invoices.operations import CannotClaim, drop_claim, refuse_handed_over, rewrite_claim
from ropo_portal.submissions.models import Kind
from ropo_portal.submissions.operations import withdraw
from tests.collection.conftest import make_claim, make_own_claim
from tests.collection.writing import started
from tests.factories import AT, make_debtor, make_user, queue
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db


def content(claim, **changes):
    names = ("debtor", "number", "reference", "invoice_date", "due_date", "principal")
    return {name: getattr(claim, name) for name in names} | changes


def correct(claim, **changes):
    return correct_claim(claim=claim, actor=make_user(), at=AT, **content(claim, **changes))


def discard(claim, reason="typed twice"):
    discard_claim(claim=claim, reason=reason, actor=make_user(), at=AT)


def test_everything_typed_may_be_typed_again(claim):
    other = make_debtor(claim.creditor, name="Toinen Oy")
    day = dt.date(2026, 9, 5)
    mended = correct(
        claim, debtor=other, number="X-71", reference="1245", due_date=day, principal=Decimal("99.90")
    )
    mended.refresh_from_db()
    assert (mended.debtor, mended.number, mended.number_key, mended.reference) == (
        other,
        "X-71",
        "x-71",
        "1245",
    )
    assert (mended.due_date, mended.principal) == (day, Decimal("99.90"))
    entry = Entry.objects.get(verb="claim.corrected")
    assert (entry.before["number"], entry.after["number"]) == ("X-17", "X-71")


def test_saving_it_as_it_is_meets_no_rival(claim):
    assert correct(claim).number == claim.number


def test_the_number_of_another_claim_is_refused(claim, environment):
    make_claim(environment, number="X-18", reference="1245")
    with pytest.raises(ClaimTaken):
        correct(claim, number="x-18")


def test_the_claim_of_an_own_invoice_is_not_written_anew(environment):
    own = make_own_claim(environment)
    with pytest.raises(CannotClaim) as caught:
        correct(own, principal=Decimal(1))
    assert caught.value.code == "own_invoice"
    assert not may_mend(own)


@pytest.mark.parametrize("state", ["queued", "accepted", "rejected", "unconfirmed", "held"])
def test_what_went_into_the_outbox_stays(claim, environment, state):
    row = queue(environment, number=claim.number, kind=Kind.REMINDER)
    if state != "queued":
        settle(row, state)
    assert not may_mend(claim)
    with pytest.raises(CannotClaim) as caught:
        correct(claim, principal=Decimal(1))
    assert caught.value.code == "handed_over"
    with pytest.raises(CannotClaim):
        discard(claim)


def test_the_room_below_guards_itself(claim, environment):
    refuse_handed_over(claim)
    queue(environment, number=claim.number, kind=Kind.REMINDER)
    who = {"actor": make_user(), "at": AT}
    for act in (
        lambda: rewrite_claim(claim=claim, **content(claim), **who),
        lambda: drop_claim(claim=claim, reason="typed twice", **who),
        lambda: refuse_handed_over(claim),
    ):
        with pytest.raises(CannotClaim):
            act()


def test_what_was_taken_back_before_it_left_may_be_mended(claim, environment):
    row = queue(environment, number=claim.number, kind=Kind.REMINDER)
    withdraw(submission=row, actor=make_user(), at=AT)
    assert correct(claim, principal=Decimal(1)).principal == Decimal(1)


def test_a_begun_step_is_discarded_first(claim):
    reminder = started(claim)
    with pytest.raises(CannotChange) as caught:
        correct(claim, principal=Decimal(1))
    assert caught.value.code == "begun"
    discard_reminder(reminder=reminder, revision=reminder.revision, actor=make_user(), at=AT)
    assert correct(claim, principal=Decimal(1)).principal == Decimal(1)
    with pytest.raises(CannotChange) as caught:
        discard(claim)
    assert caught.value.code == "written_about"


def test_a_discarded_claim_frees_its_number(claim, environment):
    discard(claim)
    assert not Claim.objects.exists()
    entry = Entry.objects.get(verb="claim.discarded")
    assert (entry.before["number"], entry.reason) == ("X-17", "typed twice")
    assert make_claim(environment, debtor=claim.debtor).number == "X-17"


def test_discarding_needs_a_reason(claim):
    with pytest.raises(DomainError):
        discard(claim, " ")
    assert Claim.objects.get() == claim


FORBIDDEN = {
    "principal": "UPDATE invoices_claim SET principal = 1",
    "number": "UPDATE invoices_claim SET number = 'Y', number_key = 'Y'",
    "reference": "UPDATE invoices_claim SET reference = '9'",
    "row": "DELETE FROM invoices_claim",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
@pytest.mark.parametrize("handed_over", [True, False])
def test_the_database_keeps_what_was_handed_over(claim, environment, statement, handed_over):
    if handed_over:
        queue(environment, number=claim.number, kind=Kind.REMINDER)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        assert handed_over
    else:
        assert not handed_over


@pytest.mark.parametrize("name", ["creditor_id", "environment_id", "created_at"])
def test_some_things_never_change(claim, name):
    stranger = make_claim()
    with pytest.raises(DatabaseError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(
            **{name: AT + dt.timedelta(days=1) if name == "created_at" else getattr(stranger, name)}
        )


def test_a_mended_claim_meets_no_strangers_either(claim):
    with pytest.raises(DatabaseError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(debtor=make_debtor())


def typed(claim, **changes):
    facts = {"debtor": str(claim.debtor_id), "number": claim.number, "reference": claim.reference}
    return {**facts, "invoice_date": "1.9.2026", "due_date": "1.10.2026", "principal": "250", **changes}


def test_the_page_leads_there_and_back(signed_in, claim):
    browser = signed_in("clerk")
    page, mend = (
        reverse("collection:claim", args=[claim.pk]),
        reverse("collection:claim-correct", args=[claim.pk]),
    )
    assert mend in browser.get(page).content.decode()
    assert browser.get(mend).status_code == 200
    answer = browser.post(mend, typed(claim, principal="260,50"))
    assert (answer.status_code, answer["Location"]) == (303, page)
    claim.refresh_from_db()
    assert claim.principal == Decimal("260.50")


def test_what_was_typed_wrong_is_typed_back(signed_in, claim):
    mend = reverse("collection:claim-correct", args=[claim.pk])
    answer = signed_in("clerk").post(mend, typed(claim, principal="much", number="Q-5"))
    assert answer.status_code == 422
    assert "Q-5" in answer.content.decode()


def test_discarding_by_the_page(signed_in, claim):
    address = reverse("collection:claim-discard", args=[claim.pk])
    browser = signed_in("clerk")
    assert browser.post(address, typed(claim)).status_code == 422
    assert Claim.objects.count() == 1
    assert browser.post(address, {"reason": "typed twice"})["Location"] == reverse("collection:list")
    assert not Claim.objects.exists()


def test_a_claim_that_ropo_has_is_not_offered(signed_in, claim, environment):
    queue(environment, number=claim.number, kind=Kind.REMINDER)
    browser, mend = signed_in("clerk"), reverse("collection:claim-correct", args=[claim.pk])
    assert mend not in browser.get(reverse("collection:claim", args=[claim.pk])).content.decode()
    assert browser.get(mend)["Location"] == reverse("collection:claim", args=[claim.pk])


def test_a_reader_mends_nothing(signed_in, claim):
    mend = reverse("collection:claim-correct", args=[claim.pk])
    assert signed_in("reader").get(mend).status_code == 403
    assert mend not in signed_in("reader").get(reverse("collection:claim", args=[claim.pk])).content.decode()
