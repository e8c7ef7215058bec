"""Lists that are kept under a name, shown with chosen columns, and taken away as files."""

import csv
import datetime as dt
import io
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ropo_portal.finding import files, sheets, tasks
from ropo_portal.finding.models import ColumnChoice, DefaultView, Export, SavedView
from ropo_portal.finding.operations import ask_for_export
from ropo_portal.finding.views import taken
from ropo_portal.history.models import Entry
from ropo_portal.listings import LISTINGS
from ropo_portal.parties.models import Debtor
from tests.factories import (
    AT,
    NATIONAL_IDS,
    make_creditor,
    make_debtor,
    make_environment,
    make_invoice,
    make_user,
)

INVOICES = reverse("invoices:list")
SAVE = reverse("finding:view-save", args=["invoices"])
TAKE = reverse("finding:export", args=["invoices"])
HELSINKI = ZoneInfo("Europe/Helsinki")
db = pytest.mark.django_db


@db
def test_a_view_is_kept_shown_renamed_and_dropped(signed_in, environment):
    browser = signed_in("clerk")
    answer = browser.post(
        SAVE, {"name": "Very late", "query": "late=30&cursor=x&strange=1", "is_shared": "on"}
    )
    assert (answer.status_code, answer["Location"]) == (303, f"{INVOICES}?late=30")
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared, view.owner) == ("Very late", "late=30", True, browser.user)
    assert "Very late" in signed_in("reader").get(INVOICES).content.decode()
    assert browser.post(SAVE, {"name": "VERY  late", "query": "late=2"}).status_code == 422
    edit = reverse("finding:view", args=[view.pk])
    assert browser.get(edit).status_code == 200
    assert browser.post(edit, {"name": "Late"}).status_code == 303
    assert "Late</a>" not in signed_in("reader").get(INVOICES).content.decode()
    assert browser.post(reverse("finding:view-drop", args=[view.pk])).status_code == 303
    assert not SavedView.objects.exists()


@db
@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "query": "late=1"},
        {"name": "x", "query": ""},
        {"name": "x", "query": f"q={NATIONAL_IDS['FI']}"},
        {"name": "a" * 61, "query": "late=1"},
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(signed_in, environment, data):
    answer = signed_in("clerk").post(SAVE, data)
    assert (answer.status_code, SavedView.objects.count()) == (422, 0)
    assert data["name"] in answer.content.decode()


@db
def test_a_view_of_others_does_not_exist(signed_in, environment):
    foreign = make_creditor("FI")
    facts = {"listing": "invoices", "query": "late=1", "created_at": AT}
    theirs = SavedView.objects.create(
        creditor=foreign, owner=make_user(), name="F", name_key="f", is_shared=True, **facts
    )
    private = SavedView.objects.create(
        creditor=environment.creditor, owner=make_user(), name="P", name_key="p", **facts
    )
    browser = signed_in("administrator")
    for row in (theirs, private):
        assert browser.get(reverse("finding:view", args=[row.pk])).status_code == 404
        for name in ("view", "view-drop", "view-default"):
            assert browser.post(reverse(f"finding:{name}", args=[row.pk]), {"name": "x"}).status_code == 404
    assert SavedView.objects.count() == 2


