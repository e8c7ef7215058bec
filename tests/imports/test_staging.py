"""A file is read, judged and counted; errors stand at their line and column."""

import datetime as dt
import random
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from ropo_portal.history.models import Entry
from ropo_portal.imports import readers, staging, tasks
from ropo_portal.imports.files import FileTooLarge
from ropo_portal.imports.models import Import, ImportedInvoice, ImportedLines
from ropo_portal.imports.operations import start_staging, stop_import
from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.models import Debtor
from tests.factories import AT, NATIONAL_IDS, make_user
from tests.imports.conftest import (
    NAMES,
    brought,
    clock,
    dies_after,
    invoices,
    line,
    made,
    read,
    texts,
    written,
)

pytestmark = pytest.mark.django_db
S = Import.State


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_file_becomes_invoices(environment, kind):
    batch = brought(environment, readers.example_file(kind), f"example.{kind}")
    assert (batch.state, batch.failure) == (S.SURVEYED, "")
    batch = read(batch)
    errors = [one.errors for one in batch.invoices.all() if one.errors]
    assert (batch.state, batch.new_count, batch.error_count, errors) == (S.STAGED, 2, 0, [])
    batch = made(batch)
    assert (batch.state, batch.created_count, Invoice.objects.count(), Debtor.objects.count()) == (
        S.CREATED,
        2,
        2,
        2,
    )


def faults(batch):
    """Line, column and code of every error, in the order of the invoices."""
    return [
        (fault["line"], fault["column"], fault["code"])
        for one in batch.invoices.order_by("position")
        for fault in one.errors
    ]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"invoice_number": ""}, "invoice_number", "required"),
        ({"invoice_number": "?"}, "invoice_number", "invoice_number"),
        ({"invoice_date": ""}, "invoice_date", "required"),
        ({"invoice_date": "31.2.2026"}, "invoice_date", "no_such_day"),
        ({"invoice_date": "1.1.2020", "due_date": "2.1.2020"}, "invoice_date", "date_range"),
        ({"due_date": "19.11.2026"}, "due_date", "due_before_date"),
        ({"row_description": ""}, "row_description", "required"),
        ({"row_description": "x" * 201}, "row_description", "too_long"),
        ({"row_price": "abc"}, "row_price", "not_a_number"),
        ({"row_price": ""}, "row_price", "required"),
        ({"row_price": "1,23456"}, "row_price", "too_many_decimals"),
        ({"row_price": "-5,00"}, "row_price", "not_positive"),
        ({"row_quantity": "0"}, "row_quantity", "row_without_quantity"),
        ({"row_vat_rate": "255"}, "row_vat_rate", "not_a_percentage"),
        ({"stated_total": "125,51"}, "stated_total", "sums_differ"),
        ({"debtor_id": "0000012-4"}, "debtor_id", "not_an_id"),
        ({"debtor_id": ""}, "debtor_kind", "kind_unknown"),
        ({"debtor_name": ""}, "debtor_name", "required"),
        ({"post_code": "1"}, "post_code", "postcode"),
        ({"street": "x" * 71}, "street", "too_long"),
    ],
)
def test_an_error_stands_at_its_line_and_column(staged, change, column, code):
    batch = staged([line(invoice_number="A-999"), line(**change)])
    assert (2 + 1, column, code) in faults(batch)
    assert (batch.new_count, batch.error_count) == (1, 1)
    assert {one.verdict for one in batch.invoices.all()} == {"new", "error"}


def test_lines_of_one_invoice_agree(staged):
    batch = staged([line(), line(due_date="5.12.2026", row_price="1,00"), line(row_price="2,00")])
    assert faults(batch) == [(3, "due_date", "differs")]
    assert [number for number, _cells, _problems in texts(batch.invoices.get())] == [2, 3, 4]


def test_lines_that_stand_apart_are_one_invoice(environment):
    rows = invoices(5, rows=2)
    kinds = [
        row | {"debtor_id": "0000012-3", "debtor_number": "7"} | {"debtor_name": "Yritys Oy"} for row in rows
    ]
    batch = brought(environment, written([*kinds[::2], *kinds[1::2]]))
    start_staging(batch=batch, actor=make_user(), at=AT)
    staging.stage(batch.pk, clock=clock, size=2)
    batch.refresh_from_db()
    assert (batch.new_count, batch.error_count, batch.line_count) == (5, 0, 10)
    assert {len(texts(one)) for one in batch.invoices.all()} == {2}
    made(batch)
    assert {invoice.rows.count() for invoice in Invoice.objects.all()} == {2}


def test_what_is_there_already_is_existing_and_no_error(environment, staged):
    made(staged([line()]))
    batch = staged([line(due_date="1.1.2020"), line(invoice_number="A-1001")])
    assert (batch.existing_count, batch.new_count, batch.error_count) == (1, 1, 0)
    assert made(batch).created_count == 1
    assert Invoice.objects.count() == 2


def test_a_reference_is_given_once_in_a_file(staged):
    batch = staged([line(invoice_number="A-1234"), line(invoice_number="B-1234"), line(invoice_number="C-9")])
    assert faults(batch) == [(3, "reference", "reference_twice"), (4, "reference", "too_short")]


