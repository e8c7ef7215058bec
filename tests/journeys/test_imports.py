"""A month's file of 500 invoices, of which 23 are wrong in nine ways: brought, mended, created, and taken back."""

import csv
import io
from collections import Counter
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.imports import creating, staging, withdrawing
from ropo_portal.imports.models import Import
from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.models import Debtor
from tests.imports.conftest import HEADERS, NAMES, Rows, clock, invoices

pytestmark = pytest.mark.django_db
ALL, WRONG = 500, 23
GOOD = ALL - WRONG
# How a line is wrong, at which column and with which code it must be found, and how many there are of it.
WAYS = (
    ({"row_price": "sata"}, ("row_price", "not_a_number"), 3),
    ({"invoice_date": "31.11.2026"}, ("invoice_date", "no_such_day"), 3),
    ({"row_vat_rate": ""}, ("row_vat_rate", "required"), 3),
    ({"debtor_id": "0000012-4"}, ("debtor_id", "not_an_id"), 3),
    ({"due_date": "1.11.2026"}, ("due_date", "due_before_date"), 3),
    ({"stated_total": "125,51"}, ("stated_total", "sums_differ"), 2),
    ({"row_description": ""}, ("row_description", "required"), 2),
    ({"debtor_number": "8{}", "debtor_id": "", "debtor_name": "Uusi {} Oy", "debtor_kind": "yritys", "post_code": ""}, ("post_code", "required"), 2),
    ({"debtor_number": "9{}"}, ("debtor_name", "debtor_told_twice"), 2),
)  # fmt: skip


def month() -> Rows:
    """Return the lines: the wrong ones stand apart, all over the file."""
    rows = invoices(ALL)
    place = 20
    for cells, _found, count in WAYS:
        for _once in range(count):
            rows[place] |= {name: text.format(place) for name, text in cells.items()}
            place += 20
    return rows


def there(name, *args):
    return reverse(f"imports:{name}", args=args)


def file_of(rows):
    """Write the lines as a spreadsheet program does, with one more column than usual."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([*HEADERS, "Customer type"])
    writer.writerows([[row.get(name, "") for name in (*NAMES, "debtor_kind")] for row in rows])
    return out.getvalue().encode()


def bring(browser, content):
    """Upload, agree to the columns as they are found, and let the worker read."""
    there_now = browser.post(there("upload"), {"file": SimpleUploadedFile("marraskuu.csv", content)}).url
    batch = Import.objects.latest("created_at", "pk")
    page = there("columns", batch.pk)
    assert browser.get(there_now).url == page
    shown = {name: value for name, value in batch.layout.items() if name not in {"columns", "kind"}}
    shown |= {f"column-{place}": name for place, name in batch.layout["columns"].items()}
    assert browser.post(page, shown).url == there("detail", batch.pk)
    staging.stage(batch.pk, clock=clock)
    return batch


def counted(batch):
    """Return how many invoices are new, existing, wrong and created."""
    batch.refresh_from_db()
    return batch.new_count, batch.existing_count, batch.error_count, batch.created_count


def wrong_cells(batch):
    errors = batch.invoices.filter(verdict="error").values_list("errors", flat=True)
    return Counter((one["column"], one["code"]) for found in errors for one in found)


def create(browser, batch, typed):
    """Ask for the invoices, and let the worker create them."""
    answer = browser.post(there("create", batch.pk), {"typed": str(typed)}, follow=True)
    creating.create(batch.pk, clock=clock, size=200)
    return answer.content.decode()


RIGHT = {
    "row_price": "100,00", "invoice_date": "20.11.2026", "row_vat_rate": "25,5", "due_date": "4.12.2026",
    "stated_total": "125,50", "row_description": "Huolto", "post_code": "00100",
}  # fmt: skip
OWN = {
    "0": {"debtor_number": "7000", "debtor_id": "0000012-3"}, "1": {"debtor_number": "7001", "debtor_id": "0000013-1"},
    "2": {"debtor_number": "7002", "debtor_id": "0000015-8"}, "3": {"debtor_number": "7003", "debtor_id": "0000016-6"},
}  # fmt: skip


def mend_next(browser, batch):
    """Go to the next error, type what is right, and return whether there was one."""
    answer = browser.get(there("next-error", batch.pk))
    if answer.url == there("detail", batch.pk):
        return False
    page = browser.get(answer.url).context
    line, typed = page["lines"][0]["number"], {}
    for item in page["rest"]:
        column = item["fault"].column
        cells = (
            OWN[page["imported"].debtor_name.split()[1]]
            if column.startswith("debtor")
            else {column: RIGHT[column]}
        )
        typed |= {f"cell-{line}-{name}": text for name, text in cells.items()}
    assert browser.post(answer.url, {"revision": page["revision"], **typed}).status_code == 303
    return True


def test_five_hundred_invoices_of_which_twenty_three_are_wrong_in_nine_ways(signed_in, environment):
    browser = signed_in("clerk")
    batch = bring(browser, file_of(month()))
    assert counted(batch) == (GOOD, 0, WRONG, 0)
    assert wrong_cells(batch) == {cell: count for _cells, cell, count in WAYS}
    assert (Invoice.objects.count(), Debtor.objects.count()) == (0, 0)

    assert f"Type {GOOD} to confirm it." in create(browser, batch, WRONG)
    assert counted(batch) == (GOOD, 0, WRONG, 0)
    create(browser, batch, GOOD)
    assert counted(batch) == (GOOD, 0, WRONG, GOOD)
    assert (Invoice.objects.count(), Debtor.objects.count()) == (GOOD, 4)
    assert Invoice.objects.aggregate(Sum("total_amount")) == {"total_amount__sum": GOOD * Decimal("125.50")}

    table = browser.post(there("failed-rows", batch.pk)).content.decode("utf-8-sig").splitlines()
    assert (len(table), table[0].rsplit(";", 1)[1]) == (1 + WRONG, "Reason")
    mended = 0
    while mend_next(browser, batch):
        mended += 1
    assert mended == WRONG
    assert counted(batch) == (ALL, 0, 0, GOOD)
    create(browser, batch, WRONG)
    assert counted(batch) == (ALL, 0, 0, ALL)
    assert Invoice.objects.filter(number__startswith="A-").count() == ALL

    again = bring(browser, file_of(month()))
    assert counted(again) == (0, ALL, 0, 0)
    assert "There is nothing to create." in create(browser, again, ALL)
    assert Invoice.objects.count() == ALL

    browser.post(there("withdraw", batch.pk))
    assert f"0 of {ALL} taken back" in browser.get(there("detail", batch.pk)).content.decode()
    withdrawing.take_back(batch.pk, clock=clock)
    assert (Invoice.objects.count(), Debtor.objects.count()) == (0, 0)
    told = Counter(Entry.objects.values_list("verb", flat=True))
    assert (told["invoice.created"], told["invoice.discarded"], told["import.mended"]) == (ALL, ALL, WRONG)
    assert (told["debtor.created"], told["import.withdrawn"]) == (told["debtor.discarded"], 1)