@db
def test_names_are_unique_in_the_database(environment):
    facts = {
        "creditor": environment.creditor,
        "listing": "claims",
        "query": "late=1",
        "created_at": AT,
        "name": "A",
        "name_key": "a",
    }
    owner = make_user()
    SavedView.objects.create(owner=owner, is_shared=True, **facts)
    for more in ({"owner": make_user(), "is_shared": True}, {"owner": owner}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(**facts, **more)
    SavedView.objects.create(owner=make_user(), **facts)


@db
def test_a_list_opens_with_the_chosen_view(signed_in, environment):
    browser = signed_in("clerk")
    browser.post(SAVE, {"name": "Late", "query": "late=30"})
    default = reverse("finding:view-default", args=[SavedView.objects.get().pk])
    browser.post(default, {"is_default": "1"})
    assert browser.get(INVOICES)["Location"] == f"{INVOICES}?late=30"
    assert browser.get(f"{INVOICES}?all=1").status_code == 200
    assert signed_in("clerk").get(INVOICES).status_code == 200
    browser.post(default, {"is_default": "0"})
    assert browser.get(INVOICES).status_code == 200
    assert not DefaultView.objects.exists()


@db
def test_columns_are_chosen_by_each_reader(signed_in, environment):
    invoice = make_invoice(environment)
    browser = signed_in("reader")
    assert invoice.reference not in browser.get(INVOICES).content.decode()
    browser.post(
        reverse("finding:columns", args=["invoices"]), {"column": ["reference", "nonsense", "number"]}
    )
    assert ColumnChoice.objects.get().names == ["reference"]
    page = browser.get(INVOICES).content.decode()
    assert invoice.reference in page
    assert ">Due</th>" not in page
    assert ">Due</th>" in signed_in("reader").get(INVOICES).content.decode()
    assert browser.post(reverse("finding:columns", args=["nothing"])).status_code == 404


@db
@pytest.mark.parametrize("name", sorted(["invoices", "claims", "submissions", "debtors"]))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_is_taken_away_and_says_so_in_the_history(signed_in, environment, name, kind):
    make_invoice(environment, make_debtor(environment.creditor, kind="person", name="=1+1"))
    foreign = make_environment()
    make_invoice(foreign, make_debtor(foreign.creditor, name="Vieras"))
    answer = signed_in("reader").post(
        reverse("finding:export", args=[name]),
        {"file": kind, "query": f"q={NATIONAL_IDS['FI']}" if name == "debtors" else ""},
    )
    content = answer.getvalue()
    entry = Entry.objects.get(verb="list.exported")
    count = 1 if name in {"invoices", "debtors"} else 0
    assert (entry.after["list"], entry.after["rows"], entry.after["file"]) == (name, count, kind)
    assert NATIONAL_IDS["FI"] not in str(entry.after)
    assert "attachment" in answer["Content-Disposition"]
    lines = (
        list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        if kind == "csv"
        else CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert len(lines) == 1 + count
    assert [str(one.label) for one in LISTINGS[name].columns] == lines[0]
    assert "Vieras" not in str(lines)
    assert NATIONAL_IDS["FI"] not in str(lines)
    assert count == 0 or "'=1+1" in lines[1]


@db
def test_a_large_list_is_written_by_a_worker_and_kept_sealed_for_a_day(signed_in, environment):
    facts = {
        "creditor": environment.creditor,
        "kind": "company",
        "street": "S",
        "postcode": "00100",
        "city": "Helsinki",
    }
    names = [f"Oy {number:05}" for number in range(taken.AT_ONCE + 1)]
    Debtor.objects.bulk_create(
        Debtor(**facts, name=name, search_name=name.casefold(), created_at=AT) for name in names
    )
    browser = signed_in("reader")
    take = reverse("finding:export", args=["debtors"])
    page = browser.post(take, {"file": "csv", "query": "kind=company"})["Location"]
    export = Export.objects.get()
    assert page == reverse("finding:export-detail", args=[export.pk])
    assert "hx-trigger" in browser.get(page).content.decode()
    assert browser.get(f"{page}/file").status_code == 404
    for _bell in range(2):
        tasks.export(export_id=str(export.pk))
    export.refresh_from_db()
    assert (export.state, export.written) == ("ready", len(names))
    assert Entry.objects.get(verb="list.exported").after["rows"] == len(names)
    assert "rows are ready" in browser.get(page).content.decode()
    text = b"".join(browser.get(f"{page}/file").streaming_content).decode("utf-8-sig")
    assert [line.partition(";")[0] for line in text.splitlines()[1:]] == names
    browser.force_login(make_user("reader", make_creditor("FI")))
    assert browser.get(page).status_code == 404
    files.forget_exports(at=export.created_at + dt.timedelta(days=1, seconds=1))
    assert not Export.objects.exists()


@db
def test_a_file_nobody_writes_at_is_given_up(environment):
    facts = {"listing": LISTINGS["invoices"], "environment": environment, "query": "", "kind": "csv"}
    export = ask_for_export(**facts, actor=make_user(), at=AT)
    files.forget_exports(at=AT + dt.timedelta(minutes=16))
    export.refresh_from_db()
    assert export.state == "failed"


cells = st.one_of(
    st.text(max_size=20), st.sampled_from(["=1+1", "+4", "-1", "@A1", "\t=1", "\r\n=1", " =1", "＝1", "\0=1"]),
    st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.integers(-(10**9), 10**9), st.dates(dt.date(1901, 1, 1)), st.none(),
)  # fmt: skip


@settings(deadline=None)  # a busy machine writes slowly
@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5))
def test_no_text_is_a_formula_and_every_number_reads_back(rows):
    rows = [
        [value.replace("\ud800", "") if isinstance(value, str) else value for value in row] for row in rows
    ]
    content = b"".join(sheets.csv_lines(["a", "b", "c"], rows, HELSINKI))
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]
    for row, texts in zip(rows, read, strict=True):
        for value, text in zip(row, texts, strict=True):
            if isinstance(value, Decimal):
                assert Decimal(text.replace(",", ".")) == value
            elif isinstance(value, int | dt.date):
                assert text == str(value)
            else:
                assert not text.startswith(sheets.RISKY)
                assert not text.strip().startswith(sheets.RISKY)


@settings(deadline=None)  # a busy machine writes slowly
@given(
    st.lists(st.decimals(min_value=-(10**11), max_value=10**11, places=2), max_size=5),
    st.text("ab=+-@\t 1", max_size=9),
)
def test_a_workbook_holds_numbers_days_and_harmless_texts(amounts, text):
    file, day = io.BytesIO(), dt.date(2026, 11, 23)
    sheets.write_xlsx(file, ["a"], [[text, day, AT, *amounts]], HELSINKI)
    row = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()[1]
    assert not str(row[0]).strip().startswith(sheets.RISKY)
    assert row[1:3] == [day, dt.datetime(2026, 11, 23, 11, 0)]  # noqa: DTZ001 (a sheet knows no zones)
    assert [Decimal(str(value)) for value in row[3:]] == [Decimal(str(float(amount))) for amount in amounts]
