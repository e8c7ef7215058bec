"""Every shape in which Ropo One may answer, for every kind: what the portal believes is what was booked, or a doubt."""

import json

import pytest
from django.utils import timezone

from ropo_portal.invoices.models import BypassPayment, Claim
from ropo_portal.invoices.operations import post_payment
from ropo_portal.invoices.payable import CannotSettle
from ropo_portal.sandbox import registration, settlements
from ropo_portal.sandbox.options import ERROR_SHAPES, PROFILES
from ropo_portal.submissions import tasks
from ropo_portal.submissions.intake import look_up
from ropo_portal.submissions.models import Evidence
from tests import factories
from tests.journeys.kinds import all_kinds

JOB_TYPES = {"invoice": "300", "reminder": "1", "debt-collection": "2"}
KINDS = (*JOB_TYPES, "bypass-payment", "credit-allocation")
BOOKED = dict.fromkeys(KINDS, ("accepted", 1))
REFUSED = dict.fromkeys(KINDS, ("rejected", 0))
DOUBTED = dict.fromkeys(KINDS, ("unconfirmed", 0))
WORDS = "Velallista ei tunneta"


@pytest.fixture
def queue(environment, worker):
    """What queues one document of each kind."""
    return all_kinds(environment, worker)


def booked(sandbox, submission):
    """Count what stands in the ledger for a submission."""
    number = submission.number
    if submission.kind in JOB_TYPES:
        return len(sandbox.jobs(billnum=number, jobtype=JOB_TYPES[submission.kind]))
    rows = sandbox.payments() if submission.kind == "bypass-payment" else sandbox.credits()
    return sum(row["billnum"] == number for row in rows)


def ends(sandbox, rows):
    """Say for every kind how it stands here, and how often it is booked there."""
    for row in rows.values():
        row.refresh_from_db()
    return {kind: (str(row.state), booked(sandbox, row)) for kind, row in rows.items()}


def sent(queue, worker, sandbox, *, fault=""):
    """Send one of each kind, one after the other."""
    rows = {}
    for kind, act in queue.items():
        rows[kind] = act()
        if fault:
            sandbox.plan(fault)
        worker()
    return rows


def looked_up(sandbox, rows):
    for row in rows.values():
        look_up(row, clock=timezone.now)
    return ends(sandbox, rows)


def refuse_everything(monkeypatch):
    """Let the stand-in find fault with every job, and know no job that could be paid."""
    monkeypatch.setattr(registration, "problems", lambda *_: [WORDS])
    monkeypatch.setattr(settlements, "_job", lambda *_: None)


def speaks(sandbox, **options):
    sandbox.options.change(options)


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_accepted_is_booked_once(queue, worker, sandbox, profile):
    speaks(sandbox, profile=profile)
    rows = sent(queue, worker, sandbox)
    assert ends(sandbox, rows) == BOOKED
    for kind in ("bypass-payment", "credit-allocation"):
        assert (bool(rows[kind].ropo_reference), rows[kind].ropo_amount) == (True, rows[kind].amount)
    assert all(row.ropo_job_id for kind, row in rows.items() if profile != "counts" or kind not in JOB_TYPES)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_lost_answer_is_settled_by_a_look_up_where_one_can(queue, worker, sandbox, profile):
    """Ropo One tells of payments and jobs; of an allocation it tells in words alone, so that one stays in doubt."""
    speaks(sandbox, profile=profile)
    rows = sent(queue, worker, sandbox, fault="reset-after")
    assert ends(sandbox, rows) == dict.fromkeys(KINDS, ("unconfirmed", 1))
    assert looked_up(sandbox, rows) == BOOKED | {"credit-allocation": ("unconfirmed", 1)}


@pytest.mark.parametrize("profile", PROFILES)
def test_what_never_arrived_stays_in_doubt(queue, worker, sandbox, profile):
    """Not found is no proof: the look-ups go on, and nothing is sent again by itself."""
    speaks(sandbox, profile=profile)
    rows = sent(queue, worker, sandbox, fault="reset-before")
    assert ends(sandbox, rows) == DOUBTED
    assert looked_up(sandbox, rows) == DOUBTED


