import hypothesis
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ropo_portal.identifiers import NotABusinessId, check_business_id, vat_id
from ropo_portal.identifiers.digits import luhn_digit, weighted


@pytest.mark.parametrize(
    ("country", "text", "canonical"),
    [
        ("FI", "2077474-0", "2077474-0"),
        ("FI", "2262509-5", "2262509-5"),
        ("FI", " 22625095 ", "2262509-5"),
        ("FI", "201256-6", "0201256-6"),
        ("SE", "556036-0793", "556036-0793"),
        ("SE", "165560360793", "556036-0793"),
        ("NO", "974760673", "974760673"),
        ("NO", "974 760 673", "974760673"),
    ],
)
def test_valid_ids_come_back_as_their_country_writes_them(country: str, text: str, canonical: str) -> None:
    assert check_business_id(country, text) == canonical


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("FI", "2077474-1", "check_digit"),
        ("FI", "20774-0", "form"),
        ("FI", "\uff12077474-0", "form"),
        ("FI", "131052-308T", "form"),
        ("SE", "556036-0794", "check_digit"),
        ("SE", "680104-2395", "person"),
        ("NO", "974760674", "check_digit"),
        ("NO", "97476067", "form"),
        ("DE", "1", ""),
    ],
)
def test_wrong_ids_are_refused_with_the_reason(country: str, text: str, code: str) -> None:
    with pytest.raises(NotABusinessId) as refusal:
        check_business_id(country, text, field="business_id")
    assert (refusal.value.code, refusal.value.field) == (code, "business_id")


BODIES = {"FI": (7, (7, 9, 10, 5, 8, 4, 2)), "NO": (8, (3, 2, 7, 6, 5, 4, 3, 2))}


@hypothesis.settings(deadline=None)
@given(st.sampled_from(["FI", "SE", "NO"]), st.data())
def test_one_changed_digit_is_always_noticed(country: str, data: st.DataObject) -> None:
    valid = data.draw(_valid_id(country))
    assert check_business_id(country, valid).replace("-", "") == valid
    place = data.draw(st.integers(0, len(valid) - 1))
    other = data.draw(st.sampled_from("0123456789"))
    assume(other != valid[place])
    with pytest.raises(NotABusinessId):
        check_business_id(country, valid[:place] + other + valid[place + 1 :])


@st.composite
def _valid_id(draw: st.DrawFn, country: str) -> str:
    if country == "SE":
        body = draw(st.from_regex(r"[1-9][0-9][2-9][0-9]{6}", fullmatch=True))
        return str(body + luhn_digit(body))
    size, weights = BODIES[country]
    body = draw(st.from_regex(rf"[0-9]{{{size}}}", fullmatch=True))
    check = -weighted(body, weights) % 11
    assume(check != 10)
    return f"{body}{check}"


def test_vat_ids_follow_from_business_ids() -> None:
    assert vat_id("FI", "2077474-0") == "FI20774740"
    assert vat_id("SE", "556036-0793") == "SE556036079301"
    assert vat_id("NO", "974760673") == "NO974760673MVA"
