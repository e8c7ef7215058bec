"""What is typed about parties: every abuse ends in a sentence at its field, and is not repeated."""

import pytest
from django.http import QueryDict

from ropo_portal.parties.forms.creditors import CredentialsForm, CreditorForm, EnvironmentForm
from ropo_portal.parties.forms.debtors import DebtorForm
from tests.factories import make_creditor, make_debtor

pytestmark = pytest.mark.django_db
ZERO_WIDTH, OVERRIDE = "\u200b", "\u202e"


def debtor_form(data, *, allow_test=False, creditor=None, debtor=None):
    posted = QueryDict(mutable=True)
    posted.update(data)
    return DebtorForm(posted, creditor=creditor or make_creditor(), allow_test=allow_test, debtor=debtor)


def test_a_company_and_a_person_pass(company, person):
    assert debtor_form(company).errors == {}
    assert debtor_form(person).errors == {}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 10_000}, "name", "At most 70 characters are allowed here; this has 10000"),
        ({"name": "Aalto\0Oy"}, "name", "position 6"),
        ({"name": f"Aalto{OVERRIDE}Oy"}, "name", "RIGHT-TO-LEFT OVERRIDE at position 6"),
        ({"customer_number": f"7{ZERO_WIDTH}7"}, "customer_number", "ZERO WIDTH SPACE"),
        ({"name": "Aalto 😀"}, "name", "position 7"),
        ({"kind": "ghost"}, "kind", "Select a valid choice"),
        ({"business_id": "1998095-1"}, "business_id", "check digit"),
        ({"business_id": "abc"}, "business_id", "seven digits"),
        ({"postcode": "0010"}, "postcode", "five digits"),
        ({"postcode": "AB123"}, "postcode", "five digits"),
        ({"postcode": "٠٠١٠٠"}, "postcode", "five digits"),
        ({"country": "FIN"}, "country", "Select a valid choice"),
        ({"country": "US", "postcode": "12345678901"}, "postcode", "ten characters"),
        ({"email": "a@b.fi, c@d.fi"}, "email", "one e-mail address"),
        ({"email": "a@b.fi\nBcc: c@d.fi"}, "email", "position 7"),
        ({"email": "anna@exämple.com"}, "email", "plain letters"),
        ({"email": "anna@"}, "email", "one e-mail address"),
        ({"email": f"{'a' * 60}@{'b' * 300}.fi"}, "email", "At most 254"),
        ({"phone": "call me"}, "phone", "digits"),
        ({"channel": "email"}, "email", "needs an address"),
        ({"channel": "einvoice"}, "einvoice_address", "both an address and an operator"),
        ({"channel": "einvoice", "einvoice_address": "003719980950"}, "einvoice_operator", "both"),
        ({"einvoice_operator": "003721291126"}, "einvoice_address", "both"),
        (
            {"einvoice_address": "003719980951", "einvoice_operator": "003721291126"},
            "einvoice_address",
            "0037",
        ),
        ({"einvoice_address": "003719980950", "einvoice_operator": "!"}, "einvoice_operator", "operator"),
        ({"vat_id": "12"}, "vat_id", "two letters"),
        ({"national_id": "131052-308T"}, "national_id", "A company has no personal identity code"),
        ({"kind": "person"}, "business_id", "A private person has no business id"),
    ],
)
def test_a_company_is_refused(company, change, field, words):
    form = debtor_form({**company, **change})
    assert words in str(form.errors.get(field)), form.errors


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("131052-308A", "check character"),
        ("311152-308T", "day of birth"),
        ("131052308T", "separator"),
        ("010594Y9032", "are for tests"),
    ],
)
def test_an_identity_code_is_refused_without_echo(person, number, words):
    form = debtor_form({**person, "national_id": number})
    assert words in str(form.errors["national_id"])
    assert number not in str(form.errors)


