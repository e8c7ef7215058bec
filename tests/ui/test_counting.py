"""Counts of every page: written once, asked with the keys of each reader."""

import uuid

import pytest
from django.db.models import Q

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.ui.counting import count_known
from tests.factories import make_creditor, make_environment

pytestmark = pytest.mark.django_db


def test_the_same_words_count_for_other_keys(django_assert_num_queries):
    first, second = make_creditor(), make_creditor()
    for creditor, names in ((first, ["sandbox"]), (second, ["sandbox", "fi-test"])):
        for name in names:
            make_environment(creditor, name)
    asked = []

    def write(keys):
        asked.append(keys)
        # The second key comes first in the words.
        return CreditorEnvironment.objects.filter(~Q(pk=keys[1]), creditor_id=keys[0], name__contains="%")

    def plain(keys):
        asked.append(keys)
        return CreditorEnvironment.objects.filter(~Q(pk=keys[1]), creditor_id=keys[0])

    own = second.environments.get(name="sandbox").pk
    with django_assert_num_queries(4):
        numbers = [
            count_known("own", plain, [first.pk, uuid.uuid4()], most=9),
            count_known("own", plain, [second.pk, uuid.uuid4()], most=9),
            count_known("own", plain, [second.pk, own], most=9),
            count_known("percent", write, [second.pk, own], most=9),
        ]
    assert numbers == [1, 2, 1, 0]
    assert len(asked) == 2


def test_counting_ends_at_the_most():
    creditor = make_creditor()
    for name in ("sandbox", "fi-test", "fi-production"):
        make_environment(creditor, name)
    own = CreditorEnvironment.objects.filter

    assert count_known("capped", lambda keys: own(creditor_id__in=keys), [creditor.pk], most=2) == 2
    assert count_known("capped", lambda keys: own(creditor_id__in=keys), [creditor.pk] * 2, most=9) == 3
