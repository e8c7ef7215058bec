"""What the walks lean on: the fingerprint of all rows notices every change of one."""

import pytest

from ropo_portal.accounts.models import Creditor
from ropo_portal.parties.models import Debtor
from tests import factories
from tests.permissions.stage import Stage, fingerprint, undone

pytestmark = pytest.mark.django_db


def moved(before: dict[str, tuple[int, object]]) -> set[str]:
    now = fingerprint()
    assert set(now) == set(before)
    return {label for label in now if now[label] != before[label]}


def test_the_fingerprint_is_steady_and_speaks_of_rows(stage: Stage):
    before = fingerprint()
    assert moved(before) == set()
    assert before["parties.Debtor"][0] == Debtor.objects.count() > 0


@pytest.mark.parametrize("field", ["name", "city", "postcode", "einvoice_operator"])
def test_one_changed_value_is_noticed(stage: Stage, field):
    before = fingerprint()
    with undone():
        Debtor.objects.filter(pk=stage.home.ids["debtor"]).update(**{field: "otherwise"})
        assert moved(before) == {"parties.Debtor"}
    assert moved(before) == set()


def test_a_new_row_and_two_that_change_places_are_noticed(stage: Stage):
    before = fingerprint()
    with undone():
        factories.make_creditor()
        assert moved(before) == {"accounts.Creditor"}
    home, foreign = stage.home.creditor, stage.foreign.creditor
    with undone():
        Creditor.objects.filter(pk=home.pk).update(name=foreign.name)
        Creditor.objects.filter(pk=foreign.pk).update(name=home.name)
        assert moved(before) == {"accounts.Creditor"}
