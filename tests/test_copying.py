"""Many values in one question mean what they mean one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.copying import among
from ropo_portal.identifiers import new_id
from ropo_portal.parties.models import Debtor
from tests.factories import make_debtor

pytestmark = pytest.mark.django_db
AWKWARD = ['"', "\\", "{a,b}", "NULL", "null", "", " ", ",", "'", "\\N", "a\x1fb", "\t", "Å", "%s"]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_are_found_and_nothing_else(text):
    wanted, other = make_debtor(name=text), make_debtor(name="other")
    some = Debtor.objects.filter(pk__in=[wanted.pk, other.pk])
    assert list(some.filter(among("name", [text, "nobody"]))) == [wanted]
    assert list(some.filter(among("name", ["nobody", "x" + text]))) == []


def test_nothing_is_among_nothing():
    debtor = make_debtor()
    assert not Debtor.objects.filter(among("name", [])).exists()
    assert Debtor.objects.get(among("id", [new_id(), debtor.pk])) == debtor


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=5), max_size=6
    )
)
def test_any_texts_are_asked_for_as_they_are(texts):
    debtor = make_debtor(name="".join(texts)[:70])
    found = Debtor.objects.filter(pk=debtor.pk).filter(among("name", [*texts, debtor.name]))
    assert list(found) == [debtor]
    assert Debtor.objects.filter(pk=debtor.pk).filter(among("name", texts)).exists() == (debtor.name in texts)
