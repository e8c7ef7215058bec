import hypothesis
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ropo_portal.identifiers import (
    CannotMakeReference,
    ReferenceKind,
    canonical_reference,
    check_reference,
    format_reference,
    is_kid,
    is_ocr,
    is_rf,
    is_viite,
    make_reference,
    wrap_viite,
)

COUNTRY_OF = {"viite": "FI", "rf": "FI", "ocr": "SE", "kid10": "NO", "kid11": "NO"}


@pytest.mark.parametrize(
    ("kind", "base", "reference"),
    [
        ("viite", "123", "1232"),
        ("viite", "123456", "1234561"),
        ("viite", "2026110001", "20261100017"),
        ("viite", "000123456", "1234561"),
        ("rf", "123456", "RF341234561"),
        ("ocr", "1234567", "123456790"),
        ("kid10", "60224", "602243"),
        ("kid11", "1234567", "12345674"),
    ],
)
def test_known_references(kind: str, base: str, reference: str) -> None:
    assert make_reference(kind, base) == reference
    assert check_reference(COUNTRY_OF[kind], reference) is not None


def test_a_viite_is_wrapped() -> None:
    assert wrap_viite("12345 61") == "RF341234561"


def test_the_whole_length_is_kept() -> None:
    assert len(make_reference("kid10", "60224", length=10)) == 10
    assert len(make_reference("ocr", "60224", length=8)) == 8
    assert make_reference("ocr", "60224", length_digit=False) == "602243"


@pytest.mark.parametrize(
    ("kind", "base", "length", "code"),
    [
        ("viite", "12", None, "too_short"),
        ("viite", "1" * 20, None, "too_long"),
        ("viite", "A1", None, "not_digits"),
        ("viite", "000", None, "not_digits"),
        ("kid10", "\u0661\u0662\u0663", None, "not_digits"),
        ("ocr", "1234567", 8, "too_long"),
        ("kid10", "1" * 25, None, "too_long"),
        ("kid11", "10000013", None, "no_check_digit"),
    ],
)
def test_impossible_references_are_refused(kind: str, base: str, length: int | None, code: str) -> None:
    with pytest.raises(CannotMakeReference) as refusal:
        make_reference(kind, base, length=length)
    assert refusal.value.code == code


def test_the_kind_of_a_reference_is_found() -> None:
    assert check_reference("FI", "RF18539007547034") is ReferenceKind.RF
    assert check_reference("FI", "RF18 5390 0754 7034") is ReferenceKind.RF
    assert check_reference("FI", "12345 61") is ReferenceKind.VIITE
    assert check_reference("SE", "123456790") is ReferenceKind.OCR
    assert check_reference("NO", "602243") is ReferenceKind.KID10
    assert check_reference("NO", make_reference("kid11", "60224")) is ReferenceKind.KID11
    assert check_reference("FI", "thank you") is None
    assert check_reference("FI", "1234562") is None
    assert check_reference("FI", "") is None
    assert check_reference("SE", "1") is None
    assert check_reference("NO", "-") is None
    assert check_reference("DE", "1234561") is None


def test_the_bank_sets_how_strict_ocr_is() -> None:
    assert is_ocr("602243")
    assert not is_ocr("602243", length_digit=True)
    assert is_ocr("123456790", length_digit=True, lengths={9, 10})
    assert not is_ocr("123456790", lengths={10})


def test_a_kid_may_end_in_a_hyphen() -> None:
    assert is_kid("10000013-", ReferenceKind.KID11)
    assert not is_kid("10000013-", ReferenceKind.KID10)
    assert not is_kid("602243", ReferenceKind.KID10, lengths={7})


def test_zeros_inside_an_rf_do_not_make_it_another_one() -> None:
    assert is_rf("RF18000539007547034")
    assert canonical_reference("RF18 0005 3900 7547 034") == "RF18539007547034"
    assert canonical_reference(" 1234561 ") == "1234561"
    assert not is_rf("RF00000")


def test_references_are_printed_in_groups() -> None:
    assert format_reference(ReferenceKind.VIITE, "20261100017") == "2 02611 00017"
    assert format_reference(ReferenceKind.VIITE, "1234567890") == "12345 67890"
    assert format_reference(ReferenceKind.RF, "RF341234561") == "RF34 1234 561"
    assert format_reference(ReferenceKind.OCR, "123456790") == "123456790"
    assert format_reference(None, "thank  you") == "thank  you"


@hypothesis.settings(deadline=None)
@given(st.sampled_from(ReferenceKind), st.integers(100, 10**18), st.data())
def test_one_changed_digit_is_always_noticed(kind: ReferenceKind, number: int, data: st.DataObject) -> None:
    try:
        reference = make_reference(kind, str(number))
    except CannotMakeReference as refusal:
        assume(refusal.code != "no_check_digit")
        raise
    fits = {
        ReferenceKind.VIITE: is_viite,
        ReferenceKind.RF: is_rf,
        ReferenceKind.OCR: lambda text: is_ocr(text, length_digit=True),
        ReferenceKind.KID10: lambda text: is_kid(text, ReferenceKind.KID10),
        ReferenceKind.KID11: lambda text: is_kid(text, ReferenceKind.KID11),
    }[kind]
    assert fits(reference)
    assert check_reference(COUNTRY_OF[kind], format_reference(kind, reference)) is not None
    place = data.draw(st.integers(2 if kind == ReferenceKind.RF else 0, len(reference) - 1))
    other = data.draw(st.sampled_from("0123456789"))
    assume(other != reference[place])
    assert not fits(reference[:place] + other + reference[place + 1 :])
