"""A promise is open until its day, then kept or broken by what was paid in time."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from ropo_portal.collection.models import Promise
from ropo_portal.collection.operations import (
    PromiseRefused,
    PromiseStands,
    note_promise,
    post_reminder,
    propose_case,
    withdraw_promise,
)
from ropo_portal.history.models import Entry
from ropo_portal.invoices.operations import post_payment
from ropo_portal.worklist.kinds.claims import BROKEN
from ropo_portal.worklist.kinds.kind import Desk
from tests.collection.conftest import TODAY, make_claim, make_own_claim
from tests.collection.writing import noticed, refuses, started
from tests.factories import AT, make_debtor, make_user
from tests.invoices.money import noted, pursued

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def promised(claim, amount="100", *, on_claim=True, **fields):
    facts = {
        "date": TODAY + 3 * DAY,
        "amount": Decimal(amount),
        "note": "",
        "actor": make_user(),
        "at": AT,
        **fields,
    }
    return note_promise(
        debtor=claim.debtor, environment=claim.environment, claim=claim if on_claim else None, **facts
    )


def standing(promise, day):
    return Promise.objects.with_standing().get(pk=promise.pk).standing(on=day)


@pytest.mark.parametrize("on_claim", [True, False])
@pytest.mark.parametrize(
    ("paid", "day", "wanted"),
    [("0", 3, "open"), ("0", 4, "broken"), ("99.99", 4, "broken"), ("100", 4, "kept"), ("100", 1, "kept")],
)
def test_payments_by_date_decide(environment, on_claim, paid, day, wanted):
    claim = pursued(environment)
    promise = promised(claim, on_claim=on_claim)
    if Decimal(paid):
        noted(claim, amount=Decimal(paid), paid_date=TODAY)
    assert standing(promise, TODAY + day * DAY) == wanted
    assert Promise.objects.broken(on=TODAY + day * DAY).exists() == (wanted == "broken")
    assert Promise.objects.open(on=TODAY + day * DAY).exists() == (wanted == "open")


def test_money_of_before_keeps_no_promise(environment):
    claim = pursued(environment)
    noted(claim, amount=Decimal(100), paid_date=TODAY - DAY)
    assert standing(promised(claim), TODAY + 9 * DAY) == "broken"


def test_another_debtors_money_keeps_no_promise(environment):
    promise = promised(make_claim(environment), on_claim=False)
    noted(pursued(environment, number="X-2", reference="1245"), amount=Decimal(100), paid_date=TODAY)
    assert standing(promise, TODAY + 9 * DAY) == "broken"


def test_a_promise_asks_before_the_claim_is_moved_on(environment):
    claim = make_claim(environment)
    promised(claim, on_claim=False)
    reminder, who = started(claim), {"actor": make_user(), "at": AT}
    refuses(PromiseStands, "promise_stands", post_reminder, reminder=reminder, revision=1, **who)
    assert post_reminder(reminder=reminder, revision=1, despite_promise=True, **who).state == "queued"


def test_a_promise_asks_before_debt_collection_is_proposed(environment):
    claim, actor = make_claim(environment), make_user()
    promised(claim)
    case = noticed(claim, actor)
    facts = {"case": case, "revision": case.revision, "actor": actor, "at": AT}
    refuses(PromiseStands, "promise_stands", propose_case, **facts)
    assert propose_case(**facts, despite_promise=True).stage == "proposed"


@pytest.mark.parametrize("days", [-1, 367])
def test_days_that_are_no_promise(environment, days):
    refuses(PromiseRefused, "day", promised, make_claim(environment), date=TODAY + days * DAY)


def test_a_claim_of_somebody_else_is_refused(environment):
    claim = make_claim(environment)
    facts = {"date": TODAY, "amount": Decimal(1), "note": "", "actor": make_user(), "at": AT}
    debtor = make_debtor(environment.creditor)
    refuses(
        PromiseRefused, "stranger", note_promise, debtor=debtor, environment=environment, claim=claim, **facts
    )


def test_taken_back_once_and_told(environment):
    promise = promised(make_claim(environment))
    withdraw_promise(promise=promise, actor=make_user(), at=AT)
    refuses(PromiseRefused, "withdrawn_already", withdraw_promise, promise=promise, actor=make_user(), at=AT)
    assert standing(promise, TODAY) == "taken-back"
    assert not Promise.objects.broken(on=TODAY + 99 * DAY).exists()
    verbs = Entry.objects.about(promise.debtor).values_list("verb", flat=True)
    assert list(verbs.order_by("sequence"))[-2:] == ["debtor.promise_noted", "debtor.promise_withdrawn"]


def test_a_broken_promise_is_work_until_the_money_came(environment):
    claim = pursued(environment)
    promised(claim)
    desk = Desk(None, (environment,), AT + 5 * DAY)
    [row] = BROKEN.show(desk, BROKEN.rows(desk, [environment]))
    assert (row.number, row.days, row.url) == (
        claim.number, 2, reverse("parties:debtor-detail", args=[claim.debtor_id])
    )  # fmt: skip
    assert not BROKEN.rows(Desk(None, (environment,), AT + 3 * DAY), [environment]).exists()
    noted(claim, amount=claim.principal, paid_date=TODAY + 4 * DAY, at=AT + 4 * DAY)
    post_payment(payment=claim.bypasspayments.get(), actor=make_user(), at=AT + 4 * DAY)
    assert not BROKEN.rows(desk, [environment]).exists()


def test_promises_stand_on_the_claim_and_in_the_lists(environment, signed_in):
    claim, browser = make_own_claim(environment), signed_in("clerk")
    promised(claim, on_claim=False, date=TODAY + 3 * DAY)
    page = browser.get(reverse("collection:claim", args=[claim.pk])).content.decode()
    assert "on all that is owed" in page
    assert f"?claim={claim.pk}" in page
    for there in ("collection:list", "invoices:list"):
        assert "promised by 26.11.2026" in browser.get(reverse(there), {"all": 1}).content.decode()


def test_lists_say_that_a_promise_was_broken_and_nothing_of_what_is_paid(environment, signed_in):
    claim, browser = make_own_claim(environment), signed_in("clerk")
    promised(claim, at=AT - 9 * DAY, date=TODAY - 2 * DAY)
    for there in ("collection:list", "invoices:list"):
        assert "promise of 21.11.2026 broken" in browser.get(reverse(there), {"all": 1}).content.decode()
    post_payment(payment=noted(claim, claim.principal), actor=make_user(), at=AT)
    for there in ("collection:list", "invoices:list"):
        assert "promise of" not in browser.get(reverse(there), {"all": 1}).content.decode()
