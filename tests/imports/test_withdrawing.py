"""A large import is taken back by a worker: seen, left, gone on with, and stopped exactly at what was sent."""

import datetime as dt

import pytest
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.imports import withdrawing
from ropo_portal.imports.models import Import, StateHasMoved
from ropo_portal.imports.operations import stop_import, withdraw_import
from ropo_portal.imports.operations.ending import AT_ONCE
from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.models import Debtor
from tests.factories import AT, make_user, queue
from tests.imports.conftest import clock, dies_after, invoices, made

pytestmark = pytest.mark.django_db
COUNT = AT_ONCE + 3


@pytest.fixture
def withdrawn(staged):
    batch = made(staged(invoices(COUNT)))
    assert withdraw_import(batch=batch, actor=make_user(), at=AT) == COUNT
    return Import.objects.get(pk=batch.pk)


def test_many_are_left_to_a_worker_and_the_page_says_how_far_it_is(signed_in, withdrawn):
    assert (Invoice.objects.count(), withdrawn.is_withdrawing, withdrawn.is_editable) == (COUNT, True, False)
    clerk = signed_in("clerk")
    for name in ("detail", "progress"):
        page = clerk.get(reverse(f"imports:{name}", args=[withdrawn.pk])).content.decode()
        assert (f"0 of {COUNT} taken back" in page, "circle-stop" in page) == (True, False)
    with pytest.raises(StateHasMoved):
        stop_import(batch=withdrawn, actor=make_user(), at=AT)
    with pytest.raises(StateHasMoved):
        withdraw_import(batch=withdrawn, actor=make_user(), at=AT)


@pytest.mark.parametrize(
    ("count", "said"), [(3, "Withdrawn."), (COUNT, "Its invoices are being taken back.")]
)
def test_it_is_said_whether_it_is_over(signed_in, staged, count, said):
    batch = made(staged(invoices(count)))
    answer = signed_in("clerk").post(reverse("imports:withdraw", args=[batch.pk]), follow=True)
    assert [said in str(one) for one in answer.context["messages"]] == [True]


def test_a_worker_that_died_is_followed_by_another(environment, withdrawn):
    with pytest.raises(KeyboardInterrupt):
        withdrawing.take_back(withdrawn.pk, clock=dies_after(4), size=40)
    withdrawn.refresh_from_db()
    assert 0 < withdrawn.created_count == Invoice.objects.count() < COUNT
    assert withdrawn in Import.objects.silent(since=AT + dt.timedelta(hours=1))
    withdrawing.take_back(withdrawn.pk, clock=clock)
    withdrawn.refresh_from_db()
    assert (withdrawn.run, withdrawn.created_count) == (None, 0)
    assert (Invoice.objects.count(), Debtor.objects.count()) == (0, 0)
    assert Entry.objects.filter(verb="import.withdrawn").get().after == {"invoices": COUNT}
    assert Entry.objects.filter(verb="invoice.discarded").count() == COUNT
    assert Entry.objects.all().first_broken(environment.creditor_id) is None
    assert not Import.objects.silent(since=AT + dt.timedelta(hours=1)).exists()


def test_what_is_sent_meanwhile_stays(environment, signed_in, withdrawn):
    with pytest.raises(KeyboardInterrupt):
        withdrawing.take_back(withdrawn.pk, clock=dies_after(3), size=40)
    sent = Invoice.objects.order_by("pk").last()
    posted = queue(environment, number=sent.number, document_id=sent.pk)
    Invoice.objects.filter(pk=sent.pk).update(submission=posted)
    withdrawing.take_back(withdrawn.pk, clock=clock, size=40)
    withdrawn.refresh_from_db()
    assert (list(Invoice.objects.all()), withdrawn.created_count, withdrawn.run) == ([sent], 1, None)
    assert list(Debtor.objects.all()) == [sent.debtor]
    page = signed_in("clerk").get(reverse("imports:detail", args=[withdrawn.pk])).content.decode()
    assert "1 of its invoices was sent meanwhile and stays." in page
