from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.imports.readers.numbers import Unreadable, read_number
from ropo_portal.imports.readers.styles import decimal_of

amounts = st.decimals(-99_999_999, 99_999_999, places=2) | st.decimals(-999_999, 999_999, places=4)
groupings = st.sampled_from(["", " ", "\u00a0", "'", "’", "other"])


def written(value: Decimal, decimal: str, grouping: str) -> str:
    sign = {",": ".", ".": ","}[decimal] if grouping == "other" else grouping
    whole, _point, fraction = f"{value:,}".partition(".")
    return whole.replace(",", sign.replace("\u00a0", " ")) + (f"{decimal}{fraction}" if fraction else "")


def reading(text):
    try:
        return Decimal(read_number(text, ""))
    except Unreadable as why:
        return why.code


@given(amounts, st.sampled_from(",."), groupings)
def test_a_number_of_any_style_reads_back(value, decimal, grouping):
    assert Decimal(read_number(written(value, decimal, grouping), decimal)) == value


@given(amounts, st.sampled_from(",."), groupings)
def test_without_a_style_a_number_reads_right_or_not_at_all(value, decimal, grouping):
    assert reading(written(value, decimal, grouping)) in {value, "ambiguous_number"}


@given(amounts, st.sampled_from(",."), groupings)
def test_what_a_sample_proves_is_the_style_it_was_written_in(value, decimal, grouping):
    proven, _doubts = decimal_of([written(value, decimal, grouping)])
    assert proven in {"", decimal}


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1250", "", "1250"),
        ("1250,50", "", "1250.50"),
        ("1.250,50", "", "1250.50"),
        ("1,250.50", "", "1250.50"),
        ("1.234.567", "", "1234567"),
        ("1 234 567,891", "", "1234567.891"),
        ("1.250", ",", "1250"),
        ("1.250", ".", "1.250"),
        ("0,125", "", "0.125"),
        ("1234,567", "", "1234.567"),
        (",5", "", "0.5"),
        ("007", "", "7"),
        ("+5", "", "5"),
        ("−5,5", "", "-5.5"),
        ("5,50-", "", "-5.50"),
        ("(5,50)", "", "-5.50"),
        ("-0,00", "", "0.00"),
        ("1 250,50 €", "", "1250.50"),
        ("EUR 12,5", "", "12.5"),
        ("kr 12,50", "", "12.50"),
        ("12,50 kr", "", "12.50"),
        ("100:-", "", "100"),
        ("25,5 %", ",", "25.5"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, decimal, number):
    assert read_number(text, decimal) == number


@pytest.mark.parametrize(
    ("text", "decimal", "code"),
    [
        ("1.250", "", "ambiguous_number"),
        ("1,250", "", "ambiguous_number"),
        ("1250.50", ",", "other_decimal_sign"),
        ("1,250.50", ",", "other_decimal_sign"),
        ("1 2345", ",", "not_a_number"),
        ("12,34,5", ",", "not_a_number"),
        ("1.23.4", ",", "not_a_number"),
        ("1E+05", ",", "not_a_number"),
        ("=1+1", ",", "not_a_number"),
        ("-(5)", ",", "not_a_number"),
        ("(5", ",", "not_a_number"),
        ("--5", ",", "not_a_number"),
        ("5,", ",", "not_a_number"),
        ("", ",", "not_a_number"),
        ("twelve", ",", "not_a_number"),
        ("٣", ",", "not_a_number"),
        ("1" * 41, ",", "not_a_number"),
    ],
)
def test_what_has_no_single_reading_is_refused(text, decimal, code):
    with pytest.raises(Unreadable) as refused:
        read_number(text, decimal)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("texts", "decimal", "doubts"),
    [
        (["1.250", "3,5"], ",", []),
        (["1.250", "17"], "", ["decimal"]),
        (["1250.5", "3,5"], "", ["decimal_mixed"]),
        (["17", "18"], "", []),
        (["1.234.567"], ",", []),
    ],
)
def test_the_decimal_sign_is_never_guessed_in_silence(texts, decimal, doubts):
    found, asked = decimal_of(texts)
    assert (found, [doubt.code for doubt in asked]) == (decimal, doubts)
