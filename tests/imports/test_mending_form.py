"""The page that mends one invoice: what stands in its cells, and that nothing typed is lost."""

import pytest
from django.urls import reverse

from tests.imports.conftest import line, made, texts

pytestmark = pytest.mark.django_db


def page_of(imported):
    return reverse("imports:invoice", args=[imported.pk])


def cells(imported):
    return texts(imported)[0][1]


@pytest.mark.parametrize(
    ("price", "shown", "code"),
    [("1,23456", "1.23456", "too_many_decimals"), ("123456789012,5", "123,456,789,012.5", "above_limit")],
)
def test_a_number_that_is_not_accepted_is_shown_and_survives(signed_in, staged, price, shown, code):
    one, clerk = staged([line(row_price=price)]).invoices.get(), signed_in("clerk")
    assert [fault["code"] for fault in one.errors] == [code]
    page = clerk.get(page_of(one)).content.decode()
    assert f'value="{shown}"' in page.replace("\u202f", ",").replace("\u00a0", ",")
    clerk.post(page_of(one), {"revision": "1", "cell-2-row_description": "Muuta"})
    assert (cells(one)["row_price"], cells(one)["row_description"]) == (price.replace(",", "."), "Muuta")


def test_a_typed_number_is_refused_for_its_own_reason_and_stays(signed_in, staged):
    one, clerk = staged([line(row_price="x")]).invoices.get(), signed_in("clerk")
    for place, (typed, reason) in enumerate(
        [("0,123456", "at most 4 decimals"), ("9999999999", "above the limit"), ("12,x", "no number")],
        start=1,
    ):
        answer = clerk.post(page_of(one), {"revision": str(place), "cell-2-row_price": typed})
        page = answer.content.decode()
        assert (answer.status_code, reason in page) == (422, True), typed
    assert 'value="12,x"' in page
    clerk.post(page_of(one), {"revision": "4", "cell-2-row_price": "0,1234"})
    one.refresh_from_db()
    assert (one.verdict, cells(one)["row_price"]) == ("new", "0.1234")


def test_a_date_out_of_range_is_shown(signed_in, staged):
    one = staged([line(invoice_date="1.1.1950", due_date="1.1.2500")]).invoices.get()
    page = signed_in("clerk").get(page_of(one)).content.decode()
    assert ('value="1.1.1950"' in page, 'value="1.1.2500"' in page) == (True, True)


def test_what_was_typed_too_late_is_still_in_the_form(signed_in, staged):
    batch = staged([line(row_price="x"), line(invoice_number="A-1001")])
    one, clerk = batch.invoices.get(verdict="error"), signed_in("clerk")
    answer = clerk.post(page_of(one), {"revision": "9", "cell-2-row_price": "12,75"})
    assert (answer.status_code, 'value="12,75"' in answer.content.decode()) == (422, True)
    good = made(batch).invoices.get(verdict="new")
    answer = clerk.post(page_of(good), {"revision": "1", "cell-3-row_price": "77,75"})
    assert (answer.status_code, 'value="77,75"' in answer.content.decode()) == (422, True)
    assert clerk.get(page_of(good)).status_code == 303


def test_an_id_of_a_company_is_shown_and_can_be_changed(signed_in, staged):
    batch = staged([line(debtor_id="0000012-4"), line(invoice_number="A-1001", row_price="x")])
    wrong, other = batch.invoices.order_by("position")
    clerk = signed_in("clerk")
    assert 'value="0000012-4"' in clerk.get(page_of(wrong)).content.decode()
    assert "“0000012-4”" in clerk.get(reverse("imports:detail", args=[batch.pk])).content.decode()
    assert 'value="0000012-3"' in clerk.get(page_of(other)).content.decode()
    clerk.post(page_of(wrong), {"revision": "1", "cell-2-debtor_id": "0000012-3"})
    wrong.refresh_from_db()
    assert wrong.verdict == "new"


def test_a_column_of_few_answers_is_chosen_and_keeps_what_the_file_said(signed_in, staged):
    plain = {"debtor_id": "", "debtor_number": "9", "debtor_name": "Uusi"}
    batch = staged([line(debtor_kind="firma", **plain), line(invoice_number="A-1001")])
    one, clerk = batch.invoices.get(verdict="error"), signed_in("clerk")
    page = clerk.get(page_of(one)).content.decode()
    assert '<option value="firma" selected>firma</option><option value="company">' in page
    kinds = clerk.get(reverse("imports:detail", args=[batch.pk]), {"cause": "debtor_kind.kind_unknown"})
    assert '<select id="id_same" name="same" required>' in kinds.content.decode()
    clerk.post(page_of(one), {"revision": "1", "cell-2-debtor_kind": "company"})
    one.refresh_from_db()
    assert (one.verdict, cells(one)["debtor_kind"]) == ("new", "company")


def test_whoever_contradicts_a_line_is_named_with_the_number_kept(signed_in, staged):
    made(staged([line()]))
    one = staged([line(invoice_number="A-2", debtor_number="9")]).invoices.get()
    page = signed_in("clerk").get(page_of(one)).content.decode()
    assert "Kuvitteellinen Oy is found by this, but has the customer number 7001." in page
