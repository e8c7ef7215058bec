"""Filters of the lists: each narrows, each is a chip with the way to be rid of it, and the address holds them all."""

import datetime as dt
from decimal import Decimal
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import get_resolver, reverse

from ropo_portal.invoices.forms import FilterForm
from ropo_portal.listings import LISTINGS
from tests.collection.conftest import make_claim
from tests.factories import AT, make_debtor, make_invoice
from tests.submissions.stages import staged

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture(autouse=True)
def _lists():
    assert get_resolver().url_patterns  # every room has told of its lists


def found(name, environment, address):
    """Return the keys of what the list of this address holds."""
    listing = LISTINGS[name]
    form = listing.form(QueryDict(address), environment)
    return set(listing.rows(form, environment, TODAY).values_list("pk", flat=True))


def test_invoices_are_narrowed_by_days_sums_and_debtor(environment):
    old = make_invoice(environment, invoice_date=dt.date(2026, 9, 1), due_date=dt.date(2026, 10, 1))
    new = make_invoice(environment, invoice_date=dt.date(2026, 11, 1), due_date=dt.date(2026, 12, 1))
    for address, expected in {
        "": {old, new},
        "date_to=1.9.2026": {old},
        "date_from=2.9.2026": {new},
        "due_to=2026-10-01": {old},
        "due_from=2.10.2026": {new},
        "late=53": {old},
        "late=54": set(),
        "late=nonsense": {old, new},
        f"amount_from={old.total_amount}": {old, new},
        "amount_from=999999": set(),
        "amount_to=0,01": set(),
        f"debtor={new.debtor_id}": {new},
        "state=draft&late=1": {old},
        "state=accepted": set(),
    }.items():
        assert found("invoices", environment, address) == {row.pk for row in expected}, address


def test_claims_are_narrowed(environment):
    big = make_claim(environment, number="C-1", reference="1232", principal=Decimal("900.00"))
    person = make_debtor(environment.creditor, kind="person")
    small = make_claim(environment, person, number="C-2", reference="1245", due_date=dt.date(2026, 11, 20))
    for address, expected in {
        "amount_from=500": {big},
        "amount_to=500": {small},
        "late=4": {big},
        "due_from=2.10.2026": {small},
        "kind=person": {small},
        "kind=company&late=1": {big},
        "group=foreign": {big, small},
    }.items():
        assert found("claims", environment, address) == {row.pk for row in expected}, address


def test_submissions_and_debtors_are_narrowed(environment):
    row = staged(environment, "held")
    assert found("submissions", environment, "state=held&amount_from=100") == {row.pk}
    assert found("submissions", environment, "amount_from=200") == set()
    debtor = make_debtor(environment.creditor, kind="person", channel="email")
    assert found("debtors", environment, "channel=email&kind=person&country=FI") == {debtor.pk}
    assert found("debtors", environment, "channel=post") == set()


def test_each_filter_is_a_chip_with_a_way_out(signed_in, environment):
    make_invoice(environment)
    page = unescape(
        signed_in("reader").get(reverse("invoices:list") + "?late=3&state=draft&q=1").content.decode()
    )
    for rest in ("state=draft&late=3", "q=1&late=3", "q=1&state=draft"):
        assert f'class="chip" href="?{rest}"' in page
    assert 'href="?all=1" data-key="0"' in page
    assert "filters-on" not in signed_in("reader").get(reverse("invoices:list")).content.decode()


@pytest.mark.parametrize("name", ["invoices", "claims", "submissions", "debtors"])
@pytest.mark.parametrize(
    "address",
    ["amount_from=x&due_from=31.2.2026&debtor=7&late=-1&state=%00&q=%00", "late=99999999999999999999"],
)
def test_nonsense_narrows_nothing_and_breaks_nothing(signed_in, environment, name, address):
    answer = signed_in("reader").get(f"{reverse(LISTINGS[name].route)}?{address}")
    assert answer.status_code == 200


def test_a_foreign_debtor_has_no_name_here(environment):
    foreign, own = make_debtor(name="Vieras Oy"), make_debtor(environment.creditor, name="Oma Oy")
    chips = {
        row: FilterForm(QueryDict(f"debtor={row.pk}"), environment=environment).chips()
        for row in (foreign, own)
    }
    assert [chip.text for chip in chips[foreign]] == ["–"]
    assert [chip.text for chip in chips[own]] == ["Oma Oy"]


def test_sending_all_of_a_list_means_what_the_list_shows(signed_in, environment):
    old = make_invoice(environment, invoice_date=dt.date(2026, 9, 1), due_date=dt.date(2026, 10, 1))
    make_invoice(environment, invoice_date=dt.date(2026, 11, 1), due_date=dt.date(2027, 10, 31))
    browser = signed_in("sender")
    page = browser.get(reverse("invoices:list") + "?late=5").content.decode()
    assert '<input type="hidden" name="late" value="5">' in page
    answer = browser.post(reverse("invoices:batch-choose"), {"all": "1", "late": "5"}, follow=True)
    shown = answer.content.decode()
    assert (answer.status_code, old.number in shown or "1 invoice" in shown) == (200, True)
    from ropo_portal.invoices.models import Batch  # noqa: PLC0415 (beside what it is about)

    assert [str(one) for one in Batch.objects.get().items.values_list("invoice_id", flat=True)] == [
        str(old.pk)
    ]
