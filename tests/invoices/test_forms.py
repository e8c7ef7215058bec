"""Whatever is typed: each abuse gets its sentence at its field, and nothing is saved."""

from typing import Any

import pytest
from django.urls import reverse

from ropo_portal.invoices.models import Invoice
from ropo_portal.submissions.models import Submission
from tests.factories import make_debtor, make_invoice

pytestmark = pytest.mark.django_db


def typed(chosen, **changes) -> dict[str, Any]:
    """Return a form as a browser sends it, with one good row; `row_…` changes the row."""
    row = {
        "description": "Nuohous",
        "quantity": "1",
        "unit": "kpl",
        "unit_price": "100,00",
        "vat_rate": "25,5",
    }
    row |= {name.removeprefix("row_"): changes.pop(name) for name in list(changes) if name.startswith("row_")}
    head = {
        "debtor": str(chosen.pk),
        "invoice_date": "",
        "due_date": "",
        "channel": "post",
        "then": "",
    } | changes
    return {
        "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-MIN_NUM_FORMS": "0", "rows-MAX_NUM_FORMS": "500",
        **{f"rows-0-{name}": value for name, value in row.items()}, **head,
    }  # fmt: skip


@pytest.fixture
def write(signed_in, environment):
    """Post the form of a new invoice; gives the answer."""
    browser = signed_in("sender")
    debtor = make_debtor(environment.creditor, name="Aalto Oy")

    def post(**changes):
        fresh = browser.get(reverse("invoices:create")).context["form"].initial
        days = {name: fresh[name].isoformat() for name in ("invoice_date", "due_date")}
        return browser.post(reverse("invoices:create"), typed(debtor, **days | changes))

    return post


def errors(answer):
    """Return every refusal: field name to codes."""
    assert answer.status_code == 422
    assert not Submission.objects.exists()
    sheet = answer.context["sheet"]
    found = {name: _codes(errors) for name, errors in sheet.head.errors.items()}
    for form in sheet.rows.forms:
        found |= {f"{form.prefix}-{name}": _codes(errors) for name, errors in form.errors.items()}
    return found | ({"rows": _codes(sheet.rows.non_form_errors())} if sheet.rows.non_form_errors() else {})


def _codes(errors):
    return " ".join(str(error) for error in errors)


def test_a_good_form_is_saved_as_a_draft(write):
    answer = write()
    invoice = Invoice.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("invoices:edit", args=[invoice.pk]))
    assert (str(invoice.total_amount), invoice.state) == ("125.50", "draft")


@pytest.mark.parametrize(
    "price", ["", "   ", "abc", "1e3", "NaN", "Infinity", "0x10", "１２", "١٢", "--5", "10.00005"]
)
def test_what_is_no_amount(write, price):
    found = errors(write(row_unit_price=price))
    assert set(found) == {"rows-0-unit_price"}
    assert (
        "Enter the amount as a number" in found["rows-0-unit_price"]
        or "decimals" in found["rows-0-unit_price"]
    )
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("price", ["1.234,56", "1,234.56", "1.234", "1,234"])
def test_what_could_be_two_numbers_is_asked_back(write, price):
    assert "two ways" in errors(write(row_unit_price=price))["rows-0-unit_price"]


@pytest.mark.parametrize(
    ("price", "total"),
    [("125.50", "157.50"), ("125,50", "157.50"), ("1 234,56", "1549.37"), ("1\u202f234.5", "1549.30")],
)
def test_comma_point_and_spaces_are_read(write, price, total):
    assert write(row_unit_price=price).status_code == 303
    assert str(Invoice.objects.get().total_amount) == total


@pytest.mark.parametrize("price", ["99999999999999999999", "99999999.99"])
def test_above_the_limit(write, price):
    assert "above the limit" in " ".join(errors(write(row_unit_price=price)).values())


@pytest.mark.parametrize("price", ["0", "-0,00", "-10"])
def test_nothing_or_less_cannot_be_sent(write, price):
    assert "use a credit note" in errors(write(row_unit_price=price, then="send"))["rows"]


@pytest.mark.parametrize(
    "day", ["2026-02-30", "30.2.2026", "0000-00-00", "31/12/26", "tomorrow", "1.1.1899", "1.1.2199"]
)
def test_days_that_are_none(write, day):
    assert set(errors(write(invoice_date=day))) >= {"invoice_date"}
    assert not Invoice.objects.exists()


def test_the_due_date_lies_after_the_invoice_date(write):
    found = errors(write(invoice_date="2026-11-23", due_date="2026-11-22"))
    assert "22.11.2026" in found["due_date"]
    assert "23.11.2026" in found["due_date"]


@pytest.mark.parametrize("rate", ["250", "-1", "abc", ""])
def test_impossible_rates(write, rate):
    assert set(errors(write(row_vat_rate=rate))) == {"rows-0-vat_rate"}


