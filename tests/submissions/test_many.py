"""Taking several submissions back at once."""

import pytest
from django.urls import reverse

from ropo_portal.submissions.models import Submission
from tests.factories import make_environment, queue
from tests.submissions.stages import staged

pytestmark = pytest.mark.django_db


def take_back(browser, *rows):
    return browser.post(reverse("submissions:withdraw-many"), {"submission": [row.pk for row in rows]})


def test_each_marked_one_is_told_by_itself(signed_in, environment):
    waiting, held = queue(environment), staged(environment, "held")
    answer = take_back(signed_in("sender"), waiting, held)
    told = {row.pk: is_back for row, is_back, _why in answer.context["results"]}
    assert told == {waiting.pk: True, held.pk: False}
    assert Submission.objects.get(pk=waiting.pk).state == "cancelled"
    assert "Too late" in answer.content.decode()


def test_foreign_ones_and_nonsense_are_left_alone(signed_in, environment):
    foreign = queue(make_environment())
    browser = signed_in("sender")
    assert take_back(browser, foreign).context["results"] == []
    answer = browser.post(reverse("submissions:withdraw-many"), {"submission": ["nonsense"]})
    assert "Nothing was marked" in answer.content.decode()
    assert Submission.objects.get(pk=foreign.pk).state == "queued"


def test_only_who_may_take_back_sees_marks(signed_in, environment):
    queue(environment)
    there = reverse("submissions:list")
    assert b"data-check-all" in signed_in("sender").get(there).content
    assert b"data-check-all" not in signed_in("reader").get(there).content
