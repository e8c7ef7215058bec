"""Drafts: numbers, references, what is refused, what the history keeps."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.content import InvoiceContent, RowContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.numbering import NumberTaken, ReferenceTaken
from ropo_portal.invoices.operations import (
    CannotChange,
    DocumentHasChanged,
    change_invoice,
    copy_invoice,
    create_invoice,
    discard_invoice,
)
from tests.factories import (
    AT,
    make_content,
    make_creditor,
    make_debtor,
    make_environment,
    make_invoice,
    make_user,
)

pytestmark = pytest.mark.django_db
ROW = RowContent("Nuohous", Decimal("10.01"), Decimal("25.5"))


def refused(environment, **fields):
    """Return code and field of the refusal."""
    content = make_content(fields.pop("debtor", None) or make_debtor(environment.creditor), **fields)
    with pytest.raises(DomainError) as caught:
        create_invoice(environment=environment, content=content, actor=make_user(), at=AT)
    assert not Invoice.objects.exists()
    return caught.value.code, caught.value.field


def test_the_series_gives_numbers_and_references(environment):
    environment.next_number = 123456
    environment.save()
    first, second = make_invoice(environment), make_invoice(environment)
    assert (first.number, first.reference) == ("123456", "1234561")
    assert (second.number, second.reference) == ("123457", "1234574")


def test_a_finnish_series_begins_where_references_can_be_made(environment):
    assert make_invoice(environment).number == "100"


@pytest.mark.parametrize(
    ("country", "kind", "number", "reference"),
    [
        ("SE", "ocr", 1234567, "12345674"),
        ("SE", "ocr-length", 1234567, "123456790"),
        ("NO", "kid10", 60224, "602243"),
        ("NO", "kid11", 1234567, "12345674"),
        ("FI", "rf", 123456, "RF341234561"),
    ],
)
def test_each_creditor_has_its_kind_of_reference(country, kind, number, reference):
    creditor = make_creditor(country, reference_kind=kind)
    environment = make_environment(creditor, next_number=number)
    assert make_invoice(environment).reference == reference


def test_taken_numbers_are_skipped(environment):
    environment.next_number = 500
    environment.save()
    make_invoice(environment, number="500")
    assert make_invoice(environment).number == "501"


def test_vat_is_rounded_once_per_rate_and_stored(environment):
    invoice = make_invoice(environment, rows=(ROW, ROW, ROW))
    assert (invoice.net_amount, invoice.vat_amount, invoice.total_amount) == (
        Decimal("30.03"),
        Decimal("7.66"),
        Decimal("37.69"),
    )


@pytest.mark.parametrize("typed", ["a-1 ", "A-1", " A-1", "A-1\u200b".replace("\u200b", "")])
def test_the_same_number_written_otherwise_is_the_same(environment, typed):
    first = make_invoice(environment, number="A-1", reference="1232")
    with pytest.raises(NumberTaken) as caught:
        make_invoice(environment, number=typed)
    assert caught.value.invoice == first
    assert "A-1" in str(caught.value)


def test_a_reference_is_never_used_twice(environment):
    first = make_invoice(environment, reference="1234561")
    with pytest.raises(ReferenceTaken) as caught:
        make_invoice(environment, reference="12345 61")
    assert (caught.value.invoice, caught.value.field) == (first, "reference")


def test_a_number_without_digits_asks_for_a_reference(environment):
    assert refused(environment, number="ABC") == ("not_digits", "reference")


def test_a_wrong_check_digit_may_be_kept(environment):
    assert make_invoice(environment, reference="1234562").reference == "1234562"


DAY = dt.timedelta(days=1)
TODAY = AT.date()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"due_date": TODAY - DAY}, ("due_before_date", "due_date")),
        ({"due_date": TODAY + 400 * DAY}, ("due_too_late", "due_date")),
        ({"invoice_date": dt.date(1999, 1, 1)}, ("date_range", "invoice_date")),
        ({"supply_date": TODAY + 3000 * DAY}, ("date_range", "supply_date")),
        ({"channel": "pigeon"}, ("channel_unknown", "channel")),
        ({"number": "12\u0430"}, ("invoice_number", "number")),
        ({"rows": (replace(ROW, description=" "),)}, ("row_without_description", "rows-0-description")),
        ({"rows": (ROW, replace(ROW, quantity=Decimal(0)))}, ("row_without_quantity", "rows-1-quantity")),
        ({"rows": (replace(ROW, vat_rate=Decimal(250)),)}, ("vat_rate_impossible", "rows-0-vat_rate")),
        ({"rows": (replace(ROW, vat_rate=Decimal(-1)),)}, ("vat_rate_impossible", "rows-0-vat_rate")),
        ({"rows": (replace(ROW, discount=Decimal(101)),)}, ("discount_impossible", "rows-0-discount")),
        ({"rows": (replace(ROW, unit_price=Decimal(100_000_000)),)}, ("above_limit", "rows-0-unit_price")),
        ({"rows": (replace(ROW, unit_price=Decimal(90_000_000)),)}, ("above_limit", "rows")),
        (
            {"rows": (replace(ROW, start_date=TODAY, end_date=TODAY - DAY),)},
            ("period_backwards", "rows-0-end_date"),
        ),
        ({"rows": (ROW,) * 501}, ("too_many_rows", "rows")),
        ({"extras": {"fixed_fee": True, "finance": "1"}}, ("fee_with_finance", "fixed_fee")),
        ({"extras": {"plan_months": "1"}}, ("plan_count_or_amount", "plan_count")),
        ({"extras": {"plan_count": "3"}}, ("plan_without_months", "plan_months")),
        ({"extras": {"cash_discount_1_percent": "2"}}, ("discount_without_day", "cash_discount_1_date")),
        ({"extras": {"cash_discount_1_date": "2027-12-01"}}, ("discount_day", "cash_discount_1_date")),
    ],
)
def test_what_no_draft_may_hold(environment, fields, refusal):
    assert refused(environment, **fields) == refusal


def test_a_foreign_debtor_is_not_found(environment):
    assert refused(environment, debtor=make_debtor()) == ("debtor_not_found", "debtor")


def test_a_draft_may_be_empty_of_rows(environment):
    assert make_invoice(environment, rows=()).total_amount == 0


def test_creating_leaves_one_line_without_names(environment):
    invoice = make_invoice(environment)
    entry = Entry.objects.about(invoice).get()
    assert (entry.verb, entry.after["total"], entry.after["revision"]) == ("invoice.created", "125.50", 1)
    assert invoice.debtor.name not in str(entry.after)


def test_changing_keeps_before_and_after(environment):
    invoice = make_invoice(environment)
    content = replace(InvoiceContent.of(invoice), our_reference="Anna", rows=(ROW,))
    changed = change_invoice(invoice=invoice, content=content, revision=1, actor=make_user(), at=AT)
    assert (changed.revision, changed.total_amount) == (2, Decimal("12.56"))
    entry = Entry.objects.about(invoice).get(verb="invoice.changed")
    assert entry.before == {"our_reference": "", "total": "125.50", "rows": ["Consulting: 1 × 100, 25.5 %"]}
    assert set(entry.after) == {"our_reference", "total", "rows", "revision"}


def test_saving_what_is_there_changes_nothing(environment):
    invoice = make_invoice(environment)
    content = InvoiceContent.of(invoice)
    assert (
        change_invoice(invoice=invoice, content=content, revision=1, actor=make_user(), at=AT).revision == 1
    )
    assert Entry.objects.about(invoice).count() == 1


def test_the_slower_clerk_hears_what_the_faster_one_did(environment):
    invoice = make_invoice(environment)
    content = InvoiceContent.of(invoice)
    faster = make_user(name="Maija")
    change_invoice(
        invoice=invoice, content=replace(content, our_reference="M"), revision=1, actor=faster, at=AT
    )
    with pytest.raises(DocumentHasChanged) as caught:
        change_invoice(
            invoice=invoice, content=replace(content, order_number="7"), revision=1, actor=make_user(), at=AT
        )
    (change,) = caught.value.changes
    assert (str(change.label), change.before, change.after, change.by) == ("our reference", "", "M", "Maija")


def test_a_discarded_draft_gives_its_number_back(environment):
    invoice = make_invoice(environment, number="77", reference="1232")
    discard_invoice(invoice=invoice, revision=1, actor=make_user(), at=AT)
    assert make_invoice(environment, number="77", reference="1232").number == "77"
    with pytest.raises(CannotChange):
        discard_invoice(invoice=invoice, revision=2, actor=make_user(), at=AT)


def test_a_copy_is_a_new_draft_of_today(environment):
    invoice = make_invoice(
        environment, our_reference="Anna", extras={"template": "A", "plan_months": "1", "plan_count": "2"}
    )
    later = AT + dt.timedelta(days=30)
    copy = copy_invoice(invoice=invoice, actor=make_user(), at=later)
    assert copy.number != invoice.number
    assert copy.reference != invoice.reference
    assert (copy.invoice_date, copy.due_date) == (later.date(), later.date() + 14 * DAY)
    assert (copy.our_reference, copy.extras, copy.total_amount) == (
        "Anna",
        {"template": "A"},
        invoice.total_amount,
    )
