"""A rule-based model of the whole life of submissions: events in any order, and what must hold after each."""

import contextlib
import datetime as dt
import os
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.ropo_one import answers, errors
from ropo_portal.submissions import delivery, intake, outcomes
from ropo_portal.submissions import operations as do
from ropo_portal.submissions.gateway import Sighting
from ropo_portal.submissions.models import Attempt, ResendProposal, SendingSwitch, Submission
from tests import factories

State = Submission.State
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

# How the other side may take one try: does it book it, and what do we learn?
TAKES = {
    "accepts": (True, "accepted"),
    "accepts and drops the line": (True, "lost"),
    "drops the line": (False, "lost"),
    "rejects": (False, "rejected"),
    "turns away": (False, "refused"),
    "turns away after booking": (True, "refused"),
    "cannot be reached": (False, "unsent"),
    "speaks of a duplicate": (True, "duplicate"),
    "answers nonsense": (True, "nonsense"),
}


def answer(word: str, number: str) -> object:
    """Return what the client would return or raise."""
    job = answers.JobResult("1", number, "", None, True, "")
    made: dict[str, Any] = {
        "accepted": answers.JobsAnswer(201, {}, b"", 0.1, 1, (job,), ()),
        "rejected": errors.Rejected(status=400, texts=("city missing",)),
        "refused": errors.Refused("x", status=401),
        "lost": errors.Unclear("reset", phase=errors.Phase.READING),
        "duplicate": errors.Rejected(status=400, texts=("duplicate",)),
        "nonsense": answers.JobsAnswer(201, {}, b"", 0.1, 7, (), ()),
        "unsent": outcomes.NeverLeft(errors.NotSent("x", phase=errors.Phase.NAME)),
    }
    return made[word]


