"""What looks wrong but may be right."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from ropo_portal.invoices.content import InvoiceContent, RowContent
from ropo_portal.invoices.doubts import doubts
from tests.factories import AT, make_content, make_creditor, make_debtor, make_environment, make_invoice

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = AT.date()


def codes(environment, debtor=None, **fields):
    content = make_content(debtor or make_debtor(environment.creditor), **fields)
    return [doubt.code for doubt in doubts(content, environment=environment, today=TODAY)]


def test_a_usual_invoice_raises_none(environment):
    assert codes(environment) == []


def test_a_wrong_check_digit_is_asked_back(environment):
    assert codes(environment, reference="1234562") == ["reference_check_digit"]
    assert codes(environment, reference="1234561") == []
    assert codes(environment, reference="RF341234561") == []


@pytest.mark.parametrize(
    ("start", "term", "code"),
    [
        (-60, 90, "invoice_date"),
        (40, 14, "invoice_date"),
        (-20, 10, "due_date_passed"),
        (0, 120, "due_date_far"),
    ],
)
def test_unusual_days(environment, start, term, code):
    day = TODAY + start * DAY
    assert codes(environment, invoice_date=day, due_date=day + term * DAY) == [code]


def test_consumers_in_finland_get_fourteen_days(environment):
    person = make_debtor(environment.creditor, kind="person")
    assert codes(environment, person, due_date=TODAY + 13 * DAY) == ["consumer_term"]
    assert codes(environment, person, due_date=TODAY + 14 * DAY) == []
    assert codes(environment, due_date=TODAY + 7 * DAY) == []


def test_a_rate_that_has_ended(environment):
    row = RowContent("Nuohous", Decimal(10), Decimal(24))
    assert codes(environment, rows=(row, row)) == ["vat_rate_24"]


def test_twins_of_the_debtor(environment):
    debtor = make_debtor(environment.creditor)
    first = make_invoice(environment, debtor, number="100-1")
    (total,) = doubts(make_content(debtor), environment=environment, today=TODAY)
    assert (total.code, total.invoice) == ("twin_total", first)
    other = RowContent("Other", Decimal(7), Decimal("25.5"))
    assert codes(environment, debtor, rows=(other,)) == ["twin_date"]
    assert codes(environment, debtor, rows=(other,), number="1OO/1", invoice_date=TODAY - DAY) == [
        "twin_number"
    ]
    assert codes(environment, make_debtor(environment.creditor)) == []


def test_an_invoice_is_no_twin_of_itself(environment):
    invoice = make_invoice(environment)
    content = replace(InvoiceContent.of(invoice))
    assert doubts(content, environment=environment, today=TODAY, invoice=invoice) == []


@pytest.mark.parametrize(
    ("name", "national_id", "expected"),
    [
        ("fi-test", "131052-308T", ["real_person_in_test"]), ("fi-test", "010594Y9032", []),
        ("sandbox", "131052-308T", []), ("fi-production", "131052-308T", []), ("fi-test", "", []),
        ("se-test", "131052-308T", ["real_person_in_test"]),
    ],
)  # fmt: skip
def test_a_living_persons_code_in_a_test_environment(db, name, national_id, expected):
    environment = make_environment(make_creditor(), name)
    debtor = make_debtor(environment.creditor, kind="person", national_id=national_id)
    assert [code for code in codes(environment, debtor) if code.startswith("real")] == expected


def test_a_rate_no_law_knows_takes_words(environment):
    odd = RowContent("Nuohous", Decimal(10), Decimal(99))
    content = make_content(make_debtor(environment.creditor), rows=(odd, replace(odd, vat_rate=Decimal(24))))
    found = doubts(content, environment=environment, today=TODAY)
    assert [(doubt.code, doubt.needs_reason) for doubt in found] == [
        ("vat_rate_unknown_99", True),
        ("vat_rate_24", False),
    ]
