"""After an ambiguous outcome the machine only looks: on schedule, in several places, and never believes one silence."""

import datetime as dt
from typing import Any

import pytest

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import delivery, gateway, intake
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import look_up_now, release
from tests import factories
from tests.submissions.conftest import Clock

State = Submission.State


def lost(line: CreditorEnvironment, sandbox: Sandbox, clock: Clock, fault: str = "reset-after") -> Submission:
    """Return a submission whose answer was lost."""
    row = factories.queue(line)
    sandbox.plan(fault, path="/jobs")
    assert delivery.deliver(row.pk, clock=clock) == State.UNCONFIRMED
    row.refresh_from_db()
    return row


def findings(row: Submission, source: str = "all") -> list[str]:
    return list(
        row.evidence.filter(kind="look-up", source=source).order_by("at").values_list("finding", flat=True)
    )


def test_a_lost_answer_is_found_at_the_first_look(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = lost(line, sandbox, clock)
    assert row.next_look_up_at == clock.now + dt.timedelta(minutes=2)
    assert list(intake.promised_look_ups(at=clock(), limit=10)) == []
    clock.pass_by(minutes=2)
    [due] = intake.promised_look_ups(at=clock(), limit=10)
    assert intake.look_up(due, clock=clock) == State.ACCEPTED
    row.refresh_from_db()
    assert row.ropo_job_id == str(sandbox.jobs()[0]["jobid"])
    assert [attempt.outcome for attempt in row.attempts.all()] == ["accepted"]


def test_silence_everywhere_ends_with_a_person(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = lost(line, sandbox, clock, "reset-before")
    started, times = row.last_activity_at, []
    while row.state == State.UNCONFIRMED:
        assert row.next_look_up_at is not None
        clock.now = row.next_look_up_at
        times.append((clock.now - started).total_seconds())
        intake.look_up(row, clock=clock)
        row.refresh_from_db()
    assert times == [120, 600, 3600, 14400, 86400, 172800, 259200]
    assert (row.state, row.held_reason, row.next_look_up_at) == (State.HELD, "maybe-sent", None)
    assert findings(row) == ["not-there"] * 7
    assert sandbox.jobs() == []


def test_a_failed_look_up_does_not_use_up_the_schedule(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = lost(line, sandbox, clock)
    sandbox.plan("500-before", times=99, path="/jobs/statusupdates")
    sandbox.plan("500-before", times=99, path="/jobs/pdf")
    sandbox.plan("500-before", times=99, path="/jobs/findbyendcustomer")
    for _ in range(9):
        clock.pass_by(hours=1)
        intake.look_up(row, clock=clock)
    row.refresh_from_db()
    assert (row.state, row.look_up_count) == (State.UNCONFIRMED, 0)
    assert row.next_look_up_at is not None
    assert set(findings(row)) == {"nothing"}


def test_one_source_that_fails_makes_no_silence(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = lost(line, sandbox, clock, "reset-before")
    sandbox.plan("500-before", times=9, path="/jobs/findbyendcustomer")
    intake.look_up(row, clock=clock)
    assert findings(row) == ["nothing"]


@pytest.mark.parametrize("veil", ["lookup-not-found", "lookup-lag"])
def test_a_look_up_that_lies_ends_with_a_person(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock, veil: str
) -> None:
    sandbox.options.change({"lookup_lag": 1e9 if veil == "lookup-lag" else 0.0})
    row = lost(line, sandbox, clock)
    if veil == "lookup-not-found":
        sandbox.plan(veil, times=99)
    for _ in range(7):
        clock.pass_by(days=1)
        intake.look_up(row, clock=clock)
    row.refresh_from_db()
    assert (row.state, row.held_reason) == (State.HELD, "maybe-sent")
    assert len(sandbox.jobs()) == 1


def test_a_double_booking_is_a_contradiction(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = factories.queue(line)
    sandbox.plan("double-booking", path="/jobs")
    assert delivery.deliver(row.pk, clock=clock) == State.ACCEPTED
    assert len(sandbox.jobs()) == 2


def test_two_jobs_under_one_number_go_to_a_person(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = lost(line, sandbox, clock)
    twin = factories.queue(line, number="twin")
    twin_bytes = factories.RawMessage(row.number).to_bytes()
    gateway.client(line).add_jobs(
        twin_bytes.replace(b'"checkbillnum": "1"', b'"checkbillnum": "0"'), identifier="x"
    )
    assert intake.look_up(row, clock=clock) == State.HELD
    assert findings(row) == ["differs"]
    assert twin.state == State.QUEUED


def test_another_job_of_ours_with_the_number_is_no_proof(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    first = factories.queue(line, number="S-1")
    delivery.deliver(first.pk, clock=clock)
    second = factories.queue(line, number="S-1", kind=Kind.REMINDER)
    sandbox.plan("reset-before", path="/jobs")
    delivery.deliver(second.pk, clock=clock)
    assert intake.look_up(second, clock=clock) == State.UNCONFIRMED
    assert findings(second) == ["not-there"]


def test_a_refusal_that_speaks_of_a_duplicate_is_looked_up(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = factories.queue(line)
    sandbox.plan("refused-duplicate-after", path="/jobs")
    assert delivery.deliver(row.pk, clock=clock) == State.UNCONFIRMED
    row.refresh_from_db()
    assert intake.look_up(row, clock=clock) == State.ACCEPTED


def test_a_401_is_never_repeated_by_the_machine(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = factories.queue(line)
    sandbox.plan("401-before", path="/jobs")
    assert delivery.deliver(row.pk, clock=clock) == State.HELD
    row.refresh_from_db()
    clock.pass_by(hours=2)
    for due in intake.promised_look_ups(at=clock(), limit=9):
        intake.look_up(due, clock=clock)
    assert delivery.due_ids(at=clock(), limit=9) == []
    release(submission=row, actor=factories.make_user(), at=clock())
    assert delivery.deliver(row.pk, clock=clock) == State.ACCEPTED
    assert len(sandbox.jobs()) == 1


def test_a_401_after_booking_is_found_before_anybody_releases(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    row = factories.queue(line)
    sandbox.plan("401-after", path="/jobs")
    delivery.deliver(row.pk, clock=clock)
    [due] = intake.promised_look_ups(at=clock(), limit=9)
    assert intake.look_up(due, clock=clock) == State.ACCEPTED
    assert len(sandbox.jobs()) == 1


def test_one_worker_at_a_time_takes_a_look_up(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock
) -> None:
    lost(line, sandbox, clock)
    clock.pass_by(minutes=5)
    assert [len(list(intake.promised_look_ups(at=clock(), limit=9))) for _ in range(2)] == [1, 0]


def test_a_clerk_may_look_at_once(
    line: CreditorEnvironment, sandbox: Sandbox, clock: Clock, people: Any
) -> None:
    row = lost(line, sandbox, clock)
    assert look_up_now(submission=row, actor=people("clerk"), at=clock()) == State.ACCEPTED
