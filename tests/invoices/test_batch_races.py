"""Many at once, at the same moment: nothing is queued twice, whatever interleaves."""

import contextlib
import datetime as dt
import threading
from dataclasses import replace

import hypothesis
import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.errors import DomainError
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.models import Batch, BatchItem
from ropo_portal.invoices.operations import (
    change_invoice,
    post_invoice,
    resume_batches,
    send_batch,
    send_next,
    take_back_next,
    withdraw_batch,
)
from ropo_portal.submissions.delivery import claim
from ropo_portal.submissions.models import Submission
from tests.factories import AT, make_creditor, make_environment, make_user
from tests.invoices.batching import LATER, checked, drafts, sent

pytestmark = pytest.mark.django_db
STEPS = st.sampled_from(["first", "second", "worker", "edit", "single", "stop", "back", "resume"])


@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_whatever_interleaves_a_document_is_queued_once(environment, steps):
    with transaction.atomic():
        _play(environment, steps)
        transaction.set_rollback(True)


def _play(environment, steps):
    invoices = drafts(environment, 3)
    batches = [sent(environment, invoices) for _ in range(2)]
    clock = AT
    for step in steps:
        clock += dt.timedelta(seconds=40)
        _step(step, batches, invoices, clock)
        live = Submission.objects.exclude(state__in=["rejected", "cancelled"])
        assert live.count() == live.values("document_id").distinct().count()
        for item in BatchItem.objects.filter(result="queued"):
            assert item.submission_id is not None
    for batch in batches:
        send_next(batch=batch, at=clock)
    assert not BatchItem.objects.to_send().exists()
    queued = BatchItem.objects.filter(result="queued").values_list("submission_id", flat=True)
    assert len(set(queued)) == len(queued)


def _step(step, batches, invoices, clock):
    fresh = Batch.objects.get(pk=batches[0].pk)
    invoice = type(invoices[0]).objects.get(pk=invoices[0].pk)
    acts = {
        "first": lambda: send_next(batch=batches[0], most=1, at=clock),
        "second": lambda: send_next(batch=batches[1], most=1, at=clock),
        "worker": lambda: Submission.objects.filter(state="queued").update(due_at=clock),
        "edit": lambda: change_invoice(
            invoice=invoice, content=replace(InvoiceContent.of(invoice), our_reference=str(clock)),
            revision=invoice.revision, actor=make_user(), at=clock,
        ),
        "single": lambda: post_invoice(invoice=invoice, revision=invoice.revision, actor=make_user(), at=clock),
        "stop": lambda: withdraw_batch(batch=fresh, actor=make_user(), at=clock),
        "back": lambda: take_back_next(batch=fresh, at=clock),
        "resume": lambda: resume_batches(at=clock + dt.timedelta(minutes=3)),
    }  # fmt: skip
    with contextlib.suppress(DomainError):  # refusals in words, and nothing else
        acts[step]()


# ------------------------------------------------------------------------------------------------ races
def together(*acts):
    """Run acts at the same moment, each with a connection of its own; return what they returned or raised."""
    start, ends = threading.Barrier(len(acts)), []

    def one(act):
        start.wait()
        try:
            ends.append(act())
        except Exception as refusal:  # noqa: BLE001 (the test looks at it)
            ends.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_clerks_send_the_same_batch_and_each_invoice_goes_once():
    environment = make_environment(make_creditor())
    invoices = drafts(environment, 6)
    one, other = checked(environment, invoices), checked(environment, invoices)
    ends = together(*(lambda: send_batch(batch=one, count=6, actor=make_user(), at=AT) for _ in range(2)))
    assert sorted(type(end).__name__ for end in ends) == ["Batch", "BatchIsSent"]
    send_batch(batch=other, count=6, actor=make_user(), at=AT)
    together(*(lambda batch=batch: send_next(batch=batch, at=AT) for batch in (one, one, other)))
    for batch in (one, other):
        send_next(batch=batch, at=AT)
    assert Submission.objects.count() == 6
    found = BatchItem.objects.filter(result="queued")
    assert sorted(item.invoice_id for item in found) == sorted(invoice.pk for invoice in invoices)
    assert BatchItem.objects.filter(result="refused").count() == 6


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_taking_back_while_the_worker_claims_has_one_winner_each():
    environment = make_environment(make_creditor())
    batch = sent(environment, drafts(environment, 5))
    send_next(batch=batch, at=AT)
    batch = withdraw_batch(batch=batch, actor=make_user(), at=AT)
    ids = list(batch.items.values_list("submission_id", flat=True))
    attempts = []

    def worker():
        attempts.extend(claim(pk, at=LATER) for pk in ids)

    together(worker, lambda: take_back_next(batch=batch, at=LATER))
    take_back_next(batch=batch, at=LATER)
    states = list(Submission.objects.values_list("state", flat=True))
    claimed = len([attempt for attempt in attempts if attempt])
    assert sorted(states) == ["cancelled"] * (5 - claimed) + ["sending"] * claimed
