"""What a flag stops after it was claimed, or in the queue, is held: when the flag ends, a person lets it go."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from ropo_portal.collection.operations import flag_debtor
from ropo_portal.history.models import Entry
from ropo_portal.parties.models import Flag
from ropo_portal.parties.operations import lift_flag
from ropo_portal.ropo_one.errors import NotSent, Phase
from ropo_portal.submissions import causes, delivery, outcomes
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import release
from ropo_portal.submissions.operations.queueing import DebtorProtected
from tests.collection.conftest import TODAY
from tests.collection.flags import flagged, queued_invoice, queued_reminder
from tests.collection.writing import refuses
from tests.factories import AT, make_debtor, make_user

pytestmark = pytest.mark.django_db(transaction=True)
NEVER_LEFT = outcomes.NeverLeft(NotSent("connection refused", phase=Phase.CONNECTING))
LATER = AT + dt.timedelta(days=30)


def came_back(attempt):
    """Let the network fail before the first byte."""
    return delivery.settle(attempt, NEVER_LEFT, clock=lambda: AT)


def standing(submission):
    row = Submission.objects.get(pk=submission.pk)
    return row.state, row.held_reason, row.trouble[:5]


def quietly_flagged(debtor, kind="deceased"):
    """Set a flag and die before what waits is taken back."""
    return Flag.objects.create(
        debtor=debtor, kind=kind, reason="the register", begin_date=TODAY, set_by=make_user(), set_at=AT
    )


@pytest.mark.parametrize("make", [queued_invoice, queued_reminder])
def test_what_comes_back_from_the_network_under_a_flag_is_held(environment, make):
    submission = make(environment)
    attempt = delivery.claim(submission.pk, at=AT)
    debtor = (getattr(submission, "invoice", None) or submission.reminder.claim).debtor
    flag = flagged(debtor).flag
    assert came_back(attempt) == "held"
    assert standing(submission) == ("held", "never-sent", "flag:")
    refuses(DebtorProtected, "flagged", release, submission=submission, actor=make_user(), at=AT)
    lift_flag(flag=flag, reason="it was another person", actor=make_user(), at=AT)
    assert submission.pk not in delivery.due_ids(at=LATER, limit=9)
    assert release(submission=submission, actor=make_user(), at=AT).state == "queued"
    assert delivery.claim(submission.pk, at=AT) is not None


def test_without_a_flag_it_waits_in_the_queue_again(environment):
    submission = queued_invoice(environment)
    assert came_back(delivery.claim(submission.pk, at=AT)) == "queued"


def test_a_flag_that_does_not_stop_invoices_lets_one_come_back(environment):
    debtor = make_debtor(environment.creditor)
    attempt = delivery.claim(queued_invoice(environment, debtor=debtor).pk, at=AT)
    flagged(debtor, "disputed")
    assert came_back(attempt) == "queued"


def test_what_still_waited_under_a_flag_is_held_when_its_time_comes(environment):
    debtor = make_debtor(environment.creditor)
    submission = queued_invoice(environment, debtor=debtor)
    quietly_flagged(debtor)
    assert delivery.claim(submission.pk, at=AT) is None
    assert standing(submission) == ("held", "never-sent", "flag:")
    entry = Entry.objects.get(verb="submission.held")
    assert (entry.before, entry.after["state"]) == ({"state": "queued"}, "held")
    assert "flag" in str(causes.said(entry.after["cause"]).sentence)


def test_another_workers_claim_holds_nothing(environment):
    submission = queued_invoice(environment)
    delivery.claim(submission.pk, at=AT)
    assert delivery.claim(submission.pk, at=AT) is None
    assert standing(submission)[0] == "sending"


def test_the_database_refuses_the_way_back_whatever_the_code_says(environment):
    debtor = make_debtor(environment.creditor)
    submission = queued_invoice(environment, debtor=debtor)
    delivery.claim(submission.pk, at=AT)
    quietly_flagged(debtor)
    with pytest.raises(DatabaseError, match="flag:"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(state="queued", sending_since=None)


@pytest.mark.pg
@pytest.mark.parametrize("head_start", range(6))
def test_a_flag_and_a_failing_connection_at_the_same_moment(environment, head_start):
    """Two connections: taken back in the queue, or held; never left to go by itself."""
    debtor = make_debtor(environment.creditor)
    submission = queued_invoice(environment, debtor=debtor)
    attempt, actor, start = delivery.claim(submission.pk, at=AT), make_user(), threading.Barrier(2)

    def fail() -> None:
        start.wait()
        threading.Event().wait(head_start * 0.004)
        came_back(attempt)
        connection.close()

    worker = threading.Thread(target=fail)
    worker.start()
    start.wait()
    done = flag_debtor(
        debtor=debtor, kind="deceased", reason="the register", begin_date=TODAY, end_date=None, today=TODAY,
        actor=actor, at=AT,
    )  # fmt: skip
    worker.join()
    state = Submission.objects.get(pk=submission.pk).state
    assert (state, done.withdrawn) in {("cancelled", 1), ("held", 0)}
