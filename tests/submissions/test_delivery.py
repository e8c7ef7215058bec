"""Sending to the sandbox over real HTTP: what each way of going wrong comes to, compared with the ledger."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.history.models import Entry
from ropo_portal.sandbox.faults import FAULTS
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import delivery, gateway, intake
from ropo_portal.submissions.models import SendingSwitch, Submission
from ropo_portal.submissions.operations import pause_environment, set_sending
from tests import factories
from tests.submissions.conftest import Clock

State = Submission.State

# What the first answer proves; every fault that is not named here must leave the submission unconfirmed.
CLEAR = {
    "200": State.ACCEPTED,
    "count-string": State.ACCEPTED,
    "keep-then-close": State.ACCEPTED,
    "refused": State.REJECTED,
    "400": State.REJECTED,
    "422": State.REJECTED,
    **dict.fromkeys(
        ["401", "403", "404", "413", "415", "429", "429-retry", "429-date", "429-absurd"], State.HELD
    ),
}
# A server that says clearly the opposite of what it did is a liar; no client can tell.
LIES = {"refused-after", "400-after", "422-after", "200-before", "keep-then-close-before"}
# These are about look-ups and events, or behave in the end.
OTHERWISE = {
    "event-first", "debtor-pays", "news-again", "lookup-lag", "lookup-not-found", "lookup-fails", "double-booking",
    "slow-read",
}  # fmt: skip
PLAYED = sorted(set(FAULTS) - LIES - OTHERWISE)


def state_of(row: Submission) -> str:
    return Submission.objects.get(pk=row.pk).state


def test_a_submission_is_accepted(line: CreditorEnvironment, sandbox: Sandbox, clock: Clock) -> None:
    row = factories.queue(line)
    assert delivery.deliver(row.pk, clock=clock) == State.ACCEPTED
    row.refresh_from_db()
    [job] = sandbox.jobs()
    assert (row.state, row.ropo_job_id, job["billnum"]) == (State.ACCEPTED, str(job["jobid"]), row.number)
    assert job["sha256"] == row.payload_hash
    assert [attempt.outcome for attempt in row.attempts.all()] == ["accepted"]
    verbs = list(Entry.objects.filter(subject_id=row.pk).order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["submission.queued", "submission.accepted"]
    assert Entry.objects.first_broken(line.creditor_id) is None


def test_a_second_bell_is_not_heard(line: CreditorEnvironment, sandbox: Sandbox, clock: Clock) -> None:
    row = factories.queue(line)
    results = [delivery.deliver(row.pk, clock=clock) for _ in range(3)]
    assert results == [State.ACCEPTED, None, None]
    assert len(sandbox.jobs()) == 1


@pytest.mark.parametrize("fault", PLAYED)
def test_what_a_fault_comes_to(line: CreditorEnvironment, sandbox: Sandbox, clock: Clock, fault: str) -> None:
    row = factories.queue(line)
    sandbox.plan(fault, path="/jobs")
    state = delivery.deliver(row.pk, clock=clock)
    stem = fault.removesuffix("-before").removesuffix("-after")
    assert state == CLEAR.get(stem, State.UNCONFIRMED)
    booked = len(sandbox.jobs(billnum=row.number))
    assert booked == (1 if FAULTS[fault].keeps else 0)
    assert delivery.deliver(row.pk, clock=clock) is None, "no machine tries again"
    row.refresh_from_db()
    if state in {State.UNCONFIRMED, State.HELD}:
        clock.pass_by(hours=1)
        found = intake.look_up(row, clock=clock)
        assert found == (State.ACCEPTED if booked else state)
    assert len(sandbox.jobs(billnum=row.number)) == booked, "looking sends nothing"


def test_a_refused_connection_waits_and_leaves_later(
    line: CreditorEnvironment, clock: Clock, settings: Any
) -> None:
    row = factories.queue(line)
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    gateway.forget()
    assert delivery.deliver(row.pk, clock=clock) == State.QUEUED
    row.refresh_from_db()
    assert row.not_sent_count == 1
    assert row.due_at == clock.now + dt.timedelta(seconds=delivery.BACK_OFF_FIRST)
    assert [attempt.outcome for attempt in row.attempts.all()] == ["unsent"]


def test_it_is_set_aside_after_too_many_tries(line: CreditorEnvironment, clock: Clock, settings: Any) -> None:
    row = factories.queue(line)
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    settings.NOT_SENT_LIMIT = 3
    gateway.forget()
    for _ in range(3):
        delivery.deliver(row.pk, clock=clock)
        clock.pass_by(minutes=15)
    row.refresh_from_db()
    assert (row.state, row.held_reason, row.attempts.count()) == (State.HELD, "never-sent", 3)


def test_wrong_credentials_stop_the_line_and_lose_nothing(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    line.apicode = "wrong"
    line.save()
    rows = [factories.queue(line), factories.queue(line)]
    assert [delivery.deliver(row.pk, clock=clock) for row in rows] == [State.QUEUED, None]
    line.refresh_from_db()
    assert (line.sending_paused, sandbox.jobs()) == (True, [])


@pytest.mark.parametrize("fault", ["403-before", "404-before", "413-before", "415-before"])
def test_a_wrong_door_stops_the_line(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock, fault: str
) -> None:
    sandbox.plan(fault, path="/jobs")
    row, other = factories.queue(line), factories.queue(line)
    assert [delivery.deliver(one.pk, clock=clock) for one in (row, other)] == [State.HELD, None]


@pytest.mark.parametrize(("fault", "seconds"), [("429-before", 60), ("429-absurd-before", 3600)])
def test_too_many_requests_let_the_line_rest(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock, fault: str, seconds: int
) -> None:
    sandbox.plan(fault, path="/jobs")
    row, other = factories.queue(line), factories.queue(line)
    assert [delivery.deliver(one.pk, clock=clock) for one in (row, other)] == [State.HELD, None]
    clock.pass_by(seconds=seconds + 1)
    assert delivery.deliver(other.pk, clock=clock) == State.ACCEPTED


def test_nothing_leaves_a_paused_line(line: CreditorEnvironment, sandbox: Sandbox, clock: Clock) -> None:
    row = factories.queue(line)
    pause_environment(environment=line, reason="check", actor=factories.make_user(), at=clock())
    assert delivery.deliver(row.pk, clock=clock) is None
    assert (state_of(row), sandbox.jobs()) == (State.QUEUED, [])


def test_nothing_leaves_while_everything_is_paused(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = factories.queue(line)
    set_sending(paused=True, reason="check", actor=factories.make_user(), at=clock())
    assert delivery.deliver(row.pk, clock=clock) is None
    assert (state_of(row), sandbox.jobs()) == (State.QUEUED, [])
    set_sending(paused=False, reason="", actor=factories.make_user(), at=clock())
    assert delivery.deliver(row.pk, clock=clock) == State.ACCEPTED


def test_nothing_leaves_before_its_time(line: CreditorEnvironment, clock: Clock) -> None:
    line.creditor.hold_seconds = 600
    line.creditor.save()
    row = factories.queue(line)
    assert delivery.deliver(row.pk, clock=clock) is None
    clock.pass_by(seconds=600)
    assert delivery.deliver(row.pk, clock=clock) == State.ACCEPTED


def test_the_network_is_never_asked_inside_a_transaction(line: CreditorEnvironment) -> None:
    row = factories.queue(line)
    with transaction.atomic(), pytest.raises(gateway.InsideTransaction):
        gateway.register(row, identifier="x", before_first_byte=lambda: None)


def test_a_silent_attempt_is_given_up_and_its_late_answer_still_counts(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock, settings: Any
) -> None:
    settings.SEND_DEADLINE = 5.0
    row = factories.queue(line)
    attempt = delivery.claim(row.pk, at=clock())
    assert attempt is not None
    answer = delivery._say(attempt)
    clock.pass_by(seconds=settings.SEND_DEADLINE + settings.SWEEP_GRACE + 1)
    assert intake.give_up_silent(at=clock()) == 1
    assert state_of(row) == State.UNCONFIRMED
    assert delivery.settle(attempt, answer, clock=clock) == State.ACCEPTED
    assert [one.outcome for one in row.attempts.all()] == ["accepted"]
    assert len(sandbox.jobs()) == 1


def test_a_frozen_worker_that_wakes_writes_nothing(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = factories.queue(line)
    attempt = delivery.claim(row.pk, at=clock())
    assert attempt is not None
    clock.pass_by(minutes=10)
    intake.give_up_silent(at=clock())
    answer = delivery._say(attempt)
    delivery.settle(attempt, answer, clock=clock)
    assert (state_of(row), sandbox.jobs()) == (State.UNCONFIRMED, [])


def test_an_old_promise_is_set_aside(line: CreditorEnvironment, sandbox: Sandbox, clock: Clock) -> None:
    row = factories.queue(line)
    clock.pass_by(days=2)
    assert intake.set_aside_expired(at=clock()) == 1
    row.refresh_from_db()
    assert (row.state, row.held_reason) == (State.HELD, "never-sent")
    assert delivery.deliver(row.pk, clock=clock) is None
    assert sandbox.jobs() == []


def test_two_workers_claim_once(line: CreditorEnvironment, clock: Clock) -> None:
    row = factories.queue(line)
    attempts = [delivery.claim(row.pk, at=clock()) for _ in range(2)]
    assert [attempt is None for attempt in attempts] == [False, True]


def test_the_switch_row_may_be_missing(line: CreditorEnvironment, clock: Clock) -> None:
    SendingSwitch.objects.all().delete()
    assert delivery.deliver(factories.queue(line).pk, clock=clock) == State.ACCEPTED
