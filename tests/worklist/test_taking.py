"""Taking work: one person at a time, for a while, over by name, and the database keeps it."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.worklist.models import WorkClaim
from ropo_portal.worklist.operations import AlreadyTaken, release_work, take_work
from tests import factories
from tests.factories import AT
from tests.submissions.stages import staged

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def row(environment):
    return staged(environment, "held")


def verbs():
    return list(
        Entry.objects.filter(verb__startswith="work.").order_by("sequence").values_list("verb", flat=True)
    )


def test_taken_for_half_an_hour_and_told(row, take):
    claim = take(row)
    assert (claim.taken_at, claim.expires_at) == (AT, AT + 30 * MINUTE)
    assert verbs() == ["work.taken"]


def test_a_second_person_is_refused_by_name(row, take, user_as):
    first = user_as("sender")
    take(row, actor=first)
    with pytest.raises(AlreadyTaken) as caught:
        take(row)
    assert str(caught.value.message) == f"{first} has taken this."
    assert WorkClaim.objects.get().user == first


def test_taking_again_makes_the_while_longer(row, take, user_as):
    me = user_as("sender")
    take(row, actor=me)
    assert take(row, actor=me, at=AT + MINUTE).expires_at == AT + 31 * MINUTE


def test_taken_over_only_from_the_person_one_saw(row, take, user_as):
    first, second, third = (user_as("sender") for _ in range(3))
    take(row, actor=first)
    take(row, actor=second, taken_from=first.pk)
    assert WorkClaim.objects.get().user == second
    with pytest.raises(AlreadyTaken):
        take(row, actor=third, taken_from=first.pk)
    assert verbs() == ["work.taken", "work.taken_over"]
    assert Entry.objects.get(verb="work.taken_over").before == {"taken by": str(first)}


def test_what_has_run_out_is_free(row, take, user_as):
    take(row)
    second = user_as("sender")
    assert take(row, actor=second, at=AT + 30 * MINUTE).user == second


def test_given_back_by_its_owner_alone(row, take, user_as):
    me, other = user_as("sender"), user_as("sender")
    claim = take(row, actor=me)
    with pytest.raises(AlreadyTaken):
        release_work(claim=claim, actor=other, at=AT)
    release_work(claim=claim, actor=me, at=AT)
    release_work(claim=claim, actor=me, at=AT)
    assert not WorkClaim.objects.exists()
    assert verbs() == ["work.taken", "work.released"]


def test_the_database_keeps_one_for_each(row, user_as):
    facts = {"creditor_id": row.creditor_id, "kind": "held", "taken_at": AT, "expires_at": AT + MINUTE}
    WorkClaim.objects.create(subject_id=row.pk, user=user_as("sender"), **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkClaim.objects.create(subject_id=row.pk, user=user_as("sender"), **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkClaim.objects.create(
            subject_id=row.creditor_id, user=user_as("sender"), **facts | {"expires_at": AT}
        )


def test_on_the_screen(signed_in, row):
    mine, other = signed_in("sender"), signed_in("clerk")
    take = reverse("worklist:take", args=["held", row.pk])
    release = reverse("worklist:release", args=["held", row.pk])
    assert mine.post(take)["Location"] == reverse("worklist:today")
    assert WorkClaim.objects.get().user == mine.user
    assert "Mine" in mine.get(reverse("worklist:today")).content.decode()
    assert f"Take it over from {mine.user}" in other.get(reverse("worklist:today")).content.decode()
    other.post(take)
    assert WorkClaim.objects.get().user == mine.user
    other.post(release)
    assert WorkClaim.objects.get().user == mine.user
    other.post(take, {"from": mine.user.pk, "next": "/today/?late=1"})
    assert WorkClaim.objects.get().user == other.user
    assert other.post(release, {"next": "https://elsewhere.example/"})["Location"] == reverse(
        "worklist:today"
    )
    assert not WorkClaim.objects.exists()
    assert other.post(release).status_code == 303


def test_what_does_not_wait_cannot_be_taken(signed_in, environment):
    done = staged(environment, "accepted")
    browser = signed_in("sender")
    for kind in ("held", "rule-vat", "nothing"):
        assert browser.post(reverse("worklist:take", args=[kind, done.pk])).status_code == 404
    assert browser.get(reverse("worklist:take", args=["held", done.pk])).status_code == 405


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_gets_it(environment):
    with transaction.atomic():
        rows = [staged(environment, "held") for _ in range(8)]
    people = [factories.make_user("sender", environment.creditor) for _ in range(2)]
    for row in rows:
        assert Counter(_at_once(row, people)) == {"taken": 1, "refused": 1}
    assert WorkClaim.objects.count() == len(rows)


def _at_once(row, people):
    start, ends = threading.Barrier(len(people)), []

    def run(person):
        start.wait()
        try:
            take_work(kind="held", subject=row, creditor_id=row.creditor_id, actor=person, at=timezone.now())
            ends.append("taken")
        except DomainError:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
