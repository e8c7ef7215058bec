"""What is wrong is said at the fields that were left, and everything in one round."""

import pytest
from django.urls import reverse

from ropo_portal.invoices.models import Invoice
from tests.factories import make_debtor
from tests.invoices.test_forms import typed

pytestmark = pytest.mark.django_db
BAD = {"due_date": "31.2.2026", "row_quantity": "abc", "row_vat_rate": "99"}


@pytest.fixture
def check(signed_in, environment):
    browser, debtor = signed_in("sender"), make_debtor(environment.creditor, name="Aalto Oy")

    def ask(*left, there="check", **changes):
        fresh = browser.get(reverse("invoices:create")).context["form"].initial
        days = {name: fresh[name].isoformat() for name in ("invoice_date", "due_date")}
        posted = {**typed(debtor, **days | changes), "left": left}
        return browser.post(reverse(f"invoices:{there}"), posted)

    ask.debtor = debtor
    return ask


def told(answer):
    return {place: bool(errors) for place, errors in answer.context["fields"]}


def test_only_fields_that_were_left_are_told(check):
    answer = check("due_date", "number", "rows-0-quantity", **BAD)
    assert told(answer) == {"id_due_date": True, "id_number": False, "id_rows-0-quantity": True}
    assert (answer.status_code, Invoice.objects.exists(), told(check(**BAD))) == (200, False, {})
    assert told(check("csrfmiddlewaretoken", "stranger")) == {}


def test_a_total_below_zero_and_an_odd_rate_are_told(check):
    assert "must be above zero" in check(row_unit_price="-5").content.decode()
    assert "is not a tax rate" in check(row_vat_rate="99").content.decode()


def test_a_twin_is_told_before_it_is_saved(check):
    check(there="create")
    assert "same debtor and the same total" in check().content.decode()


def test_what_could_not_be_read_proves_nothing(check):
    answer = check("due_date", invoice_date="rubbish", due_date="2020-01-01")
    assert told(answer) == {"id_due_date": False}
    assert "above zero" not in check(row_quantity="abc").content.decode()


def test_all_errors_come_in_one_round(check):
    answer = check(there="create", then="send", row_quantity="abc", due_date="2020-01-01", number="1" * 50)
    sheet = answer.context["sheet"]
    assert answer.status_code == 422
    assert [*sorted(sheet.head.errors), *sheet.rows.forms[0].errors] == ["due_date", "number", "quantity"]
