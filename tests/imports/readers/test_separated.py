import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ropo_portal.imports.readers import CannotRead, Layout, lines, survey
from ropo_portal.imports.readers.encodings import look

NORDIC = "abcdefghåäöÅÄÖæøÆØéü 0123456789 ,;|'\"\n-/:%&"
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252", "iso-8859-1", "iso-8859-15"]
texts = st.text(NORDIC, max_size=30)
tables = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1, max_size=6)
)


def put(tmp_path, content, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@settings(max_examples=150, deadline=None)
@given(
    tables,
    st.sampled_from(";,\t|"),
    st.sampled_from(ENCODINGS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_in_any_dialect_reads_back(tmp_path_factory, table, separator, encoding, ending, quoting):
    file = io.StringIO(newline="")
    # Without a line feed at the ends of lines, the writer leaves those within cells bare.
    quoting = csv.QUOTE_ALL if ending == "\r" else quoting
    writer = csv.writer(file, delimiter=separator, lineterminator=ending, quoting=quoting)
    names = ["message", "plan_instalments", "accounting_rows", "street", "city", "seller"][: len(table[0])]
    writer.writerows([names, *table])
    path = put(tmp_path_factory.mktemp("csv"), file.getvalue().encode(encoding))
    layout = Layout(
        "csv",
        encoding=encoding.removesuffix("-sig"),
        separator=separator,
        columns=dict(enumerate(names)),
    )
    long = [[cell.strip() for cell in row] for row in table]
    expected = [
        {
            name: cell if place < 3 else " ".join(part.strip() for part in cell.split("\n"))
            for place, (name, cell) in enumerate(zip(names, row, strict=True))
            if cell
        }
        for row in long
        if any(row)
    ]
    found = [line.cells for line in lines(path, layout=layout)]
    assert [{name: squeezed(cell) for name, cell in row.items()} for row in found] == [
        {name: squeezed(cell) for name, cell in row.items()} for row in expected
    ]


def squeezed(cell):
    return "".join(cell.split(" "))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_usual_file_is_recognised_without_doubts(tmp_path, encoding, separator):
    rows = [
        ["Laskunumero", "Eräpäivä", "Asiakas", "Hinta"],
        ["1", "3.4.2026", "Väinö Åkerlund", '"1 250,50"'],
    ]
    content = "\r\n".join(separator.join(row) for row in rows)
    seen = survey(put(tmp_path, content.encode(encoding)), name="x.csv")
    assert [str(doubt) for doubt in seen.doubts] == []
    assert seen.parsed == [
        {
            "invoice_number": "1",
            "due_date": "2026-04-03",
            "debtor_name": "Väinö Åkerlund",
            "row_price": "1250.50",
        }
    ]
    assert (seen.layout.separator, seen.layout.decimal, seen.layout.date_order) == (separator, ",", "dmy")
    assert Layout.from_dict(seen.layout.to_dict()) == seen.layout


@pytest.mark.parametrize(
    ("content", "encoding", "doubts"),
    [
        ("Mäkinen".encode("cp850"), "cp850", ["encoding"]),
        ("Mäkinen".encode("mac-roman"), "mac-roman", ["encoding"]),
        ("Hinta 5 €".encode("iso-8859-15"), "iso-8859-15", ["encoding"]),
        ("Hinta 5 €".encode("windows-1252"), "windows-1252", []),
        ("Mäkinen".encode("iso-8859-1"), "windows-1252", []),
        (codecs.BOM_UTF8 + "Mäkinen".encode(), "utf-8", []),
        ("a" * 300_000 + "ä", "utf-8", []),
        (b"a" * 300_000 + b"\xe4", "windows-1252", []),
    ],
)
def test_the_encoding_is_what_the_bytes_prove(tmp_path, content, encoding, doubts):
    evidence = look(put(tmp_path, content))
    assert (evidence.encoding, [doubt.code for doubt in evidence.doubts]) == (encoding, doubts)


def test_what_a_person_chose_stands(tmp_path):
    path = put(tmp_path, "x;y;z\n1.250;03/04/2026;Aino\n")
    columns = {0: "row_price", 1: "due_date", 2: "debtor_name"}
    chosen = Layout("csv", decimal=".", date_order="mdy", columns=columns)
    seen = survey(path, name="x.csv", layout=chosen)
    assert (seen.layout, seen.doubts) == (chosen, [])
    assert seen.parsed == [{"row_price": "1.250", "due_date": "2026-03-04", "debtor_name": "Aino"}]


def test_a_choice_that_was_left_open_is_asked_again(tmp_path):
    path = put(tmp_path, "Hinta;Eräpäivä\n1.250;03/04/2026\n")
    seen = survey(path, name="x.csv")
    assert [doubt.code for doubt in seen.doubts] == ["decimal", "date_order"]
    assert [doubt.code for doubt in survey(path, name="x.csv", layout=seen.layout).doubts] == [
        "decimal",
        "date_order",
    ]
    (line,) = lines(path, layout=seen.layout)
    assert line.cells == {"row_price": "1.250", "due_date": "03/04/2026"}
    assert line.problems == {"row_price": "ambiguous_number", "due_date": "ambiguous_date"}


def test_lines_are_numbered_as_an_editor_shows_them(tmp_path):
    path = put(tmp_path, 'Laskunumero;Viesti\n\n1;"two\nlines"\n;\n2;x\n')
    found = list(lines(path, layout=survey(path, name="x").layout))
    assert [(line.number, line.cells) for line in found] == [
        (3, {"invoice_number": "1", "message": "two\nlines"}),
        (6, {"invoice_number": "2", "message": "x"}),
    ]


def test_ragged_lines_are_taken_and_told(tmp_path):
    path = put(tmp_path, "Laskunumero;Asiakas;Katu\n1;Aino\n2;Eino;Tie 1;more\n3;Onni;Tie 2;;\n")
    found = list(lines(path, layout=survey(path, name="x").layout))
    assert [(line.cells["invoice_number"], line.problems) for line in found] == [
        ("1", {"": "too_few_cells"}),
        ("2", {"": "too_many_cells"}),
        ("3", {}),
    ]


def test_what_cannot_be_seen_is_left_out_and_told(tmp_path):
    path = put(tmp_path, "Laskunumero;Asiakas\n1;A\u202ein\u200bo\x07\n2;Ta\tb\u00a0b\n")
    found = list(lines(path, layout=Layout("csv", columns={0: "invoice_number", 1: "debtor_name"})))
    assert [(line.cells["debtor_name"], line.problems) for line in found] == [
        ("Aino", {"debtor_name": "hidden_characters"}),
        ("Ta b b", {}),
    ]


def test_formulas_are_text_and_spoiled_numbers_are_told(tmp_path):
    path = put(tmp_path, "Viite;Asiakas\n1,23457E+11;=HYPERLINK(1)\n" + "1" * 41 + ";+358\n")
    found = list(lines(path, layout=survey(path, name="x", layout=None).layout))
    assert found[0].cells == {"reference": "1,23457E+11", "debtor_name": "=HYPERLINK(1)"}
    assert [line.problems for line in found] == [{"reference": "spoiled_number"}, {"reference": "too_long"}]


def test_a_problem_is_told_on_every_line_that_has_it(tmp_path):
    path = put(tmp_path, "Laskunumero;Hinta\n1;x\n2;x\n3;1,5\n")
    found = list(lines(path, layout=survey(path, name="x").layout))
    assert [line.problems for line in found] == [
        {"row_price": "not_a_number"},
        {"row_price": "not_a_number"},
        {},
    ]


def test_a_file_that_changes_its_encoding_is_refused_with_the_line(tmp_path):
    path = put(tmp_path, b"Laskunumero;Asiakas\n" + b"1;x\n" * 50_000 + b"2;\xe4\n")
    with pytest.raises(CannotRead) as refused:
        list(lines(path, layout=Layout("csv", columns={0: "invoice_number"})))
    assert refused.value.code == "encoding"
    assert survey(path, name="x").layout.encoding == "windows-1252"


def test_columns_must_be_chosen(tmp_path):
    path = put(tmp_path, "x;y\n1;2\n")
    with pytest.raises(CannotRead) as refused:
        list(lines(path, layout=survey(path, name="x").layout))
    assert str(refused.value) == "No column is chosen. Say what the columns mean."
