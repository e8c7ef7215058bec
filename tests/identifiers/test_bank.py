from datetime import date
from decimal import Decimal

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.identifiers import (
    CannotMakeBarcode,
    NotABic,
    NotAnAccount,
    bank_barcode,
    bic_of,
    check_bankgiro,
    check_bic,
    check_iban,
    check_plusgiro,
    format_iban,
    make_reference,
    norwegian_account,
)

DUE = date(2010, 6, 12)
SUM = Decimal("4883.15")


@pytest.mark.parametrize(
    "iban",
    [
        "FI42 5000 1510 0000 23",
        "se3550000000054910000003",
        "NO9386011117947",
        "DE89370400440532013000",
    ],
)
def test_valid_accounts(iban: str) -> None:
    assert check_iban(iban) == iban.replace(" ", "").upper()


@pytest.mark.parametrize(
    "iban",
    [
        "FI4250001510000024",
        "FI42500015100000",
        "",
        "NO9386011117948",
        "XX00",
        "\uff26I4250001510000023",
    ],
)
def test_wrong_accounts_are_refused(iban: str) -> None:
    with pytest.raises(NotAnAccount):
        check_iban(iban)


def test_accounts_are_printed_in_fours() -> None:
    assert format_iban("FI4250001510000023") == "FI42 5000 1510 0000 23"
    assert norwegian_account("NO9386011117947") == "8601.11.17947"


@pytest.mark.parametrize(
    ("iban", "bic"),
    [
        ("FI4250001510000023", "OKOYFIHH"),
        ("FI7944052020036082", "ITELFIHH"),
        ("FI1340500000000000", "HELSFIHH"),
        ("FI1379900000000000", "HOLVFIHH"),
        ("SE3550000000054910000003", ""),
    ],
)
def test_a_finnish_account_names_its_bank(iban: str, bic: str) -> None:
    assert bic_of(iban) == bic


def test_bank_codes() -> None:
    assert check_bic("okoyfihh") == "OKOYFIHH"
    for wrong in ("OKOYFIH", "OKOYXXHH", "OKOY FIHH\u0661"):
        with pytest.raises(NotABic):
            check_bic(wrong)


def test_swedish_giro_numbers() -> None:
    assert check_bankgiro("9912346") == "991-2346"
    assert check_plusgiro("28 65 43-4") == "286543-4"
    with pytest.raises(NotAnAccount):
        check_bankgiro("991-2347")
    with pytest.raises(NotAnAccount):
        check_plusgiro("286543-5")


# The first two lines are printed in the Finnish banks' guide to the bank barcode.
@pytest.mark.parametrize(
    ("reference", "amount", "due", "digits"),
    [
        (
            "86851 62596 19897",
            SUM,
            DUE,
            "479440520200360820048831500000000868516259619897100612",
        ),
        (
            "RF09 8685 1625 9619 897",
            SUM,
            DUE,
            "579440520200360820048831509000000868516259619897100612",
        ),
        (
            "1232",
            Decimal("1000000.00"),
            None,
            "479440520200360820000000000000000000000000001232000000",
        ),
    ],
)
def test_the_bank_barcode(reference: str, amount: Decimal, due: date | None, digits: str) -> None:
    made = bank_barcode(iban="FI7944052020036082", reference=reference, amount=amount, due_date=due)
    assert made == digits


@pytest.mark.parametrize(
    ("iban", "reference"),
    [
        ("SE3550000000054910000003", "1232"),
        ("FI7944052020036082", "1233"),
        ("FI7944052020036082", "RF45G72UUR"),
    ],
)
def test_no_barcode_without_account_and_reference(iban: str, reference: str) -> None:
    with pytest.raises(CannotMakeBarcode):
        bank_barcode(iban=iban, reference=reference, amount=SUM, due_date=DUE)


@hypothesis.settings(deadline=None)
@given(
    st.integers(100, 10**18),
    st.sampled_from(["viite", "rf"]),
    st.decimals(0, 999_999, places=2),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_a_barcode_always_has_54_digits(number: int, kind: str, amount: Decimal, due: date) -> None:
    reference = make_reference(kind, str(number))
    digits = bank_barcode(iban="FI7944052020036082", reference=reference, amount=amount, due_date=due)
    assert (len(digits), digits.isdigit()) == (54, True)
    assert Decimal(digits[17:25]) / 100 == amount
    assert digits[-6:] == due.strftime("%y%m%d")
