"""The members that few invoices have: they travel too, each under Ropo's own name."""

import datetime as dt
from decimal import Decimal

import pytest

from ropo_portal.invoices.content import RowContent
from tests.factories import make_debtor, make_invoice
from tests.invoices.test_messages import job, place

pytestmark = pytest.mark.django_db
PARTS = {"street": "Satamatie 1", "postcode": "48600", "city": "KOTKA", "country": "FI"}


@pytest.fixture
def environment():
    return place("FI")


def test_both_extra_lines_and_the_phone(environment):
    debtor = make_debtor(
        environment.creditor,
        extra_line_1="Talous",
        extra_line_2="2. krs",
        phone="+358 40 1",
        customer_number="A-1",
    )
    sent = job(make_invoice(environment, debtor))
    found = (sent["addressaddline1"], sent["addressaddline2"], sent["phone"], sent["custnum"])
    assert found == ("Talous", "2. krs", "+358 40 1", "A-1")


def test_what_a_row_may_say(environment):
    days = {"start_date": dt.date(2026, 10, 1), "end_date": dt.date(2026, 10, 31)}
    row = RowContent(
        "Vuokra", Decimal(100), Decimal("25.5"), product_number="S-1", free_text="Lokakuu", **days
    )
    [sent] = job(make_invoice(environment, rows=(row,)))["payrow"]
    names = ("productid", "freetext", "startdate", "enddate")
    assert [sent[name] for name in names] == ["S-1", "Lokakuu", "2026-10-01", "2026-10-31"]


def test_an_address_beside_the_debtors_own(environment):
    parts = {**PARTS, "extra_line_1": "Varasto", "extra_line_2": "Portti 3"}
    extras = {f"delivery_{name}": value for name, value in parts.items()}
    [sent] = job(make_invoice(environment, extras=extras))["addaddress"]
    assert sent == {
        "addressaddline1": "Varasto", "addressaddline2": "Portti 3", "address": "Satamatie 1", "postcode": "48600",
        "city": "KOTKA", "addresscountry": "FIN", "addresstype": "2",
    }  # fmt: skip


def test_a_discount_by_amount_and_a_plan_by_amount(environment):
    extras = {
        "cash_discount_1_date": "2026-11-30", "cash_discount_1_amount": "5.00", "plan_months": "1", "plan_amount": "25.50",
    }  # fmt: skip
    sent = job(make_invoice(environment, extras=extras))
    assert sent["cashdiscountrow"] == [{"discountdate": "2026-11-30", "discountamount": "5.00"}]
    assert (sent["payplaninterval"], sent["payplanamount"]) == ("1", "25.50")


def test_a_posting_with_all_its_parts(environment):
    row = {
        "account": "3000", "text": "Myynti", "credit": "125.50", "net": "100.00", "vat": "25.50", "vat_rate": "25.5",
        "vat_code": "41", "dimension_name": "KP", "dimensions": ["A"],
    }  # fmt: skip
    [sent] = job(make_invoice(environment, extras={"accounting_rows": [row]}))["accountrow"]
    assert sent == {
        "accountid": "3000", "desc": "Myynti", "credit": "125.50", "netamount": "100.00", "vatamount": "25.50",
        "taxpr": "25.5", "vatcode": "41", "servicecode_name": "KP", "type": "A",
    }  # fmt: skip


def test_a_posting_on_the_debit_side(environment):
    row = {"account": "1701", "debit": "125.50"}
    [sent] = job(make_invoice(environment, extras={"accounting_rows": [row]}))["accountrow"]
    assert sent == {"accountid": "1701", "debit": "125.50"}
