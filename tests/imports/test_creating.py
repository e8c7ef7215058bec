"""Invoices out of a file: all that is green, once, in blocks; and taken back as long as nothing was sent."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.history.models import Entry
from ropo_portal.imports import creating
from ropo_portal.imports.models import Import, ImportedDebtor, StateHasMoved
from ropo_portal.imports.operations import (
    CannotWithdraw,
    CountDiffers,
    choose_invoice,
    choose_layout,
    look_at,
    mend_invoice,
    start_creating,
    stop_import,
    take_failed_rows,
    withdraw_import,
)
from ropo_portal.imports.operations.bringing import NothingToRead
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import change_invoice, create_invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.operations import erase_debtors
from tests.factories import AT, make_content, make_creditor, make_debtor, make_environment, make_user, queue
from tests.imports.conftest import brought, clock, company, dies_after, invoices, line, made, read, written

pytestmark = pytest.mark.django_db
S = Import.State


def test_what_was_created_is_what_the_file_says(environment, staged):
    made(staged([line(row_quantity="2", row_price="10,5055"), line(row_description="Matka", row_price="33")]))
    invoice = Invoice.objects.get()
    assert (invoice.number, str(invoice.total_amount), invoice.debtor.name) == (
        "A-1000",
        "67.78",
        "Kuvitteellinen Oy",
    )
    assert [(row.position, row.description, str(row.unit_price)) for row in invoice.rows.all()] == [
        (1, "Huolto", "10.5055"),
        (2, "Matka", "33.0000"),
    ]
    assert (invoice.debtor.customer_number, invoice.debtor.business_id) == ("7001", "0000012-3")


def test_everything_is_told_in_the_history(environment, staged):
    batch = made(staged(invoices(3)))
    verbs = list(Entry.objects.about(batch).order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["import.uploaded", "import.staged", "import.started", "import.finished"]
    for invoice in Invoice.objects.all():
        entry = Entry.objects.about(invoice).get()
        assert (entry.verb, entry.after["import"], entry.actor_label) == (
            "invoice.created",
            str(batch.pk),
            "Maker",
        )
    assert Entry.objects.all().first_broken(environment.creditor_id) is None


def test_a_block_that_died_left_nothing_and_nothing_comes_twice(environment, staged):
    batch = staged(invoices(9))
    start_creating(batch=batch, typed="9", actor=make_user(), at=AT)
    for looks in (4, 5, 2, 1):
        with pytest.raises(KeyboardInterrupt):
            creating.create(batch.pk, clock=dies_after(looks), size=2)
        batch.refresh_from_db()
        assert batch.created_count == Invoice.objects.count() == batch.invoices.exclude(invoice=None).count()
    assert 0 < Invoice.objects.count() < 9
    creating.create(batch.pk, clock=clock, size=2)
    batch.refresh_from_db()
    assert (batch.state, batch.created_count, Invoice.objects.count(), Debtor.objects.count()) == (
        S.CREATED,
        9,
        9,
        4,
    )
    assert Entry.objects.all().first_broken(environment.creditor_id) is None


def test_a_second_worker_finds_nothing_to_do(staged):
    batch = made(staged(invoices(3)))
    creating.create(batch.pk, clock=clock)
    assert Invoice.objects.count() == 3


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_clerks_ask_at_once_and_one_wins(environment):
    batch = read(brought(environment, written(invoices(5))))
    outcomes, gate = [], threading.Barrier(2)

    def ask():
        mine = Import.objects.get(pk=batch.pk)
        gate.wait()
        try:
            start_creating(batch=mine, typed="5", actor=make_user(), at=AT)
            outcomes.append("won")
        except StateHasMoved:
            outcomes.append("lost")
        finally:
            connection.close()

    clerks = [threading.Thread(target=ask) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(outcomes) == ["lost", "won"]
    creating.create(batch.pk, clock=clock)
    assert Invoice.objects.count() == 5


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_create_nothing_twice(environment):
    batch = read(brought(environment, written(invoices(30))))
    start_creating(batch=batch, typed="30", actor=make_user(), at=AT)
    gate = threading.Barrier(2)

    def work():
        gate.wait()
        try:
            creating.create(batch.pk, clock=clock, size=3)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    batch.refresh_from_db()
    assert (batch.state, batch.created_count, Invoice.objects.count()) == (S.CREATED, 30, 30)


def test_many_need_the_count_in_the_clerks_own_hand(staged):
    batch = staged(invoices(21))
    for typed in ("", "20", "all"):
        with pytest.raises(CountDiffers):
            start_creating(batch=batch, typed=typed, actor=make_user(), at=AT)
    assert start_creating(batch=batch, typed="21", actor=make_user(), at=AT) == 21


def test_what_was_taken_meanwhile_is_told_and_not_created(environment, staged):
    batch = staged(invoices(3))
    debtor = make_debtor(environment.creditor)
    create_invoice(
        environment=environment, content=make_content(debtor, number="A-1001"), actor=make_user(), at=AT
    )
    batch = made(batch)
    assert (batch.created_count, batch.new_count, batch.existing_count) == (2, 2, 1)
    assert batch.invoices.get(key="a-1001").verdict == "existing"


def test_what_is_left_out_stays_out(staged):
    batch = staged(invoices(3))
    choose_invoice(imported=batch.invoices.get(key="a-1001"), is_included=False, actor=make_user(), at=AT)
    batch = made(batch)
    assert sorted(Invoice.objects.values_list("number", flat=True)) == ["A-1000", "A-1002"]


def test_a_stopped_import_goes_on(staged):
    batch = staged(invoices(6))
    start_creating(batch=batch, typed="6", actor=make_user(), at=AT)
    with pytest.raises(KeyboardInterrupt):
        creating.create(batch.pk, clock=dies_after(4), size=2)
    batch = Import.objects.get(pk=batch.pk)
    stop_import(batch=batch, actor=make_user(), at=AT)
    creating.create(batch.pk, clock=clock)
    assert Invoice.objects.count() == 2
    assert made(Import.objects.get(pk=batch.pk)).created_count == 6


def test_withdrawing_takes_back_what_only_it_brought(environment, staged):
    known = make_debtor(environment.creditor, customer_number="7000", business_id="0000012-3")
    batch = made(staged(invoices(8)))
    assert (Invoice.objects.count(), Debtor.objects.count(), ImportedDebtor.objects.count()) == (8, 4, 3)
    assert withdraw_import(batch=batch, actor=make_user(), at=AT) == 8
    assert (Invoice.objects.count(), list(Debtor.objects.all())) == (0, [known])
    assert Entry.objects.filter(verb="invoice.discarded").count() == 8
    assert Entry.objects.filter(verb="debtor.discarded").count() == 3
    assert Entry.objects.all().first_broken(environment.creditor_id) is None
    assert made(staged(invoices(8))).created_count == 8


def test_a_draft_somebody_worked_on_stays_to_be_seen(staged):
    batch = made(staged(invoices(2)))
    first = Invoice.objects.get(number="A-1000")
    content = InvoiceContent.of(first)
    change_invoice(
        invoice=first,
        content=make_content(first.debtor, rows=content.rows),
        revision=1,
        actor=make_user(),
        at=AT,
    )
    withdraw_import(batch=batch, actor=make_user(), at=AT)
    assert [invoice.discarded_at is None for invoice in Invoice.objects.all()] == [False]
    assert list(Debtor.objects.values_list("customer_number", flat=True)) == ["7000"]


def test_what_was_sent_is_not_withdrawn(environment, staged):
    batch = made(staged(invoices(2)))
    invoice = Invoice.objects.first()
    Invoice.objects.filter(pk=invoice.pk).update(
        submission=queue(environment, number=invoice.number, document_id=invoice.pk)
    )
    with pytest.raises(CannotWithdraw):
        withdraw_import(batch=batch, actor=make_user(), at=AT)
    assert Invoice.objects.filter(discarded_at=None).count() == 2


def test_mending_a_cell_checks_this_invoice_alone(staged):
    batch = staged([line(row_price="x"), line(invoice_number="A-1001", row_price="y")])
    first = batch.invoices.get(key="a-1000")
    judged = mend_invoice(
        imported=first, revision=1, cells={(2, "row_price"): "12,50"}, actor=make_user(), at=AT
    )
    batch.refresh_from_db()
    assert (judged.verdict, batch.new_count, batch.error_count) == ("new", 1, 1)
    assert batch.invoices.get(key="a-1001").errors[0]["code"] == "not_a_number"
    with pytest.raises(StateHasMoved):
        mend_invoice(imported=first, revision=1, cells={(2, "row_price"): "1"}, actor=make_user(), at=AT)
    made(batch)
    assert str(Invoice.objects.get().net_amount) == "12.50"


def test_mending_head_cells_speaks_for_all_lines(staged):
    batch = staged([line(), line(due_date="5.12.2026")])
    one = batch.invoices.get()
    mend_invoice(imported=one, revision=1, cells={(2, "due_date"): "6.12.2026"}, actor=make_user(), at=AT)
    made(batch)
    assert Invoice.objects.get().due_date.isoformat() == "2026-12-06"


def test_a_number_of_another_invoice_of_the_file_is_refused(staged):
    batch = staged(invoices(2))
    one = batch.invoices.get(key="a-1001")
    with pytest.raises(Exception, match="Another invoice of this file"):
        mend_invoice(
            imported=one, revision=1, cells={(3, "invoice_number"): "a-1000"}, actor=make_user(), at=AT
        )


FOUND = [
    ("number", {"customer_number": "7001"}, {"debtor_id": "", "debtor_name": "?"}, ""),
    ("id", {"business_id": "0000012-3"}, {"debtor_number": ""}, ""),
    ("id before name", {"business_id": "0000012-3", "name": "X"}, {}, ""),
    ("name and post code", {"name": "KUVITTEELLINEN OY"}, {"debtor_number": "", "debtor_id": ""}, ""),
    ("another post code", {"name": "Kuvitteellinen Oy", "postcode": "00200"}, {}, "new"),
    (
        "number and another id",
        {"customer_number": "7001", "business_id": "0000013-1"},
        {},
        "debtor_contradicts",
    ),
    ("id and another number", {"customer_number": "8", "business_id": "0000012-3"}, {}, "debtor_contradicts"),
]


@pytest.mark.parametrize(
    ("stored", "cells", "code"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND]
)
def test_how_a_line_finds_its_debtor(environment, staged, stored, cells, code):
    debtor = make_debtor(environment.creditor, **{"business_id": "", "postcode": "00100"} | stored)
    batch = staged([line(**cells)])
    one = batch.invoices.get()
    if code not in ("", "new"):
        assert [fault["code"] for fault in one.errors] == [code]
        return
    made(batch)
    assert (Invoice.objects.get().debtor == debtor) is (code == "")


def test_several_debtors_of_one_name_are_never_guessed(environment, staged):
    for _ in range(2):
        make_debtor(environment.creditor, name="Kuvitteellinen Oy", postcode="00100", business_id="")
    batch = staged([line(debtor_number="", debtor_id="")])
    assert [fault["code"] for fault in batch.invoices.get().errors] == ["several_debtors"]


@pytest.mark.parametrize(
    "cells", [{"debtor_number": "8"}, {"debtor_number": ""}, {"debtor_number": "", "debtor_id": ""}]
)
def test_a_merged_double_means_the_debtor_it_became(environment, staged, cells):
    same = {"name": "Kuvitteellinen Oy", "postcode": "00100", "business_id": "0000012-3"}
    kept = make_debtor(environment.creditor, customer_number="7", **same)
    double = make_debtor(environment.creditor, customer_number="8", **same)
    Debtor.objects.filter(pk=double.pk).update(merged_into=kept, merged_at=AT)
    made(staged([line(**cells)]))
    assert (Invoice.objects.get().debtor, Debtor.objects.count()) == (kept, 2)


def test_debtors_of_other_creditors_are_never_found(staged):
    make_debtor(make_creditor(), customer_number="7001", business_id="0000012-3")
    batch = made(staged([line()]))
    assert ImportedDebtor.objects.filter(batch=batch).count() == 1


def test_the_database_keeps_strangers_apart(environment, staged):
    batch = made(staged([line()]))
    other = make_environment(make_creditor())
    foreign = create_invoice(
        environment=other, content=make_content(make_debtor(other.creditor)), actor=make_user(), at=AT
    )
    attempts = [
        lambda: Import.objects.filter(pk=batch.pk).update(environment=other),
        lambda: Import.objects.filter(pk=batch.pk).update(sha256="0"),
        lambda: Import.objects.filter(pk=batch.pk).update(state=S.SURVEYED),
        lambda: batch.invoices.update(invoice=foreign),
        lambda: batch.invoices.update(is_included=False),
        lambda: ImportedDebtor.objects.create(debtor=foreign.debtor, batch=batch),
        lambda: Import.objects.filter(pk=batch.pk).update(state="nonsense"),
    ]
    for attempt in attempts:
        with pytest.raises(Exception, match=r"imports|import_|CHECK|imported_"), transaction.atomic():
            attempt()
    assert CreditorEnvironment.objects.get(pk=batch.environment_id) == environment
    assert company(0)["debtor_number"] == "7000"


def test_columns_are_settled_only_before_the_file_is_read(environment):
    batch = brought(environment, written([line()]))
    survey = look_at(batch)
    read(batch)
    batch.refresh_from_db()
    choose_layout(batch=batch, survey=survey, keep_as="", actor=make_user(), at=AT)
    batch = made(read(Import.objects.get(pk=batch.pk)))
    with pytest.raises(NothingToRead):
        choose_layout(batch=batch, survey=survey, keep_as="", actor=make_user(), at=AT)


def test_taking_the_wrong_lines_away_is_told_in_the_history(staged):
    batch = staged([line(row_price="x")])
    assert b"Huolto" in take_failed_rows(batch=batch, actor=make_user(), at=AT)
    assert Entry.objects.about(batch).order_by("sequence").last().after == {"invoices": 1}


def test_a_debtor_somebody_needs_is_not_erased(environment):
    debtor = make_debtor(environment.creditor)
    create_invoice(environment=environment, content=make_content(debtor), actor=make_user(), at=AT)
    with pytest.raises(ProtectedError):
        erase_debtors(debtors=[debtor], reason="", actor=make_user(), at=AT)
    assert Debtor.objects.filter(pk=debtor.pk).exists()
