import pytest

from ropo_portal.imports.readers import FIELDS, headers, styles, words
from ropo_portal.imports.readers.headers import _STRONG, bare, meaning
from ropo_portal.imports.readers.synonyms import SYNONYMS, WEAK
from ropo_portal.invoices.extras import FIELDS as EXTRAS
from ropo_portal.invoices.extras import Take
from ropo_portal.invoices.forms.rows import RowForm
from ropo_portal.invoices.forms.sheet import HeadForm
from ropo_portal.parties.forms.debtors import DebtorForm

KINDS = {Take.DATE: "date", Take.PERCENT: "rate", Take.AMOUNT: "amount", Take.COUNT: "quantity"}
# Where a form's name is not ours; None stands for what no file can say.
OURS = {
    "debtor": None,
    "revision": None,
    "forget_national_id": None,
    "number": "invoice_number",
    "supply_date": "delivery_date",
    "free_text": "message",
    "kind": "debtor_kind",
    "name": "debtor_name",
    "customer_number": "debtor_number",
    "business_id": "debtor_id",
    "national_id": "debtor_id",
    "vat_id": "debtor_vat_id",
    "country": "debtor_country",
    "postcode": "post_code",
}


@pytest.mark.parametrize("form", [HeadForm, DebtorForm])
def test_every_field_a_clerk_types_can_be_imported(form):
    names = {OURS.get(name, name) for name in form.base_fields} - {None}
    assert names - set(FIELDS) == set()


def test_every_field_of_a_row_can_be_imported():
    own = {"row_unit_price": "row_price", "row_free_text": "row_message"}
    names = {own.get(f"row_{name}", f"row_{name}") for name in RowForm.base_fields}
    assert names - set(FIELDS) == set()


def test_every_seldom_needed_field_is_of_its_kind():
    assert {name: KINDS.get(extra.take, "text") for name, extra in EXTRAS.items()} == {
        name: FIELDS[name].kind for name in EXTRAS
    }


def test_no_field_is_shorter_than_the_form_allows():
    short = {
        name
        for name, extra in EXTRAS.items()
        if extra.take in {Take.TEXT, Take.LONG_TEXT} and FIELDS[name].longest < extra.max_length
    }
    assert short == set()


def test_every_field_has_a_label_and_nothing_else_has():
    assert set(words.LABELS) == set(FIELDS)
    assert [name for name, field in FIELDS.items() if not str(field.label)] == []


def test_a_header_means_one_column():
    meant = [(bare(word), name) for name, many in SYNONYMS.items() for word in many]
    twice = {word for word, name in meant for other, second in meant if word == other and name != second}
    assert twice == set()
    assert set(SYNONYMS) | set(WEAK) <= set(FIELDS)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Laskun numero", "invoice_number"),
        ("ERÄPÄIVÄ", "due_date"),
        ("Förfallodatum", "due_date"),
        ("Forfallsdato", "due_date"),
        ("Unit price (EUR)", "row_price"),
        ("unit_price", "row_price"),
        ("Alv-%", "row_vat_rate"),
        ("MVA %", "row_vat_rate"),
        ("Y-tunnus / henkilötunnus", "debtor_id"),
        ("row_end_date", "row_end_date"),
        ("Loppusumma EUR", "stated_total"),
    ],
)
def test_headers_of_four_languages_are_known(header, name):
    found = headers.find([(1, [header, "Asiakas"])])
    assert found.columns[0] == name


def test_a_header_that_says_little_is_asked_about():
    found = headers.find([(1, ["Numero", "Asiakas"])])
    assert found.columns == {0: "invoice_number", 1: "debtor_name"}
    assert [(doubt.code, str(doubt)) for doubt in found.doubts] == [
        ("weak_header", "“Numero” is taken for Invoice number. Check it.")
    ]


def test_two_headers_for_one_column_are_told():
    found = headers.find([(1, ["Asiakas", "Kund", "Laskunumero"])])
    assert found.columns == {0: "debtor_name", 2: "invoice_number"}
    assert [doubt.code for doubt in found.doubts] == ["double_header"]


def test_the_header_may_stand_deeper():
    found = headers.find([(1, ["Report of November"]), (3, ["Laskunumero", "Asiakas"]), (4, ["1", "Aino"])])
    assert (found.row, found.columns) == (3, {0: "invoice_number", 1: "debtor_name"})


def test_a_file_without_known_headers_is_asked_about():
    found = headers.find([(2, ["17", "19"])])
    assert (found.row, found.columns, [doubt.code for doubt in found.doubts]) == (2, {}, ["no_header"])


def test_every_sentence_can_be_filled_in():
    values = dict.fromkeys(
        [
            "most",
            "line",
            "encoding",
            "found",
            "version",
            "first",
            "second",
            "first_text",
            "second_text",
            "text",
            "day",
            "header",
            "field",
            "count",
            "sheet",
        ],
        "x",
    )
    for table, make in ((words.REFUSALS, words.refusal), (words.DOUBTS, words.doubt)):
        assert all("%(" not in str(make(code, values)) for code in table)
    assert all(str(words.problem(code)) for code in words.PROBLEMS)


def test_a_separator_is_asked_about_when_two_fit():
    assert styles.separator_of("a;b,c\n1;2,3\n4;5,6\n")[1][0].code == "separator"
    assert styles.separator_of("laskunumero;hinta\n1;2,3\n4;5,6\n") == (";", [])
    assert styles.separator_of("one\ntwo\n")[1][0].code == "no_separator"
    assert styles.separator_of("sep=|\na|b;c\n") == ("|", [])


def test_a_header_is_known_however_its_a_is_accented():
    assert {meaning(header, _STRONG) for header in ("À-hinta", "á-hinta", "A-HINTA", "a\u0300 hinta")} == {
        "row_price"
    }
    assert bare("Ä-hinta") != bare("A-hinta")
    assert bare("år") == "år" != bare("ar")
