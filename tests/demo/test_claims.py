"""The claims of the demonstration: valid by the forms' rules, and each one where its tale says."""

import pytest

from ropo_portal.collection.obstacles import obstacles
from ropo_portal.demo import claims, creditors, debtors
from ropo_portal.demo.claims import CLAIMS, REMINDED, TALES, number_of
from ropo_portal.identifiers import check_reference
from tests import factories


@pytest.fixture
def opened(db):
    people = creditors.make_people()
    environment = creditors.make_creditors(people, at=factories.AT)[0]
    clerk = people["clerk@demo.example"]
    made = debtors.make_debtors(environment.creditor, actor=clerk, at=factories.AT)
    return claims.open_claims(environment, made, clerk=clerk, at=factories.AT)


def test_numbers_and_references_are_right(opened):
    assert [claim.number for claim in opened.values()] == [number_of(place) for place in range(len(CLAIMS))]
    for claim in opened.values():
        assert check_reference("FI", claim.reference)
        assert "[" not in claim.debtor.name


def test_every_claim_has_a_tale_and_may_take_its_step(opened):
    assert set(TALES) == set(CLAIMS) == set(opened)
    today = factories.AT.date()

    def may(name, step):
        return obstacles(opened[name], step, today=today) == []

    assert all(may(name, "reminder") for name in [*REMINDED, "ripe", "being reminded"])
    assert all(may(name, "collection") for name in ("handed over", "proposed", "ripe"))
