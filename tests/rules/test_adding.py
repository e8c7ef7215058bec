"""New rules, rules that end, and what the database refuses whatever the code does."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.rules.models import FeeCap, InterestRate, LegalRule, VatRate
from ropo_portal.rules.operations import CannotChangeRule, add_rule, due_among, due_for_check, next_turn
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db
TODAY = AT.date()
FACTS = {"source": "Act 1/2026", "check_by": dt.date(2027, 6, 1), "at": AT}


def add(kind, *, valid_from=TODAY, **values):
    return add_rule(kind=kind, values=values, valid_from=valid_from, actor=make_user(), **FACTS)


def refused(code, kind, **values):
    with pytest.raises(CannotChangeRule) as caught:
        add(kind, **values)
    assert caught.value.code == code


@pytest.fixture
def bare(db):
    """No rule of interest, so that one can be new."""
    InterestRate.objects.all().delete()


def test_a_new_rate_leaves_a_line_in_the_book_of_the_house(bare):
    rate = add(InterestRate, country="SE", debtor_kind="person", percent=Decimal("10.00"))
    entry = Entry.objects.get(verb="rule.added")
    assert (rate.is_confirmed, rate.checked_on, rate.valid_to) == (True, TODAY, None)
    assert (entry.creditor_id, entry.after["percent"], entry.after["valid_from"]) == (
        None,
        "10.00",
        "2026-11-23",
    )


def test_a_new_cap_is_in_the_currency_of_its_country(db):
    FeeCap.objects.all().delete()
    cap = add(
        FeeCap,
        country="NO",
        debtor_kind="person",
        step="reminder",
        principal_from=Decimal(0),
        amount=Decimal(38),
    )
    assert cap.currency == "NOK"


def test_what_cannot_be_added(bare):
    facts = {"country": "SE", "debtor_kind": "person"}
    refused("value_missing", InterestRate, **facts)
    refused("in_the_past", InterestRate, **facts, percent=Decimal(1), valid_from=TODAY - dt.timedelta(days=1))
    refused("overlaps", InterestRate, **facts, percent=Decimal(101))
    add(InterestRate, **facts, percent=Decimal(10))
    refused("overlaps", InterestRate, **facts, percent=Decimal(11), valid_from=dt.date(2027, 1, 1))


# ------------------------------------------------------------------------------------------- the database
def bounds(first, last):
    return {"valid_from": dt.date(2030, *first), "valid_to": last and dt.date(2030, *last)}


@pytest.mark.parametrize(
    ("days", "fits"),
    [
        (bounds((3, 1), (3, 31)), False), (bounds((3, 31), None), False), (bounds((1, 1), (3, 1)), False),
        (bounds((1, 1), None), False), (bounds((3, 10), (3, 20)), False),
        (bounds((1, 1), (2, 28)), True), (bounds((4, 1), None), True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [InterestRate, VatRate, LegalRule, FeeCap])
def test_two_rows_of_one_rule_never_hold_on_the_same_day(kind, days, fits):
    kind.objects.all().delete()
    about = {
        InterestRate: {"debtor_kind": "person", "percent": 1}, VatRate: {"label": "standard", "rate": 1},
        LegalRule: {"debtor_kind": "person", "step": "reminder", "after": "due_date", "days": 1, "name": "x"},
        FeeCap: {"debtor_kind": "person", "step": "reminder", "amount": 1, "currency": "EUR"},
    }[kind]  # fmt: skip
    common = {"country": "FI", "checked_on": TODAY, **about}
    first = kind.objects.create(**common, **bounds((3, 1), (3, 31)))
    kind.objects.create(**common | {"country": "SE"}, **days)
    if kind is VatRate:
        common["rate"] = 2
    if not fits:
        with pytest.raises(IntegrityError), transaction.atomic():
            kind.objects.create(**common, **days)
        return
    second = kind.objects.create(**common, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        kind.objects.filter(pk=second.pk).update(valid_from=first.valid_from, valid_to=first.valid_to)


def test_a_row_stays_about_what_it_was_about():
    with pytest.raises(DatabaseError, match="rule_order"), transaction.atomic():
        InterestRate.objects.filter(country="FI", debtor_kind="person").update(country="NO")


# ------------------------------------------------------------------------------------------- due for a check
@pytest.mark.parametrize(
    ("on", "turn"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 7, 1)), (dt.date(2026, 6, 30), dt.date(2026, 7, 1)),
        (dt.date(2026, 7, 1), dt.date(2027, 1, 1)), (dt.date(2026, 12, 31), dt.date(2027, 1, 1)),
    ],
)  # fmt: skip
def test_rates_turn_twice_a_year(on, turn):
    assert next_turn(on) == turn


def only(**fields):
    for kind in (InterestRate, VatRate, LegalRule, FeeCap):
        kind.objects.all().delete()
    facts = {
        "country": "FI",
        "debtor_kind": "person",
        "percent": 1,
        "is_confirmed": True,
        "checked_on": TODAY,
    }
    return InterestRate.objects.create(valid_from=dt.date(2026, 1, 1), **{**facts, **fields})


@pytest.mark.parametrize(
    ("fields", "on", "by"),
    [
        ({}, TODAY, None),  # more than thirty days before the turn
        ({}, dt.date(2026, 12, 2), dt.date(2027, 1, 1)),
        (
            {"checked_on": dt.date(2026, 12, 2)},
            dt.date(2026, 12, 10),
            None,
        ),  # looked at for this turn already
        ({"check_by": dt.date(2026, 12, 1)}, TODAY, dt.date(2026, 12, 1)),
        ({"check_by": dt.date(2026, 11, 1)}, TODAY, TODAY),
        ({"is_confirmed": False}, TODAY, TODAY),
        ({"percent": None, "is_confirmed": False}, TODAY, TODAY),
        ({"valid_to": dt.date(2026, 12, 10)}, TODAY, dt.date(2026, 12, 10)),
    ],
)
def test_when_a_rule_is_due_for_a_check(fields, on, by):
    rule = only(**fields)
    assert [(one.kind, one.rule, one.by) for one in due_for_check(on=on)] == (
        [("interest", rule, by)] if by else []
    )


def test_what_ends_and_is_followed_is_not_due():
    only(valid_to=dt.date(2026, 12, 10))
    facts = {
        "country": "FI",
        "debtor_kind": "person",
        "percent": 2,
        "is_confirmed": True,
        "checked_on": TODAY,
    }
    InterestRate.objects.create(valid_from=dt.date(2026, 12, 11), **facts)
    assert due_for_check(on=TODAY) == due_among(list(InterestRate.objects.all()), on=TODAY) == []


def test_one_question_a_kind(django_assert_num_queries):
    with django_assert_num_queries(4):
        due_for_check(on=TODAY)


# ---------------------------------------------------------------------------------------------- the screen
TYPED = {
    "interest": {"country": "SE", "debtor_kind": "person", "value": "10,5"},
    "vat": {"country": "SE", "label": "raw fish", "value": "6"},
    "fees": {"country": "SE", "debtor_kind": "company", "step": "new_due_date", "value": "60", "principal_from": "",
             "principal_to": ""},
    "waiting": {"country": "SE", "debtor_kind": "company", "step": "demand_time", "after": "invoice", "value": "8",
                "name": "Time to pay", "is_allowed": "on"},
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPED)
def test_an_administrator_adds_a_rule(signed_in, environment, bare, kind):
    browser, address = signed_in("administrator"), reverse("rules:new", args=[kind])
    assert browser.get(address).status_code == 200
    days = {"valid_from": "1.1.2035", "valid_to": "", "check_by": "1.6.2035", "source": "Act 1/2034"}
    page = browser.post(address, TYPED[kind] | days)
    assert page.status_code == 303, page.context["form"].errors
    assert "Act 1/2034" in browser.get(page["Location"]).content.decode()
    again = browser.post(address, TYPED[kind] | days)
    assert again.status_code == 422
    assert "holds on these days already" in again.content.decode()


def test_a_bad_rule_keeps_what_was_typed(signed_in, environment):
    browser, address = signed_in("administrator"), reverse("rules:new", args=["vat"])
    page = browser.post(address, {**TYPED["vat"], "valid_from": "1.1.2020", "source": "Act of old"})
    assert page.status_code == 422
    assert "begins today or later" in page.content.decode()
    assert "Act of old" in page.content.decode()
    assert browser.get("/rules/nothing/new").status_code == 404


def test_the_list_tells_administrators_what_is_due(signed_in, environment):
    only(check_by=dt.date(2020, 1, 1))
    words = "has to be checked within thirty days"
    assert words in signed_in("administrator").get(reverse("rules:list")).content.decode()
    assert words not in signed_in("clerk").get(reverse("rules:list")).content.decode()
