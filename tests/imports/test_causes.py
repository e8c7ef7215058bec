"""Errors of a file by kind: counted, walked along, and mended together where one text is true of many."""

import pytest
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.imports import causes
from ropo_portal.imports.causes import Cause
from ropo_portal.imports.models import Import, StateHasMoved
from ropo_portal.imports.operations import CannotMendAll, choose_invoice, mend_cause, withdraw_import
from ropo_portal.imports.readers.words import PROBLEMS
from tests.factories import AT, make_user
from tests.imports.conftest import line

pytestmark = pytest.mark.django_db
POSTCODE = Cause("post_code", "required")
RATE = Cause("row_vat_rate", "not_a_percentage")


def mend(batch, cause, text):
    return mend_cause(batch=batch, cause=cause, text=text, actor=make_user(), at=AT)


def counted(batch):
    return {one.key: one.count for one in causes.counted(batch)}


@pytest.fixture
def batch(staged, environment):
    rows = [
        line(invoice_number=f"P-100{n}", debtor_number=f"90{n}", debtor_id="0000013-1", post_code="")
        for n in (1,)
    ]
    rows += [line(invoice_number=f"P-100{n}", post_code="1") for n in (2, 3)]
    rows += [
        line(invoice_number="R-2001", row_vat_rate="255"),
        line(invoice_number="R-2001", row_vat_rate="255"),
    ]
    rows += [line(invoice_number="R-2002", row_vat_rate="255"), line()]
    return staged(rows)


def test_errors_are_counted_by_column_and_kind(batch):
    assert counted(batch) == {"post_code.postcode": 2, RATE.key: 2, POSTCODE.key: 1}
    assert [one.number for one in causes.wrong(batch, RATE).order_by("position")] == ["R-2001", "R-2002"]
    assert causes.wrong(batch).count() == batch.error_count == 5
    choose_invoice(imported=batch.invoices.get(number="R-2002"), is_included=False, actor=make_user(), at=AT)
    assert counted(batch)[RATE.key] == 1


def test_a_cause_has_words(batch):
    assert [str(one) for one in causes.counted(batch)] == [
        "Post code: check digit or form does not fit",
        "Row: VAT, %: outside what is accepted",
        "Post code: missing",
    ]
    assert str(Cause("", "too_few_cells")) == "Line: missing"
    assert {code for code in PROBLEMS if code not in causes.WORDS} <= {
        "hidden_characters",
        "discount_as_amount",
        "charge",
        "price_per_several",
    }


@pytest.mark.parametrize("key", ["", "post_code", "nonsense.required", "post_code.", "."])
def test_an_address_that_names_no_cause_names_none(key):
    assert Cause.of(key) is None


def test_one_text_is_written_to_all_of_a_cause(batch):
    done = mend(batch, RATE, "25,5")
    batch.refresh_from_db()
    assert (done.count, done.good, batch.new_count, batch.error_count) == (2, 2, 3, 3)
    assert [str(one.total_amount) for one in batch.invoices.filter(number__startswith="R")] == [
        "251.00",
        "125.50",
    ]
    assert [one.revision for one in batch.invoices.filter(number__startswith="R")] == [2, 2]
    entry = Entry.objects.about(batch).order_by("sequence").last()
    assert entry.after == {"column": "row_vat_rate", "cause": "not_a_percentage", "invoices": 2, "good": 2}


@pytest.mark.parametrize(
    ("cause", "text", "code"),
    [
        (POSTCODE, "00100", "not_the_same"),
        (RATE, " ", "required"),
        (RATE, "x", "not_a_number"),
        (RATE, "255", "not_a_percentage"),
    ],
)
def test_what_differs_or_cannot_be_read_is_refused(batch, cause, text, code):
    with pytest.raises(CannotMendAll) as refused:
        mend(batch, cause, text)
    batch.refresh_from_db()
    assert (refused.value.code, batch.error_count) == (code, 5)


def test_a_withdrawn_import_is_not_mended(batch):
    withdraw_import(batch=batch, actor=make_user(), at=AT)
    with pytest.raises(StateHasMoved):
        mend(batch, RATE, "25,5")


def test_the_page_shows_the_kinds_and_walks_along_one(signed_in, batch):
    clerk, there = signed_in("clerk"), reverse("imports:detail", args=[batch.pk])
    page = clerk.get(there).content.decode()
    assert "Post code: missing" in page
    assert "id_same" not in page
    page = clerk.get(there, {"cause": RATE.key}).content.decode()
    assert ("R-2001" in page, "P-1001" in page, "Write it to 2 invoices" in page) == (True, False, True)
    assert "id_same" not in clerk.get(there, {"cause": POSTCODE.key}).content.decode()
    first, second = causes.wrong(batch, RATE).order_by("position")
    asked = reverse("imports:next-error", args=[batch.pk])
    url = clerk.get(asked, {"cause": RATE.key}).url
    assert url == reverse("imports:invoice", args=[first.pk]) + f"?cause={RATE.key}"
    page = clerk.get(url).content.decode()
    assert 'id="cell-5-row_vat_rate" value="255" autocomplete="off" autofocus' in page
    assert ("Error 1 of 2" in page, f"cause={RATE.key}" in page) == (True, True)
    posted = {"revision": "1", "cause": RATE.key, "cell-5-row_vat_rate": "24", "cell-6-row_vat_rate": "24"}
    assert clerk.post(url, posted).url == reverse("imports:invoice", args=[second.pk]) + f"?cause={RATE.key}"
    answer = clerk.post(reverse("imports:same", args=[batch.pk]), {"cause": RATE.key, "same": "x"})
    assert answer.url == f"{there}?cause={RATE.key}"
    clerk.post(reverse("imports:same", args=[batch.pk]), {"cause": RATE.key, "same": "24"})
    assert Import.objects.get(pk=batch.pk).error_count == 3
