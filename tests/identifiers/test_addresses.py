import pytest

from ropo_portal.identifiers import (
    NotAnEinvoiceAddress,
    NotAPostcode,
    check_einvoice_address,
    check_einvoice_operator,
    check_postcode,
    format_postcode,
    ovt_address,
)


@pytest.mark.parametrize(
    ("country", "text", "postcode"),
    [
        ("FI", "00100", "00100"),
        ("FI", "22100", "22100"),
        ("SE", "114 55", "11455"),
        ("NO", "0001", "0001"),
        ("GB", "SW1A 1AA", "SW1A 1AA"),
        ("IE", "", ""),
    ],
)
def test_valid_postcodes(country: str, text: str, postcode: str) -> None:
    assert check_postcode(country, text) == postcode


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("FI", "0010"),
        ("FI", "AB123"),
        ("SE", "01455"),
        ("NO", "12345"),
        ("NO", "\u0661\u0662\u0663\u0664"),
        ("GB", "12345678901"),
    ],
)
def test_wrong_postcodes_are_refused(country: str, text: str) -> None:
    with pytest.raises(NotAPostcode):
        check_postcode(country, text)


def test_swedish_postcodes_are_printed_three_and_two() -> None:
    assert format_postcode("SE", "11455") == "114 55"
    assert format_postcode("FI", "00100") == "00100"


def test_einvoice_addresses() -> None:
    assert ovt_address("2077474-0") == "003720774740"
    assert check_einvoice_address("0037 2077 4740") == "003720774740"
    assert check_einvoice_address("00372077474012345") == "00372077474012345"
    assert check_einvoice_address("fi4250001510000023") == "FI4250001510000023"
    for wrong in ("003720774741", "0037", "", "0037207747401234567", "a b\nc"):
        with pytest.raises(NotAnEinvoiceAddress):
            check_einvoice_address(wrong)


def test_einvoice_operators() -> None:
    assert check_einvoice_operator("okoyfihh") == "OKOYFIHH"
    assert check_einvoice_operator("003714377140") == "003714377140"
    with pytest.raises(NotAnEinvoiceAddress):
        check_einvoice_operator("x;y")
