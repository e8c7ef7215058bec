import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal import money
from ropo_portal.imports.readers import CannotRead, Layout, example_file, examples, lines, survey
from ropo_portal.imports.readers.sheets import number_text
from ropo_portal.invoices.content import RowContent
from tests.imports.readers.hostile import ods, ods_row, workbook
from tests.imports.readers.test_separated import put


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_reads_back_without_doubts(tmp_path, kind):
    path = put(tmp_path, example_file(kind), f"example.{kind}")
    seen = survey(path, name=path.name)
    assert (seen.layout.kind, seen.doubts, seen.line_count_guess) == (kind, [], 6)
    assert len(seen.layout.columns) == len(examples.HEADERS)
    found = list(lines(path, layout=seen.layout))
    assert [line.problems for line in found] == [{}] * 6
    names = seen.layout.columns.values()
    expected = [
        [cell.isoformat() if isinstance(cell, date) else cell for cell in line] for line in examples.lines()
    ]
    read = [[line.cells[name] for name in names] for line in found]
    assert [[_plain(cell) for cell in row] for row in read] == [
        [_plain(cell) for cell in row] for row in expected
    ]


def _plain(cell):
    text = str(cell)
    return text.rstrip("0").rstrip(".") if "." in text and text.replace(".", "").isdigit() else text


def test_the_totals_of_the_example_are_those_of_its_rows():
    for rows, total in zip(examples._ROWS, examples._TOTALS, strict=True):
        contents = [
            RowContent(description=row[0], quantity=row[1], unit=row[2], unit_price=row[3], vat_rate=row[4])
            for row in rows
        ]
        assert money.totals(contents).total == total


def made(write):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        write(book)
    return file.getvalue()


def test_values_of_a_sheet_are_read_as_they_are_shown(tmp_path):
    def write(book):
        sheet = book.add_worksheet("Laskut")
        day, percent = book.add_format({"num_format": "d.m.yyyy"}), book.add_format({"num_format": "0.0%"})
        sheet.write_row(
            2, 1, ["Laskunumero", "Eräpäivä", "Hinta", "Alv-%", "Alennus", "Asiakas", "Viite", "Määrä"]
        )
        sheet.write_number(4, 1, 20260001)
        sheet.write_datetime(4, 2, date(2026, 11, 16), day)
        sheet.write_number(4, 3, 0.1 + 0.2)
        sheet.write_number(4, 4, 0.255, percent)
        sheet.write_number(4, 5, 0.1, percent)
        sheet.write_formula(4, 6, '=HYPERLINK("http://example.com")', value="Aino")
        sheet.write_number(4, 7, 1.2345678901234567e18)
        sheet.write_string(4, 8, "1.250")
        sheet.write_formula(5, 6, "=1+1", value="")
        sheet.write_row(6, 1, ["=1+2", "'7", True])

    path = put(tmp_path, made(write), "values.xlsx")
    seen = survey(path, name="values.xlsx")
    assert (seen.layout.header_row, [doubt.code for doubt in seen.doubts]) == (3, ["decimal"])
    first, second = lines(path, layout=seen.layout)
    assert (first.number, first.cells) == (
        5,
        {
            "invoice_number": "20260001",
            "due_date": "2026-11-16",
            "row_price": "0.3",
            "row_vat_rate": "25.5",
            "row_discount": "0.1",
            "debtor_name": "Aino",
            "reference": "1234567890123460000",
            "row_quantity": "1.250",
        },
    )
    assert first.problems == {
        "row_discount": "ambiguous_percent",
        "reference": "spoiled_number",
        "row_quantity": "ambiguous_number",
    }
    assert (second.number, second.cells["row_price"]) == (7, "true")
    assert second.problems == {"due_date": "not_a_date", "row_price": "not_a_number"}


def test_a_sheet_is_chosen(tmp_path):
    def write(book):
        for name in ("Ohje", "Laskut"):
            book.add_worksheet(name).write_column(0, 0, ["Laskunumero", f"{name}-1"])

    path = put(tmp_path, made(write), "two.xlsx")
    seen = survey(path, name="two.xlsx")
    assert (seen.sheets, seen.layout.sheet) == (["Ohje", "Laskut"], "Ohje")
    assert [str(doubt) for doubt in seen.doubts] == ["The workbook has 2 sheets; “Ohje” is read."]
    chosen = Layout("xlsx", sheet="Laskut", columns={0: "invoice_number"})
    again = survey(path, name="two.xlsx", layout=chosen)
    assert (again.doubts, again.parsed) == ([], [{"invoice_number": "Laskut-1"}])
    with pytest.raises(CannotRead) as refused:
        list(lines(path, layout=Layout("xlsx", sheet="Gone", columns={0: "invoice_number"})))
    assert refused.value.code == "no_sheet"


def test_an_opendocument_sheet_is_read(tmp_path):
    day = '<table:table-cell office:value-type="date" office:date-value="2026-11-16"/>'
    number = '<table:table-cell office:value-type="float" office:value="12.5"/>'
    rows = ods_row("Laskunumero", "Asiakas", "Eräpäivä", "Hinta") + ods_row("1", "Väinö").replace(
        "</table:table-row>", f"{day}{number}</table:table-row>"
    )
    path = put(tmp_path, ods(rows), "file.ods")
    seen = survey(path, name="file.xlsx")
    assert (seen.layout.kind, seen.doubts) == ("ods", [])
    assert seen.parsed == [
        {"invoice_number": "1", "debtor_name": "Väinö", "due_date": "2026-11-16", "row_price": "12.5"}
    ]


def test_a_workbook_is_known_by_its_content(tmp_path):
    path = put(tmp_path, workbook(), "file.csv")
    assert survey(path, name="file.csv").layout.kind == "xlsx"
    wrong = Layout("ods", sheet="Laskut", columns={0: "invoice_number"})
    with pytest.raises(CannotRead) as refused:
        list(lines(path, layout=wrong))
    assert refused.value.code == "unknown"


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_have_no_point(value):
    assert number_text(float(value)) == str(value)


@given(st.decimals(-999_999, 999_999, places=4))
def test_amounts_keep_their_decimals(value):
    assert float(number_text(float(value))) == float(value)
    assert "e" not in number_text(float(value)).lower()