@pytest.mark.parametrize("rate", ["25,5", "25.5", "25,5 %", "24"])
def test_possible_rates(write, rate):
    assert write(row_vat_rate=rate).status_code == 303


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a\x00b", "position 2"),
        ("a\u202eb", "RIGHT-TO-LEFT"),
        ("hi \U0001f600", "position 4"),
        ("x" * 10_000, "10000"),
    ],
)
@pytest.mark.parametrize("field", ["our_reference", "row_description", "free_text", "seller", "number"])
def test_texts_that_cannot_be_printed(write, field, text, word):
    name = field.replace("row_", "rows-0-")
    found = errors(write(**{field: text}))
    assert set(found) == {name}
    assert word in found[name]


HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="x',
    "{{ 7|add:7 }}",
    "javascript:alert(1)",
    "=HYPERLINK(1)",
    "@SUM(1)",
    "+cmd",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_stored_as_text_and_shown_as_text(write, signed_in, text):
    assert write(our_reference=text, row_description=text, free_text=text).status_code == 303
    invoice = Invoice.objects.get()
    assert (invoice.our_reference, invoice.rows.get().description) == (text, text)
    browser = signed_in("reader")
    shown = browser.get(reverse("invoices:detail", args=[invoice.pk])).content.decode()
    assert "<script>alert" not in shown
    assert '" onmouseover="x' not in shown
    assert text != "{{ 7|add:7 }}" or text in shown


@pytest.mark.parametrize("address", ["a@b.fi, c@d.fi", "a@b.fi\r\nBcc: x@y.fi", "nobody", "<a@b.fi>"])
def test_one_email_address(write, address):
    assert set(errors(write(second_email=address))) == {"second_email"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "fax"), ("debtor", "nobody"), ("plan_months", "0"), ("plan_months", "x"), ("late_interest", "101"),
        ("delivery_country", "FIN"), ("finance", "3"), ("plan_instalments", "tomorrow 10"), ("plan_instalments", "1.12.2026"),
        ("accounting_rows", "; text"), ("accounting_rows", "1701; text; 1; 2"), ("cash_discount_1_date", "x"),
    ],
)  # fmt: skip
def test_seldom_needed_fields_refuse_at_their_place(write, field, value):
    assert set(errors(write(**{field: value}))) == {field}


def test_lists_are_read_line_by_line(write):
    plan = "1.12.2026 25,50\n\n1.1.2027; 100,00"
    postings = "1701; Saatava; 125,50; ; ; ; ; A1; projekti; P1; P2\n3000\tMyynti\t\t100"
    assert write(plan_instalments=plan, accounting_rows=postings, due_date="2027-01-15").status_code in {
        303,
        422,
    }
    extras = Invoice.objects.get().extras
    assert extras["plan_instalments"] == [["2026-12-01", "25.50"], ["2027-01-01", "100.00"]]
    assert extras["accounting_rows"][0]["dimensions"] == ["P1", "P2"]
    assert extras["accounting_rows"][1] == {"account": "3000", "text": "Myynti", "credit": "100.00"}


def test_a_taken_number_names_and_links_the_other(write, environment):
    other = make_invoice(environment, number="A-1", reference="1232")
    answer = write(number=" a-1")
    assert "A-1" in errors(answer)["number"]
    assert reverse("invoices:detail", args=[other.pk]) in answer.content.decode()


@pytest.mark.parametrize("number", ["А-1", "A–1", "1\u200b2"])
def test_look_alike_numbers_are_refused(write, number):
    assert set(errors(write(number=number))) == {"number"}


def test_hidden_fields_are_ignored_and_noted(write, environment, caplog):
    answer = write(state="accepted", creditor="x", approver="y", id="z", total_amount="1", environment="e")
    assert answer.status_code == 303
    assert str(Invoice.objects.get().total_amount) == "125.50"
    assert "'approver'" in caplog.text


def test_a_foreign_debtor_cannot_be_chosen(write):
    assert set(errors(write(debtor=str(make_debtor().pk)))) == {"debtor"}


def test_five_hundred_rows_are_enough(write):
    many = {
        f"rows-{place}-{name}": value
        for place in range(501)
        for name, value in (
            ("description", "x"),
            ("quantity", "1"),
            ("unit_price", "1"),
            ("vat_rate", "25,5"),
        )
    }
    assert "500" in errors(write(**many, **{"rows-TOTAL_FORMS": "501"}))["rows"]


def test_blank_lines_are_no_rows(write):
    write(
        **{"rows-TOTAL_FORMS": "3", "rows-1-quantity": "1", "rows-1-vat_rate": "25.5", "rows-2-quantity": "1"}
    )
    assert Invoice.objects.get().rows.count() == 1


def test_a_damaged_form_is_no_crash(write):
    assert write(**{"rows-TOTAL_FORMS": "x"}).status_code == 422


def test_nothing_typed_is_lost(write):
    shown = write(
        our_reference="Maija & co", row_unit_price="abc", row_description="Pitkä työ"
    ).content.decode()
    assert "Maija &amp; co" in shown
    assert "Pitkä työ" in shown
    assert "abc" in shown


@pytest.mark.parametrize("nonsense", ["nobody", "'; --", "123", "\x00"])
def test_a_debtor_that_is_no_key_is_asked_for_in_words(write, nonsense):
    shown = write(debtor=nonsense).content.decode()
    assert "Choose the debtor from the list, or create a new one." in shown
    assert "UUID" not in shown