@pytest.mark.parametrize(
    ("number", "stored"),
    [
        (" 131052-308t ", "131052-308T"),
        ("131052 - 308T", "131052-308T"),
        ("131052Y308T", "131052Y308T"),
    ],
)
def test_an_identity_code_is_accepted_as_people_write_it(person, number, stored):
    form = debtor_form({**person, "national_id": number})
    assert form.errors == {}
    assert form.values()["national_id"] == stored


def test_artificial_codes_pass_where_nothing_is_real(person):
    assert debtor_form({**person, "national_id": "010594Y9032"}, allow_test=True).errors == {}


@pytest.mark.parametrize(
    ("home", "number", "country", "postcode"),
    [
        ("SE", "680164-2395", "SE", "111 43"),
        ("NO", "11077941012", "NO", "0001"),
        ("FI", "131052-308T", "SE", "11143"),
        ("FI", "131052-308T", "DE", "10115"),
    ],
)
def test_codes_follow_the_country_or_the_creditor(person, home, number, country, postcode):
    data = {**person, "national_id": number, "country": country, "postcode": postcode}
    assert debtor_form(data, creditor=make_creditor(home)).errors == {}


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "{{ 7|add:7 }}", "=HYPERLINK(1)", "+cmd", "@SUM(1)", "javascript:alert(1)"],
)
def test_hostile_text_is_text(company, text):
    form = debtor_form({**company, "name": text, "extra_line_1": text})
    assert form.errors == {}
    assert form.values()["name"] == text


def test_an_old_six_digit_business_id_gets_its_zero(company):
    form = debtor_form({**company, "business_id": "201256-6"})
    assert form.errors == {}
    assert form.values()["business_id"] == "0201256-6"


def test_abroad_only_the_length_of_a_post_code_counts(company):
    data = {**company, "country": "GB", "postcode": "SW1A 1AA", "business_id": "GB 123"}
    assert debtor_form(data).errors == {}


def test_a_stored_identity_code_is_never_in_the_form(person):
    debtor = make_debtor(kind="person")
    form = DebtorForm(creditor=debtor.creditor, allow_test=False, debtor=debtor)
    assert "131052" not in str(form)
    assert "308T" in str(form["national_id"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "131052-308T"),
        ({"forget_national_id": "on"}, ""),
        ({"national_id": "131052Y308T"}, "131052Y308T"),
    ],
)
def test_a_stored_identity_code_stays_unless_told_otherwise(person, change, expected):
    debtor = make_debtor(kind="person")
    form = debtor_form({**person, "national_id": "", **change}, creditor=debtor.creditor, debtor=debtor)
    assert form.errors == {}
    assert form.values()["national_id"] == expected


def test_a_person_that_becomes_a_company_loses_the_code(company):
    debtor = make_debtor(kind="person")
    form = debtor_form(company, creditor=debtor.creditor, debtor=debtor)
    assert form.errors == {}
    assert form.values()["national_id"] == ""


def test_doubles_are_asked_about_only_when_something_telling_was_touched(company):
    creditor = make_creditor()
    make_debtor(creditor, business_id="1998095-0")
    debtor = make_debtor(creditor, **{**company, "kind": "company"})
    same = debtor_form({**company, "city": "Oulu"}, creditor=creditor, debtor=debtor)
    other = debtor_form({**company, "name": "Aalto"}, creditor=creditor, debtor=debtor)
    assert (same.is_valid(), other.is_valid()) == (True, True)
    assert (same.doubles().count(), other.doubles().count()) == (0, 1)


def test_a_creditor_passes_and_its_hold_is_kept_in_seconds(creditor_form):
    form = CreditorForm(creditor_form)
    assert form.errors == {}
    values = form.values()
    assert (values["iban"], str(values["default_vat_rate"]), values["hold_seconds"]) == (
        "FI2112345600000785", "25.50", 600,
    )  # fmt: skip


