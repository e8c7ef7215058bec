from datetime import date

import hypothesis
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ropo_portal.identifiers import ArtificialId, NotAPersonalId, check_personal_id
from ropo_portal.identifiers.digits import luhn_digit, weighted

TODAY = date(2026, 11, 22)
FINNISH_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


@pytest.mark.parametrize(
    ("country", "text", "canonical"),
    [
        ("FI", "131052-308T", "131052-308T"),
        ("FI", "131052-308t", "131052-308T"),
        ("FI", " 131052 -308T", "131052-308T"),
        ("SE", "680164-2395", "19680164-2395"),
        ("SE", "196801642395", "19680164-2395"),
        ("SE", "8507099805", "19850709-9805"),
        ("SE", "121212+1212", "19121212-1212"),
        ("NO", "151086 95088", "15108695088"),
    ],
)
def test_valid_codes_come_back_in_one_form(country: str, text: str, canonical: str) -> None:
    assert check_personal_id(country, text, today=TODAY) == canonical


@pytest.mark.parametrize("separator", "-YXWVU")
def test_new_separators_of_the_last_century_are_accepted(separator: str) -> None:
    assert check_personal_id("FI", f"131052{separator}308T") == f"131052{separator}308T"


@pytest.mark.parametrize("separator", "ABCDEF")
def test_new_separators_of_this_century_are_accepted(separator: str) -> None:
    assert check_personal_id("FI", f"010120{separator}123{FINNISH_CHECKS[10120123 % 31]}")


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("FI", "131052-308U", "check_digit"),
        ("FI", "310252-308Y", "day"),
        ("FI", "131052-001X", "individual"),
        ("FI", "131052G308T", "form"),
        ("FI", "2077474-0", "form"),
        ("SE", "680164-2396", "check_digit"),
        ("SE", "681364-2395", "day"),
        ("SE", "6801642", "form"),
        ("NO", "15108695077", "check_digit"),
        ("NO", "95108695088", "help_number"),
        ("NO", "32108695088", "day"),
        ("NO", "1510869508", "form"),
        ("DK", "1", ""),
    ],
)
def test_the_wrong_part_is_named_but_the_code_is_not_repeated(country: str, text: str, code: str) -> None:
    with pytest.raises(NotAPersonalId) as refusal:
        check_personal_id(country, text, field="personal_id", today=TODAY)
    assert (refusal.value.code, refusal.value.field) == (code, "personal_id")
    assert text not in str(refusal.value)


def test_artificial_finnish_codes_are_for_tests() -> None:
    assert check_personal_id("FI", "010594Y9032", allow_test=True) == "010594Y9032"
    with pytest.raises(ArtificialId):
        check_personal_id("FI", "010594Y9032")


def test_synthetic_norwegian_codes_are_for_tests() -> None:
    synthetic = _norwegian("159086", "950")
    assert check_personal_id("NO", synthetic, allow_test=True) == synthetic
    with pytest.raises(ArtificialId):
        check_personal_id("NO", synthetic)


@pytest.mark.parametrize("born", ["551086", "155086"])
def test_d_numbers_and_h_numbers_are_accepted(born: str) -> None:
    assert check_personal_id("NO", _norwegian(born, "950"))


def _norwegian(born: str, individual: str) -> str:
    """Return the first valid number from this individual number on."""
    for number in range(int(individual), 1000):
        body = f"{born}{number:03}"
        first = -weighted(body, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
        second = -weighted(f"{body}{first}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        if first < 10 and second < 10:
            return f"{body}{first}{second}"
    raise AssertionError(born)


@hypothesis.settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(2, 899), st.data())
def test_one_changed_digit_of_a_finnish_code_is_noticed(
    born: date, individual: int, data: st.DataObject
) -> None:
    digits = f"{born:%d%m%y}{individual:03}"
    check = FINNISH_CHECKS[int(digits) % 31]
    assert check_personal_id("FI", f"{digits[:6]}-{digits[6:]}{check}")
    place, other = (
        data.draw(st.integers(0, 8)),
        data.draw(st.sampled_from("0123456789")),
    )
    assume(other != digits[place])
    changed = digits[:place] + other + digits[place + 1 :]
    with pytest.raises(NotAPersonalId):
        check_personal_id("FI", f"{changed[:6]}-{changed[6:]}{check}", allow_test=True)


@hypothesis.settings(deadline=None)
@given(
    st.dates(date(1930, 1, 1), date(2025, 12, 31)),
    st.booleans(),
    st.from_regex(r"[0-9]{3}", fullmatch=True),
    st.data(),
)
def test_one_changed_digit_of_a_swedish_number_is_noticed(
    born: date, coordination: bool, individual: str, data: st.DataObject
) -> None:
    body = f"{born:%y%m}{born.day + 60 * coordination:02}{individual}"
    digits = body + luhn_digit(body)
    assert check_personal_id("SE", digits, today=TODAY) == f"{born.year // 100}{digits[:6]}-{digits[6:]}"
    place, other = (
        data.draw(st.integers(0, 9)),
        data.draw(st.sampled_from("0123456789")),
    )
    assume(other != digits[place])
    with pytest.raises(NotAPersonalId):
        check_personal_id("SE", digits[:place] + other + digits[place + 1 :], today=TODAY)


@hypothesis.settings(deadline=None)
@given(st.dates(date(1940, 1, 1), date(1999, 12, 31)), st.integers(0, 300), st.data())
def test_one_changed_digit_of_a_norwegian_number_is_noticed(
    born: date, individual: int, data: st.DataObject
) -> None:
    digits = _norwegian(f"{born:%d%m%y}", f"{individual:03}")
    assert check_personal_id("NO", digits) == digits
    place, other = (
        data.draw(st.integers(0, 10)),
        data.draw(st.sampled_from("0123456789")),
    )
    assume(other != digits[place])
    with pytest.raises(NotAPersonalId):
        check_personal_id("NO", digits[:place] + other + digits[place + 1 :], allow_test=True)