@pytest.mark.parametrize("status", [201, 400])
@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_refused_is_not_booked(queue, worker, sandbox, monkeypatch, profile, status):
    """A count of nought without a word of why is no refusal."""
    refuse_everything(monkeypatch)
    speaks(sandbox, profile=profile, rejected_status=status)
    rows = sent(queue, worker, sandbox)
    silent = dict.fromkeys(JOB_TYPES, ("unconfirmed", 0)) if profile == "counts" else {}
    assert ends(sandbox, rows) == REFUSED | silent
    if not silent:
        assert {row.trouble for kind, row in rows.items() if kind in JOB_TYPES} == {WORDS}
    assert looked_up(sandbox, rows) == REFUSED | silent


def turned_away(visit):
    """Take no delivery at all."""
    raise registration.Unreadable("unreadable")


@pytest.mark.parametrize("shape", ERROR_SHAPES)
def test_every_shape_of_error_is_a_refusal_with_its_words(queue, worker, sandbox, monkeypatch, shape):
    refuse_everything(monkeypatch)
    monkeypatch.setattr(registration, "_datasets", turned_away)
    speaks(sandbox, error_shape=shape)
    rows = sent(queue, worker, sandbox)
    assert ends(sandbox, rows) == REFUSED
    assert all(row.trouble for row in rows.values())


@pytest.mark.parametrize(
    ("fault", "state", "count"),
    [
        ("200-after", "accepted", 1), ("202-after", "unconfirmed", 1), ("204-after", "unconfirmed", 1),
        ("500-after", "unconfirmed", 1), ("503-before", "unconfirmed", 0), ("html-after", "unconfirmed", 1),
        ("empty-after", "unconfirmed", 1), ("truncated-after", "unconfirmed", 1), ("422-before", "rejected", 0),
    ],
)  # fmt: skip
def test_what_a_lying_answer_comes_to(queue, worker, sandbox, fault, state, count):
    rows = sent(queue, worker, sandbox, fault=fault)
    assert ends(sandbox, rows) == dict.fromkeys(KINDS, (state, count))


def test_a_debtors_invoices_alone_settle_it(queue, worker, sandbox):
    """Status updates fail and no document is there yet: the list of the debtor's invoices is enough."""
    jobs = {kind: act for kind, act in queue.items() if kind in JOB_TYPES}
    rows = sent(jobs, worker, sandbox, fault="reset-after")
    speaks(sandbox, pdf_delay=86_400)
    sandbox.plan("503-before", path="/jobs/statusupdates", times=9)
    assert looked_up(sandbox, rows) == dict.fromkeys(JOB_TYPES, ("accepted", 1))
    [asked, *_] = sandbox.requests("/jobs/findbyendcustomer")
    assert json.loads(asked["body"]) == {"custnum": "A-9", "all_invoices": 1}
    told = Evidence.objects.filter(submission=rows["invoice"], source="debtor's invoices").get()
    assert (told.finding, told.detail) == ("there", rows["invoice"].ropo_job_id)


def test_a_refusal_that_was_a_lie_comes_to_light_by_news(queue, worker, sandbox, environment):
    """Ropo One says no and books all the same: what it tells afterwards is not kept from people."""
    jobs = {kind: act for kind, act in queue.items() if kind in JOB_TYPES}
    rows = sent(jobs, worker, sandbox, fault="400-after")
    assert ends(sandbox, rows) == dict.fromkeys(JOB_TYPES, ("rejected", 1))
    tasks.poll_environment(environment_id=str(environment.pk))
    assert ends(sandbox, rows) == dict.fromkeys(JOB_TYPES, ("held", 1))
    assert {row.held_reason for row in rows.values()} == {"maybe-sent"}
    assert looked_up(sandbox, rows) == dict.fromkeys(JOB_TYPES, ("accepted", 1))


def test_a_payment_refused_by_a_lie_lowers_the_claim_all_the_same(queue, worker, sandbox, environment):
    """What Ropo One reports counts, whatever it answered before."""
    row = queue["bypass-payment"]()
    sandbox.plan("400-after")
    worker()
    tasks.poll_environment(environment_id=str(environment.pk))
    payment = BypassPayment.objects.get(pk=row.document_id)
    claim = Claim.objects.get(pk=payment.claim_id)
    assert (payment.state, claim.open_amount, len(sandbox.payments())) == ("rejected", 150, 1)
    with pytest.raises(CannotSettle, match="same sum and day"):
        post_payment(payment=payment, actor=factories.make_user(), at=timezone.now())
