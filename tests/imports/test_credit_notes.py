"""Credit notes of a file: judged like invoices, written for invoices that Ropo One has, taken back with the file."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.imports.models import Import, StateHasMoved
from ropo_portal.imports.operations import CannotWithdraw, mend_invoice, withdraw_import
from ropo_portal.invoices.content import RowContent
from ropo_portal.invoices.models import CreditNote, Invoice
from ropo_portal.invoices.operations import post_credit_note
from tests.collection.conftest import make_sent_invoice
from tests.factories import AT, make_creditor, make_debtor, make_environment, make_user
from tests.imports.conftest import HEADERS, NAMES, brought, line, made, read
from tests.imports.readers.documents import finvoice, finvoice_row, ubl

pytestmark = pytest.mark.django_db
ROWS = (
    RowContent("Huolto", Decimal("100.00"), Decimal("25.5"), quantity=Decimal(2)),
    RowContent("Matka", Decimal("10.00"), Decimal("25.5")),
)
TOTAL = "-125,50"


@pytest.fixture
def invoice(environment):
    debtor = make_debtor(environment.creditor, customer_number="7001", business_id="0000012-3")
    return make_sent_invoice(environment, debtor=debtor, number="L-2001", rows=ROWS)


def credit(**cells):
    """Return a line that credits one of the two hours of service."""
    given = {
        "invoice_number": "H-1001",
        "row_quantity": "-1",
        "stated_total": TOTAL,
        "credits_number": "L-2001",
    }
    return line(**{**given, "due_date": "", **cells})


def staged(environment, *rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    names = (*NAMES, "credits_number", "message")
    writer.writerow([*HEADERS, "Credits invoice", "Text on the invoice"])
    writer.writerows([[row.get(name, "") for name in names] for row in rows])
    batch = brought(environment, out.getvalue().encode())
    assert {"credits_number", "message"} <= set(batch.layout["columns"].values())
    return read(batch)


def faults(batch):
    return [(one["line"], one["column"], one["code"]) for row in batch.invoices.all() for one in row.errors]


def test_a_credit_note_of_a_file_is_written_and_waits_to_be_sent(environment, invoice):
    batch = made(staged(environment, credit(message="Väärä hinta"), line(invoice_number="L-3001")))
    note = CreditNote.objects.get()
    facts = (
        note.number,
        note.invoice,
        str(note.total_amount),
        note.reason,
        note.state,
        note.date.isoformat(),
    )
    assert facts == ("H-1001", invoice, "125.50", "Väärä hinta", "draft", "2026-11-20")
    assert [(str(row.quantity), row.row.description) for row in note.rows.all()] == [("1.0000", "Huolto")]
    assert (batch.created_count, batch.new_count, batch.state) == (2, 2, "created")
    assert Invoice.objects.filter(number="L-3001").count() == 1
    assert batch.invoices.get(number="H-1001").total_amount == Decimal("-125.50")
    entry = Entry.objects.about(note).get()
    assert (entry.verb, entry.actor_label) == ("credit_note.written", "Maker")
    assert Entry.objects.all().first_broken(environment.creditor_id) is None


def test_the_same_credit_note_again_exists(environment, invoice):
    made(staged(environment, credit()))
    batch = staged(environment, credit(), credit(invoice_number="L-2001"))
    assert [one.verdict for one in batch.invoices.order_by("position")] == ["existing", "error"]
    assert "L-2001" in CreditNote.objects.get().reason


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"credits_number": ""}, ("credits_number", "required")),
        ({"credits_number": "L-9"}, ("credits_number", "not_found")),
        ({"credits_number": "A-1000"}, ("credits_number", "not_found")),
        ({"row_description": "Muuta"}, ("row_description", "not_on_invoice")),
        ({"row_vat_rate": "14"}, ("row_description", "not_on_invoice")),
        ({"row_quantity": "-3", "stated_total": "-376,50"}, ("row_quantity", "grows")),
        ({"row_price": "101", "stated_total": "-126,76"}, ("row_price", "grows")),
        ({"stated_total": "-125,51"}, ("stated_total", "sums_differ")),
        ({"invoice_date": "1.8.2026"}, ("invoice_date", "before_invoice")),
        ({"invoice_date": "1.1.2027"}, ("invoice_date", "future")),
        ({"row_price": "x"}, ("row_price", "not_a_number")),
        ({"message": "x" * 501}, ("message", "too_long")),
        ({"debtor_number": "8"}, ("debtor_name", "debtor_contradicts")),
    ],
)
def test_an_error_stands_at_its_line_and_column(environment, invoice, cells, found):
    make_debtor(environment.creditor, customer_number="8", business_id="0000013-1", name="Toinen Oy")
    if cells.get("debtor_number") == "8":
        cells = {**cells, "debtor_id": "0000013-1", "debtor_name": "Toinen Oy"}
    batch = staged(environment, line(), credit(**cells))
    assert (3, *found) in faults(batch)
    assert (batch.new_count, batch.error_count) == (1, 1)


def test_what_is_no_longer_open_is_not_credited(environment, invoice):
    make = staged(environment, credit())
    other = staged(environment, credit(invoice_number="H-1002"), credit(invoice_number="H-1003"))
    assert faults(other) == [(3, "credits_number", "credited_twice")]
    made(make)
    batch = made(other)
    assert (batch.created_count, batch.error_count, CreditNote.objects.count()) == (0, 2, 1)
    assert batch.invoices.get(number="H-1002").errors[0]["code"] == "unfinished"


def test_a_credit_note_is_mended_like_an_invoice(environment, invoice, signed_in):
    batch = staged(environment, credit(credits_number="L-2"))
    one = batch.invoices.get()
    cells = {(2, "credits_number"): "L-2001"}
    judged = mend_invoice(imported=one, revision=1, cells=cells, actor=make_user(), at=AT)
    assert (judged.verdict, judged.total) == ("new", Decimal("-125.50"))
    clerk, there = signed_in("clerk"), reverse("imports:detail", args=[batch.pk])
    assert "Create 1 draft" in clerk.get(there).content.decode()
    made(Import.objects.get(pk=batch.pk))
    page = clerk.get(there).content.decode()
    assert reverse("invoices:credit-note", args=[one.pk]) in page
    one.refresh_from_db()
    with pytest.raises(StateHasMoved):
        mend_invoice(imported=one, revision=2, cells=cells, actor=make_user(), at=AT)


def test_withdrawing_takes_credit_notes_back_until_one_was_sent(environment, invoice):
    batch = made(staged(environment, credit(), line()))
    withdraw_import(batch=batch, actor=make_user(), at=AT)
    assert CreditNote.objects.get().state == "cancelled"
    other = made(staged(environment, credit(invoice_number="H-1002")))
    post_credit_note(note=CreditNote.objects.kept().get(), actor=make_user(), at=AT)
    with pytest.raises(CannotWithdraw):
        withdraw_import(batch=other, actor=make_user(), at=AT)


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_finvoice_of_type_inv02_is_a_credit_note(environment, sign):
    debtor = make_debtor(environment.creditor, customer_number="", business_id="0000012-3")
    row = RowContent("Huoltosopimus", Decimal(1250), Decimal("25.5"), quantity=Decimal(2))
    make_sent_invoice(environment, debtor=debtor, number="20250009", rows=(row,))
    named = "<OriginalInvoiceNumber>20250009</OriginalInvoiceNumber>"
    rows = finvoice_row().replace(">2<", f">{sign}2<")
    content = finvoice(rows, number="20260011", code="INV02", details=named)
    batch = made(
        read(brought(environment, content.replace(">3137,50<", f">{sign}3137,50<").encode(), "h.xml"))
    )
    assert (faults(batch), batch.created_count) == ([], 1)
    note = CreditNote.objects.get()
    assert (note.number, str(note.total_amount), note.reason) == (
        "20260011",
        "3137.50",
        "Kiitos tilauksesta",
    )


def test_a_ubl_credit_note_is_one():
    environment = make_environment(make_creditor("NO"))
    debtor = make_debtor(environment.creditor, customer_number="1001", business_id="310000019")
    row = RowContent("Konsulttime", Decimal(125), Decimal(25), quantity=Decimal(8))
    make_sent_invoice(environment, debtor=debtor, number="N-16", rows=(row,))
    batch = made(read(brought(environment, ubl("CreditNote").encode(), "h.xml")))
    assert (faults(batch), batch.created_count) == ([], 1)
    assert str(CreditNote.objects.get().total_amount) == "1250.00"


def test_an_invoice_that_names_one_it_credits_is_an_error():
    environment = make_environment(make_creditor("NO"))
    batch = read(brought(environment, ubl("Invoice").encode(), "h.xml"))
    assert (1, "credits_number", "credit_note") in faults(batch)


def test_two_runs_write_nothing_twice(environment, invoice):
    batch = made(staged(environment, credit()))
    assert batch.invoices.crediting().count() == batch.invoices.ready().count() == 0
    assert CreditNote.objects.count() == 1
