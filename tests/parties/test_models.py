"""Finding debtors, and the ones who look the same."""

import pytest

from ropo_portal.parties.models import COUNTRIES, Debtor
from ropo_portal.ropo_one.messages.wire import ALPHA_3, country_text
from tests.factories import make_creditor, make_debtor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "lahti",
        "SÄHKÖ lahtinen",
        "  sähkö ",
        "2262509-5",
        "22625095",
        "2262509 - 5",
        "K-77",
        "k-77",
        "131052-308t",
    ],
)
def test_matching_finds_by_words_numbers_and_ids(text):
    creditor = make_creditor()
    company = make_debtor(creditor, name="Lahtinen Sähkö Oy", business_id="2262509-5", customer_number="K-77")
    person = make_debtor(creditor, kind="person", name="Anni Mäkelä")
    make_debtor(creditor, name="Somebody Else", business_id="1998095-0")
    expected = person if text.startswith("131052") else company
    assert list(Debtor.objects.matching(text)) == [expected]


def test_a_swedish_number_is_found_however_it_is_written():
    person = make_debtor(make_creditor("SE"), kind="person", national_id="19640823-3234")
    for text in ("640823-3234", "196408233234", "6408233234", "19640823-3234"):
        assert list(Debtor.objects.matching(text)) == [person]


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'", '"; DROP TABLE parties_debtor; --', "x" * 10_000, "\0", "(a+)+$"]
)
def test_strange_searches_are_bounded_and_find_nothing(text):
    make_debtor(name="Aalto Oy")
    found = list(Debtor.objects.matching(text))
    assert found == ([Debtor.objects.get()] if not text.strip("\0") else [])


@pytest.mark.parametrize(
    ("other", "is_double"),
    [
        ({"business_id": "2077474-0"}, True),
        ({"name": "AALTO oy"}, True),
        ({"name": "AALTO oy", "postcode": "33100"}, False),
        ({}, False),
    ],
)
def test_like(other, is_double):
    creditor = make_creditor()
    first = make_debtor(creditor, name="Aalto Oy", business_id="2077474-0")
    second = make_debtor(creditor, **{"business_id": "1998095-0", **other})
    assert list(Debtor.objects.like(second)) == ([first] if is_double else [])
    assert not Debtor.objects.like(
        Debtor(creditor=make_creditor(), name="Aalto Oy", business_id="2077474-0")
    ).exists()


def test_people_are_alike_by_their_identity_code():
    creditor = make_creditor()
    first, second = (make_debtor(creditor, kind="person", name=name) for name in ("Anni", "Anni Mäkelä"))
    assert list(Debtor.objects.like(second)) == [first]


def test_ropo_knows_every_country_that_can_be_chosen():
    assert {country_text(code) for code in COUNTRIES} == ALPHA_3


def test_an_identity_code_is_shown_by_its_end_only():
    assert make_debtor(kind="person").shown_id == "•••••••308T"
