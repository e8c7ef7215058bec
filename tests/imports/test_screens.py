"""Screens of imports: who may enter, what they say, and what they refuse."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override

from ropo_portal.imports import creating, staging
from ropo_portal.imports.models import Import, ImportTemplate
from ropo_portal.imports.operations import choose_invoice, start_creating, start_staging, take_failed_rows
from ropo_portal.invoices.models import Invoice
from tests.factories import AT, NATIONAL_IDS, make_environment, make_user
from tests.imports.conftest import brought, clock, invoices, line, made, read, written

pytestmark = pytest.mark.django_db
S = Import.State


def address(name, *args):
    return reverse(f"imports:{name}", args=args)


def text_of(answer):
    return answer.content.decode()


def columns_of(batch):
    """What a browser posts back when nothing is changed on the page of the columns."""
    posted = {name: value for name, value in batch.layout.items() if name not in {"columns", "kind"}}
    return posted | {f"column-{place}": name for place, name in batch.layout["columns"].items()}


def test_every_page_opens_and_the_wrong_role_is_turned_away(signed_in, environment, staged):
    done, open_ = made(staged([line()])), staged([line(row_price="x")])
    fresh = brought(environment, written([line(invoice_number="A-9")]))
    moving = staged([line(invoice_number="A-2000")])
    start_creating(batch=moving, typed="1", actor=make_user(), at=AT)
    pages = [
        address("list"),
        address("example", "csv"),
        address("example", "xlsx"),
        address("columns", fresh.pk),
    ]
    pages += [address("detail", one.pk) for one in (done, open_, moving)] + [address("progress", moving.pk)]
    pages += [address("invoice", open_.invoices.get().pk)]
    clerk, reader = signed_in("clerk"), signed_in("reader")
    assert {url: clerk.get(url).status_code for url in pages} == dict.fromkeys(pages, 200)
    assert clerk.get(address("detail", fresh.pk)).url == address("columns", fresh.pk)
    assert clerk.get(address("progress", done.pk)).url == address("detail", done.pk)
    assert reader.get(address("detail", open_.pk)).status_code == 200
    forbidden = [("get", address("columns", fresh.pk)), ("get", address("invoice", open_.invoices.get().pk))]
    forbidden += [
        ("post", address(name, open_.pk)) for name in ("create", "withdraw", "stop", "go-on", "failed-rows")
    ]
    forbidden += [("post", address("upload")), ("post", address("choose", open_.invoices.get().pk))]
    assert {url: getattr(reader, method)(url).status_code for method, url in forbidden} == {
        url: 403 for _method, url in forbidden
    }


def test_what_is_foreign_does_not_exist(signed_in):
    foreign = read(brought(make_environment(), written([line(row_price="x")])))
    one = foreign.invoices.get()
    clerk = signed_in("clerk")
    gets = [address(name, foreign.pk) for name in ("detail", "columns", "progress", "next-error")]
    gets += [address("invoice", one.pk), address("detail", uuid.uuid4()), address("example", "exe")]
    posts = [
        address(name, foreign.pk)
        for name in ("create", "withdraw", "stop", "go-on", "failed-rows", "columns")
    ]
    posts += [address("invoice", one.pk), address("choose", one.pk)]
    found = [clerk.get(url).status_code for url in gets] + [clerk.post(url).status_code for url in posts]
    assert found == [404] * len(found)


def test_a_wrong_method_is_refused(signed_in, environment):
    batch = brought(environment, written([line()]))
    clerk = signed_in("clerk")
    names = ("create", "withdraw", "stop", "go-on", "failed-rows")
    assert [clerk.get(address(name, batch.pk)).status_code for name in names] == [405] * 5
    assert [clerk.post(address(name, batch.pk)).status_code for name in ("detail", "progress")] == [405] * 2


def test_from_the_file_to_the_drafts(signed_in, environment):
    clerk = signed_in("clerk")
    file = SimpleUploadedFile("laskut.csv", written([line(), line(invoice_number="A-1001", row_price="x")]))
    there = clerk.post(address("upload"), {"file": file}).url
    batch = Import.objects.get()
    page = text_of(clerk.get(there, follow=True))
    assert "Kuvitteellinen Oy" in page
    assert "0000012-3" in page
    answer = clerk.post(address("columns", batch.pk), columns_of(batch) | {"keep_as": "Usual"})
    assert answer.url == address("detail", batch.pk)
    assert "Reading and checking" in text_of(clerk.get(answer.url))
    staging.stage(batch.pk, clock=clock)
    page = text_of(clerk.get(answer.url))
    assert "line 3" in page
    assert "This is no number." in page
    wrong = clerk.get(address("next-error", batch.pk)).url
    one = batch.invoices.get(verdict="error")
    assert wrong == address("invoice", one.pk)
    again = clerk.post(wrong, {"revision": "1", "cell-3-row_price": "y"})
    assert (again.status_code, "This is no number." in text_of(again)) == (422, True)
    clerk.post(wrong, {"revision": "2", "cell-3-row_price": "10,00"})
    assert batch.invoices.filter(verdict="new").count() == 2
    clerk.post(address("create", batch.pk))
    creating.create(batch.pk, clock=clock)
    assert sorted(Invoice.objects.values_list("number", flat=True)) == ["A-1000", "A-1001"]
    page = text_of(clerk.get(address("detail", batch.pk)))
    assert reverse("invoices:detail", args=[Invoice.objects.first().pk]) in page
    assert ImportTemplate.objects.get().name == "Usual"


def test_the_next_error_is_the_one_after_this(signed_in, environment):
    wrong = [line(invoice_number=f"A-{number}", row_price="x") for number in (1, 2)]
    batch = read(brought(environment, written([line(), *wrong])))
    clerk, there = signed_in("clerk"), address("next-error", batch.pk)
    first, second = batch.invoices.filter(verdict="error").order_by("position")
    asked = {
        "0": first,
        str(first.position): second,
        str(second.position): first,
        "x": first,
        "9" * 40: first,
    }
    assert {after: clerk.get(there, {"after": after}).url for after in asked} == {
        after: address("invoice", one.pk) for after, one in asked.items()
    }
    assert f"?after={first.position}" in clerk.get(address("invoice", first.pk)).content.decode()


def test_kept_columns_are_found_again_by_the_headers(signed_in, environment):
    batch = brought(environment, written([line()]))
    posted = columns_of(batch) | {
        "keep_as": "Usual",
        "column-11": "",
        "column-13": "row_discount",
        "look": "1",
    }
    signed_in("clerk").post(address("columns", batch.pk), posted)
    other = brought(environment, written([line(invoice_number="B-1")]))
    assert other.layout["columns"]["13"] == "row_discount"
    assert "11" not in other.layout["columns"]


def test_the_same_file_is_recognized(signed_in, environment):
    first, second = (brought(environment, written([line()])) for _ in range(2))
    page = text_of(signed_in("clerk").get(address("columns", second.pk)))
    assert "by Bringer" in page
    assert address("detail", first.pk) in page
    assert "The very same file" not in text_of(signed_in("clerk").get(address("list")))


def test_a_file_that_cannot_be_read_says_why(signed_in):
    clerk = signed_in("clerk")
    assert clerk.post(address("upload")).status_code == 422
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7 nothing")
    page = text_of(clerk.post(address("upload"), {"file": file}, follow=True))
    assert Import.objects.get().failure in page


def test_a_large_file_is_refused_at_its_field(signed_in, settings):
    settings.IMPORT_SIZE_LIMIT = 10
    answer = signed_in("clerk").post(address("upload"), {"file": SimpleUploadedFile("x.csv", b"x" * 11)})
    assert (answer.status_code, "at most" in text_of(answer)) == (422, True)


def test_the_count_must_be_typed_when_there_are_many(signed_in, staged):
    batch = staged(invoices(21))
    clerk = signed_in("clerk")
    page = text_of(clerk.post(address("create", batch.pk), follow=True))
    assert "Type 21 to confirm it" in page
    clerk.post(address("create", batch.pk), {"typed": "21"})
    batch.refresh_from_db()
    assert batch.state == S.CREATING


def test_an_invoice_is_left_out_and_taken_in_again(signed_in, staged):
    one = staged([line()]).invoices.get()
    clerk = signed_in("clerk")
    clerk.post(address("choose", one.pk), {"included": "0"})
    one.refresh_from_db()
    assert not one.is_included
    clerk.post(address("choose", one.pk), {"included": "1"})
    one.refresh_from_db()
    assert one.is_included


def test_the_wrong_lines_are_a_file_safe_from_formulas(signed_in, staged, environment):
    code = NATIONAL_IDS["FI"]
    rows = [line(), line(invoice_number="A-1001", row_description="=1+1", row_price="x")]
    rows += [line(invoice_number="A-1002", row_price="-5,25"), line(invoice_number="A-1003", debtor_id=code)]
    batch = staged(rows)
    answer = signed_in("clerk").post(address("failed-rows", batch.pk))
    table = answer.content.decode("utf-8-sig").splitlines()
    assert table[0].split(";")[0::14] == ["Invoice number", "Invoice total"]
    assert table[0].endswith(";Reason")
    assert "'=1+1" in table[1]
    assert "This is no number." in table[1]
    assert ";-5,25;" in table[2]
    again = brought(environment, answer.content)
    assert again.layout["columns"] == batch.layout["columns"]
    assert read(again).invoice_count == len(table) - 1


def test_the_reason_is_in_the_readers_language_and_what_was_left_out_stays_out(
    signed_in, staged, environment
):
    batch = staged(
        [line(row_price="x"), line(invoice_number="A-1001", row_price="y"), line(invoice_number="A-1002")]
    )
    choose_invoice(imported=batch.invoices.get(number="A-1001"), is_included=False, actor=make_user(), at=AT)
    with override("fi"):
        content = take_failed_rows(batch=batch, actor=make_user(), at=AT)
        reason = f"{gettext('Row: price without VAT')}: {gettext('This is no number.')}"
        header, only = content.decode("utf-8-sig").splitlines()
    assert (header.rpartition(";")[2], only.rpartition(";")[2]) == ("Syy", reason)
    again = read(brought(environment, content, "virheet.csv"))
    assert (again.invoice_count, again.error_count, again.layout["columns"]) == (
        1,
        1,
        batch.layout["columns"],
    )


@pytest.mark.parametrize(
    ("date", "price", "told"),
    [
        ("01/02/2026", "1.234", ("01/02/2026 (1.2.2026 or 2.1.2026?)", "1.234 (1,234 or 1.234?)")),
        ("20.11.2026", "1.234,50", ("20.11.2026", "1.234,50 → 1,234.5")),
    ],
)
def test_what_a_text_is_read_as_stands_beside_it(signed_in, environment, date, price, told):
    batch = brought(
        environment, written([line(invoice_date=date, due_date="", row_vat_rate="24", row_price=price)])
    )
    page = (
        text_of(signed_in("clerk").get(address("columns", batch.pk)))
        .replace("\u00a0", ",")
        .replace("\u202f", ",")
    )
    assert [words for words in told if words not in page] == []


def test_an_identity_is_never_on_a_page_and_stays_when_left_blank(signed_in, staged):
    code = NATIONAL_IDS["FI"]
    batch = staged([line(debtor_id=code, row_price="x")])
    one, clerk = batch.invoices.get(), signed_in("clerk")
    pages = [address("invoice", one.pk), address("detail", batch.pk), address("columns", batch.pk)]
    assert [code in text_of(clerk.get(page)) for page in pages] == [False] * 3
    clerk.post(address("invoice", one.pk), {"revision": "1", "cell-2-row_price": "1", "cell-2-debtor_id": ""})
    made(batch)
    assert Invoice.objects.get().debtor.national_id == code


def test_stop_go_on_and_withdraw(signed_in, environment):
    batch, clerk = brought(environment, written([line()])), signed_in("clerk")
    start_staging(batch=batch, actor=make_user(), at=AT)
    clerk.post(address("stop", batch.pk))
    clerk.post(address("go-on", batch.pk))
    staging.stage(batch.pk, clock=clock)
    made(Import.objects.get(pk=batch.pk))
    clerk.post(address("withdraw", batch.pk))
    batch.refresh_from_db()
    assert (batch.state, Invoice.objects.count()) == (S.WITHDRAWN, 0)


def test_the_number_of_queries_does_not_grow(signed_in, staged, environment):
    clerk = signed_in("clerk")

    def queries(url):
        clerk.get(url)
        with CaptureQueriesContext(connection) as found:
            assert clerk.get(url).status_code == 200
        return len(found)

    one = staged([line(row_price="x", invoice_number="B-1")])
    few = queries(address("list")), queries(address("detail", one.pk))
    wrong = [line(row_price="x", invoice_number=f"C-{place}", debtor_number=str(place)) for place in range(3)]
    many = staged(wrong)
    staged(invoices(3))
    assert (queries(address("list")), queries(address("detail", many.pk))) == few