class Life(RuleBasedStateMachine):
    """Clerks, workers, sweepers, Ropo and time, acting in any order."""

    submissions = Bundle("submissions")
    tries = Bundle("tries")
    proposals = Bundle("proposals")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        # As Django's own test cases do: a durable block may begin inside the block that is rolled back.
        self.savepoint._from_testcase = True
        self.savepoint.__enter__()
        self.now = factories.AT
        SendingSwitch.objects.get_or_create(pk=1)
        self.line = factories.make_environment()
        self.people = [factories.make_user() for _ in range(4)]
        self.booked: dict[Any, int] = {}
        self.ends: dict[Any, str] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def clock(self) -> dt.datetime:
        return self.now

    @rule(target=submissions, person=st.integers(0, 3))
    def post(self, person: int) -> Any:
        return factories.queue(self.line, actor=self.people[person], at=self.now).pk

    @rule(submission=submissions)
    def post_the_same_document_again(self, submission: Any) -> None:
        row = Submission.objects.get(pk=submission)
        with contextlib.suppress(do.CannotPost):
            factories.queue(
                self.line, document_id=row.document_id, number=row.number, actor=self.people[0], at=self.now
            )
            assert row.state in {State.REJECTED, State.CANCELLED}

    @rule(target=tries, submission=submissions)
    def claim(self, submission: Any) -> Any:
        before = Submission.objects.get(pk=submission)
        attempt = delivery.claim(submission, at=self.now)
        if attempt is None:
            return multiple()
        assert before.state == State.QUEUED
        assert not self.line_is_shut()
        return attempt.pk

    def line_is_shut(self) -> bool:
        self.line.refresh_from_db()
        return self.line.sending_paused or SendingSwitch.objects.get(pk=1).paused

    @rule(attempt=consumes(tries), take=st.sampled_from(sorted(TAKES)), awake=st.booleans())
    def speak(self, attempt: Any, take: str, awake: bool) -> None:
        """The worker says its message; a worker that slept through the sweep finds its attempt closed."""
        row = Attempt.objects.select_related("submission").get(pk=attempt)
        if not delivery._is_still_open(row):
            delivery.settle(row, answer("unsent", row.submission.number), clock=self.clock)
            return
        books, word = TAKES[take]
        if books:
            self.booked[row.submission_id] = self.booked.get(row.submission_id, 0) + 1
        if awake:
            delivery.settle(row, answer(word, row.submission.number), clock=self.clock)

    @rule(hours=st.sampled_from([0.1, 1, 13, 25]))
    def time_goes_by(self, hours: float) -> None:
        self.now += dt.timedelta(hours=hours)

    @rule()
    def sweep(self) -> None:
        intake.give_up_silent(at=self.now)
        intake.set_aside_expired(at=self.now)

    @rule(submission=submissions, truthful=st.booleans())
    def look(self, submission: Any, truthful: bool) -> None:
        row = Submission.objects.get(pk=submission)
        there = truthful and self.booked.get(submission, 0) > 0
        seen = [Sighting("status updates", "1", "", b"")] if there else []
        heard = [intake.Answer("status updates", seen), intake.Answer("document", [])]
        intake._conclude(row.pk, heard, actor=None, at=self.now)

    @rule(submission=submissions, person=st.integers(0, 3))
    def withdraw(self, submission: Any, person: int) -> None:
        with contextlib.suppress(DomainError):
            do.withdraw(
                submission=Submission.objects.get(pk=submission), actor=self.people[person], at=self.now
            )

    @rule(submission=submissions, person=st.integers(0, 3))
    def release(self, submission: Any, person: int) -> None:
        """Only where the ledger is empty: a person sees the look-up, which tells the truth here."""
        if self.booked.get(submission, 0):
            return
        with contextlib.suppress(DomainError):
            do.release(
                submission=Submission.objects.get(pk=submission), actor=self.people[person], at=self.now
            )

    @rule(submission=submissions, person=st.integers(0, 3))
    def say_it_is_there(self, submission: Any, person: int) -> None:
        if not self.booked.get(submission, 0):
            return
        with contextlib.suppress(DomainError):
            row = Submission.objects.get(pk=submission)
            do.confirm_there(submission=row, proof="1", actor=self.people[person], at=self.now)

    @rule(target=proposals, submission=submissions, person=st.integers(0, 3))
    def propose(self, submission: Any, person: int) -> Any:
        row = Submission.objects.get(pk=submission)
        try:
            made = do.propose_resend(submission=row, reason="r", actor=self.people[person], at=self.now)
        except DomainError:
            return multiple()
        assert row.state == State.HELD
        assert row.posted_by_id != self.people[person].pk
        return made.pk

    @rule(proposal=proposals, person=st.integers(0, 3))
    def confirm(self, proposal: Any, person: int) -> None:
        row = ResendProposal.objects.select_related("submission").get(pk=proposal)
        if self.booked.get(row.submission_id, 0):
            return
        with contextlib.suppress(DomainError):
            do.confirm_resend(proposal=row, actor=self.people[person], at=self.now)
            assert self.people[person].pk not in {row.proposed_by_id, row.submission.posted_by_id}

    @rule(submission=submissions, person=st.integers(0, 3))
    def write_off(self, submission: Any, person: int) -> None:
        with contextlib.suppress(DomainError):
            row = Submission.objects.get(pk=submission)
            do.write_off(submission=row, reason="r", actor=self.people[person], at=self.now)

    @rule(paused=st.booleans())
    def pause_or_resume(self, paused: bool) -> None:
        if paused:
            do.pause_environment(environment=self.line, reason="r", actor=self.people[0], at=self.now)
        else:
            do.resume_environment(environment=self.line, actor=self.people[0], at=self.now)

    @invariant()
    def nothing_is_booked_twice(self) -> None:
        assert all(count <= 1 for count in self.booked.values())

    @invariant()
    def ends_are_ends(self) -> None:
        for row in Submission.objects.filter(environment=self.line):
            if self.ends.get(row.pk) == State.ACCEPTED:
                assert row.state == State.ACCEPTED
            self.ends[row.pk] = row.state

    @invariant()
    def what_was_booked_is_never_called_absent(self) -> None:
        absent = [State.REJECTED, State.CANCELLED, State.QUEUED]
        rows = Submission.objects.filter(environment=self.line, state__in=absent, pk__in=list(self.booked))
        assert not [row for row in rows if row.written_off_at is None]

    @invariant()
    def every_move_is_in_the_list_and_the_chain_is_whole(self) -> None:
        for row in Submission.objects.filter(environment=self.line):
            path = list(row.transitions.values_list("from_state", "to_state"))
            assert path[0] == ("", State.QUEUED)
            assert all(left[1] == right[0] for left, right in pairwise(path))
            assert path[-1][1] == row.state
        assert Entry.objects.first_broken(self.line.creditor_id) is None


def test_no_order_of_events_loses_or_doubles_anything() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=int(os.environ.get("MODEL_EXAMPLES", "12")),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