@pytest.mark.parametrize(("seconds", "shown"), [(20, "20 s"), (0, "0 min"), (600, "10 min"), (90, "90 s")])
def test_a_hold_is_shown_as_it_is_and_survives_an_edit(creditor_form, seconds, shown):
    form = CreditorForm(creditor=make_creditor(hold_seconds=seconds))
    assert f'value="{shown}"' in str(form["hold"])
    assert CreditorForm({**creditor_form, "hold": shown}).errors == {}
    again = CreditorForm({**creditor_form, "hold": shown})
    assert again.is_valid()
    assert again.values()["hold_seconds"] == seconds


@pytest.mark.parametrize("typed", ["-1", "ten", "10 h", "1.5 min", "٣", ""])
def test_a_hold_that_cannot_be_read_says_how_to_write_it(creditor_form, typed):
    assert CreditorForm({**creditor_form, "hold": typed}).errors.get("hold")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"business_id": "2077474-1"}, "business_id", "check digit"),
        ({"iban": "FI2112345600000786"}, "iban", "not a valid IBAN"),
        ({"iban": "FI21 1234\n5600 0007 85"}, "iban", "position 10"),
        ({"bic": "NDEA"}, "bic", "8 or 11"),
        ({"postcode": "100"}, "postcode", "five digits"),
        ({"reference_kind": "kid10"}, "reference_kind", "not used in the creditor"),
        ({"default_vat_rate": "250"}, "default_vat_rate", "between 0 and 100"),
        ({"default_vat_rate": "-1"}, "default_vat_rate", ""),
        ({"default_vat_rate": "1e3"}, "default_vat_rate", ""),
        ({"default_vat_rate": "NaN"}, "default_vat_rate", ""),
        ({"late_interest": "abc"}, "late_interest", ""),
        ({"payment_term_days": "-1"}, "payment_term_days", "greater than or equal to 0"),
        ({"hold": "1441"}, "hold", "1440 min"),
        ({"country": "DK"}, "country", "Select a valid choice"),
    ],
)
def test_a_creditor_is_refused(creditor_form, change, field, words):
    form = CreditorForm({**creditor_form, **change})
    assert form.errors.get(field)
    assert words in str(form.errors[field])


@pytest.mark.parametrize(
    ("home", "change"),
    [
        ("SE", {"business_id": "556703-7485", "iban": "SE4550000000058398257466", "bic": "ESSESESS", "postcode": "111 43",
                "reference_kind": "ocr-length"}),
        ("NO", {"business_id": "974760673", "iban": "NO9386011117947", "bic": "DNBANOKK", "postcode": "0154",
                "reference_kind": "kid11", "reference_length": "12"}),
    ],
)  # fmt: skip
def test_creditors_of_the_neighbors_pass(creditor_form, home, change):
    assert CreditorForm({**creditor_form, "country": home, **change}).errors == {}


@pytest.mark.parametrize("code", ["abc def", "abc\ndef", "abc\tdef", "abcdéf", "abc\0def", "", "x" * 201])
def test_credentials_are_refused_without_echo(code):
    form = CredentialsForm({"cid": "1000", "apicode": code})
    assert not form.is_valid()
    assert "abc" not in str(form.errors)
    assert "abc" not in str(form["apicode"])


def test_blanks_around_credentials_are_cut_off():
    form = CredentialsForm({"cid": " 1000 ", "apicode": "\t abc123\r\n"})
    assert form.is_valid()
    assert form.cleaned_data == {"cid": "1000", "apicode": "abc123"}


@pytest.mark.parametrize("name", ["https://evil.example", "dk-test", "sandbox", "fi-production "])
def test_an_environment_is_chosen_from_the_list(creditor, name):
    assert not EnvironmentForm({"name": name}, creditor=creditor).is_valid()


def test_environments_that_are_left_can_be_added(creditor):
    assert [name for name, _ in EnvironmentForm(creditor=creditor).fields["name"].choices] == [
        "fi-test", "fi-production", "se-test", "se-production", "no-test", "no-production",
    ]  # fmt: skip