def test_a_new_debtor_is_told_of_once(staged):
    batch = staged([line(), line(invoice_number="A-1001", street="Toinen katu 2")])
    assert faults(batch) == [(3, "debtor_name", "debtor_told_twice")]


def test_without_numbers_the_series_gives_them(environment, staged):
    environment.next_number = 500
    environment.save()
    names = tuple(name for name in NAMES if name != "invoice_number")
    batch = staged([line(), line()], names=names)
    assert (batch.new_count, batch.error_count) == (2, 0)
    made(batch)
    assert sorted(Invoice.objects.values_list("number", flat=True)) == ["500", "501"]


def test_identity_codes_are_sealed_and_never_in_errors(staged):
    code = NATIONAL_IDS["FI"]
    person = line(debtor_id=code, debtor_name="Aino Esimerkki")
    wrong = line(
        invoice_number="A-2000", debtor_id="131052-308A", debtor_number="9", debtor_name="Eero Esimerkki"
    )
    batch = staged([person, wrong])
    assert faults(batch) == [(3, "debtor_id", "not_an_id")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM imports_importedlines")
        lines = str(cursor.fetchall())
        cursor.execute("SELECT * FROM imports_importedinvoice")
        rows = str(cursor.fetchall())
    assert not any(text in lines + rows for text in (code, "131052-308A"))
    made(batch)
    assert Debtor.objects.get().national_id == code
    assert code not in str(list(Entry.objects.values()))


def test_counts_add_up_whatever_the_file(staged, environment):
    made(staged(invoices(3)))
    rng = random.Random(7)  # noqa: S311 -- the same files every time
    for _round in range(4):
        broken = [
            row | rng.choice([{}, {}, {"row_price": "x"}, {"due_date": "1.1.2020"}, {"debtor_id": "1"}])
            for row in invoices(20, rows=2)
        ]
        rng.shuffle(broken)
        batch = staged(broken)
        kept = Counter(batch.invoices.values_list("verdict", flat=True))
        assert kept == Counter(new=batch.new_count, existing=batch.existing_count, error=batch.error_count)
        assert batch.invoice_count == 20 == batch.invoices.count()
        assert batch.line_count == 40 == sum(len(texts(one)) for one in batch.invoices.all())


def test_reading_begins_afresh_when_a_worker_died(environment):
    batch = brought(environment, written(invoices(7)))
    start_staging(batch=batch, actor=make_user(), at=AT)
    with pytest.raises(KeyboardInterrupt):
        staging.stage(batch.pk, clock=dies_after(4), size=2)
    assert ImportedInvoice.objects.count() == 4
    staging.stage(batch.pk, clock=clock, size=2)
    batch.refresh_from_db()
    assert (batch.state, batch.new_count, batch.invoices.count()) == (S.STAGED, 7, 7)


def test_a_worker_that_was_overtaken_writes_nothing(environment):
    batch = brought(environment, written(invoices(2)))
    start_staging(batch=batch, actor=make_user(), at=AT)
    stop_import(batch=batch, actor=make_user(), at=AT)
    staging.stage(batch.pk, clock=clock)
    batch.refresh_from_db()
    assert (batch.state, batch.invoices.count()) == (S.STOPPED, 0)
    read(batch)
    assert batch.invoices.count() == 2


def test_the_sweep_rings_again_for_the_silent(environment, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.stage, "apply_async", lambda kwargs, **_rest: rung.append(kwargs["batch_id"]))
    batch = brought(environment, written(invoices(1)))
    start_staging(batch=batch, actor=make_user(), at=AT)
    rung.clear()
    Import.objects.update(moved_at=timezone.now() - dt.timedelta(minutes=10))
    tasks.sweep()
    assert rung == [str(batch.pk)]
    Import.objects.update(moved_at=timezone.now())
    tasks.sweep()
    assert rung == [str(batch.pk)]


def test_what_ended_long_ago_is_let_go(staged):
    batch = made(staged([line()]))
    tasks.clear(AT)
    assert ImportedLines.objects.count() == 1
    tasks.clear(AT + dt.timedelta(days=31))
    batch.refresh_from_db()
    assert (ImportedLines.objects.count(), batch.is_cleared, batch.is_editable) == (0, True, False)
    assert batch.pieces.count() == 0


def test_a_broken_file_fails_in_a_sentence(environment):
    batch = brought(environment, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls")
    assert batch.state == S.FAILED
    assert batch.failure


def test_a_file_above_the_limit_is_refused(environment, settings):
    settings.IMPORT_SIZE_LIMIT = 100
    with pytest.raises(FileTooLarge):
        brought(environment, b"x" * 101)
    assert Import.objects.count() == 0


def test_the_bytes_are_sealed(environment):
    batch = brought(environment, written([line()]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM imports_importpiece")
        assert "Kuvitteellinen" not in cursor.fetchone()[0]
    assert b"Kuvitteellinen" in batch.pieces.get().content
