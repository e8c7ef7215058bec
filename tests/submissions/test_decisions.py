"""What people may decide, and every refusal of it: B42 and its neighbors."""

import datetime as dt
import uuid

import pytest

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.history.models import Entry
from ropo_portal.submissions import intake, outcomes
from ropo_portal.submissions.models import Attempt, Evidence, ResendProposal, SendingSwitch, Submission
from ropo_portal.submissions.operations import (
    DecisionRefused,
    ReasonMissing,
    TooLate,
    confirm_resend,
    confirm_there,
    propose_resend,
    release,
    reveal_message,
    withdraw_proposal,
    write_off,
)
from tests import factories
from tests.submissions import stages

pytestmark = pytest.mark.django_db
State = Submission.State
NOW = factories.AT
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
UNHELD = ["queued", "sending", "accepted", "rejected", "unconfirmed", "cancelled"]


@pytest.fixture
def first() -> User:
    return factories.make_user()


@pytest.fixture
def second() -> User:
    return factories.make_user()


@pytest.fixture
def ripe(environment: CreditorEnvironment) -> Submission:
    return stages.ripe(environment, now=NOW)


def state_of(row: Submission) -> str:
    return Submission.objects.get(pk=row.pk).state


def never_sent(environment: CreditorEnvironment) -> Submission:
    return stages.staged(environment, State.HELD, changes={"held_reason": "never-sent"})


def propose(
    row: Submission, actor: User, *, at: dt.datetime = NOW, reason: str = "support says no"
) -> ResendProposal:
    return propose_resend(submission=row, reason=reason, actor=actor, at=at)


def code_of(row: Submission, actor: User, *, at: dt.datetime = NOW) -> str:
    """Return the code with which a proposal is refused."""
    with pytest.raises(DecisionRefused) as refused:
        propose(row, actor, at=at)
    return refused.value.code


def test_two_people_send_it_again(ripe: Submission, first: User, second: User) -> None:
    proposal = propose(ripe, first)
    row = confirm_resend(proposal=proposal, actor=second, at=NOW)
    assert (row.state, row.due_at, row.look_up_count) == (State.QUEUED, NOW, 0)
    assert [attempt.outcome for attempt in ripe.attempts.all()] == ["voided"]
    verbs = Entry.objects.filter(subject_id=ripe.pk).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["submission.resend_proposed", "submission.resend_confirmed"]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_proposal_needs_a_reason(ripe: Submission, first: User, reason: str) -> None:
    with pytest.raises(DecisionRefused) as refused:
        propose(ripe, first, reason=reason)
    assert refused.value.field == "reason"


def test_the_sender_neither_proposes_nor_confirms(ripe: Submission, first: User) -> None:
    assert ripe.posted_by is not None
    assert code_of(ripe, ripe.posted_by) == "own"
    with pytest.raises(DecisionRefused):
        confirm_resend(proposal=propose(ripe, first), actor=ripe.posted_by, at=NOW)
    assert state_of(ripe) == State.HELD


def test_the_proposer_does_not_confirm(ripe: Submission, first: User) -> None:
    proposal = propose(ripe, first)
    with pytest.raises(DecisionRefused, match="another person"):
        confirm_resend(proposal=proposal, actor=first, at=NOW)
    assert state_of(ripe) == State.HELD


def test_a_second_proposal_waits_for_the_first(ripe: Submission, first: User, second: User) -> None:
    propose(ripe, first)
    with pytest.raises(DecisionRefused, match="already proposed"):
        propose(ripe, second)


def test_before_the_wait_is_over(environment: CreditorEnvironment, first: User) -> None:
    SendingSwitch.objects.get_or_create(pk=1)
    row = stages.staged(environment, State.HELD, at=NOW - DAY + HOUR)
    stages.looked(row, "not-there", at=NOW)
    assert code_of(row, first) == "early"


def test_with_an_old_look_up(ripe: Submission, first: User) -> None:
    assert code_of(ripe, first, at=NOW + 2 * HOUR) == "old-look-up"


def test_with_one_look_up(environment: CreditorEnvironment, first: User) -> None:
    row = stages.staged(environment, State.HELD, at=NOW - 2 * DAY)
    stages.looked(row, "not-there", at=NOW)
    assert code_of(row, first) == "one-look-up"


def test_look_ups_from_before_the_last_try_prove_nothing(
    environment: CreditorEnvironment, first: User
) -> None:
    row = stages.staged(environment, State.HELD, at=NOW - 2 * DAY)
    stages.looked(row, "not-there", at=NOW - 5 * DAY)
    stages.looked(row, "not-there", at=NOW)
    assert code_of(row, first) == "one-look-up"


def test_with_a_contradiction(ripe: Submission, first: User) -> None:
    stages.looked(ripe, "differs", at=NOW - dt.timedelta(minutes=5), number=3)
    assert code_of(ripe, first) == "contradiction"


def test_a_failed_look_up_is_no_look_up(environment: CreditorEnvironment, first: User) -> None:
    row = stages.staged(environment, State.HELD, at=NOW - 3 * DAY)
    for hours in (50, 0):
        stages.looked(row, "nothing", at=NOW - hours * HOUR)
    assert code_of(row, first) == "old-look-up"


@pytest.mark.parametrize("state", UNHELD)
def test_what_is_not_held_is_not_proposed(environment: CreditorEnvironment, first: User, state: str) -> None:
    row = stages.staged(environment, state)
    with pytest.raises(TooLate):
        propose(row, first)


def test_what_never_left_is_not_proposed(environment: CreditorEnvironment, first: User) -> None:
    with pytest.raises(TooLate):
        propose(never_sent(environment), first)


def test_a_proposal_does_not_outlive_its_rules(ripe: Submission, first: User, second: User) -> None:
    proposal = propose(ripe, first)
    with pytest.raises(DecisionRefused, match="Check once more"):
        confirm_resend(proposal=proposal, actor=second, at=NOW + DAY)
    assert (state_of(ripe), ripe.attempts.get().outcome) == (State.HELD, "unknown")


def test_a_proposal_is_confirmed_once(ripe: Submission, first: User, second: User) -> None:
    proposal = propose(ripe, first)
    confirm_resend(proposal=proposal, actor=second, at=NOW)
    with pytest.raises(TooLate):
        confirm_resend(proposal=proposal, actor=second, at=NOW)
    with pytest.raises(TooLate):
        withdraw_proposal(proposal=proposal, actor=first, at=NOW)


def test_a_proposal_taken_back_is_gone(ripe: Submission, first: User, second: User) -> None:
    proposal = propose(ripe, first)
    withdraw_proposal(proposal=proposal, actor=first, at=NOW)
    with pytest.raises(TooLate):
        confirm_resend(proposal=proposal, actor=second, at=NOW)
    assert propose(ripe, second).pk != proposal.pk


def test_what_was_written_off_is_not_sent_again(ripe: Submission, first: User, second: User) -> None:
    proposal = propose(ripe, first)
    write_off(submission=ripe, reason="paid", actor=second, at=NOW)
    with pytest.raises(TooLate):
        confirm_resend(proposal=proposal, actor=second, at=NOW)
    with pytest.raises(TooLate):
        propose(ripe, first)


def test_it_is_there_by_job_number(ripe: Submission, first: User) -> None:
    row = confirm_there(submission=ripe, proof=" 778899 ", actor=first, at=NOW)
    assert (row.state, row.ropo_job_id, row.attempts.get().outcome) == (State.ACCEPTED, "778899", "accepted")
    word = row.evidence.get(kind=Evidence.Kind.PERSON)
    assert (word.finding, word.detail, word.actor_id) == ("there", "778899", first.pk)


def test_it_is_there_by_ticket(ripe: Submission, first: User) -> None:
    row = confirm_there(submission=ripe, proof="ticket ABC-1", actor=first, at=NOW)
    assert (row.state, row.ropo_job_id) == (State.ACCEPTED, "")


def test_it_is_there_needs_proof(ripe: Submission, first: User) -> None:
    with pytest.raises(DecisionRefused) as refused:
        confirm_there(submission=ripe, proof="  ", actor=first, at=NOW)
    assert (refused.value.field, state_of(ripe)) == ("proof", State.HELD)


@pytest.mark.parametrize("state", ["queued", "sending", "accepted", "rejected", "cancelled"])
def test_it_is_there_only_while_it_is_open(environment: CreditorEnvironment, first: User, state: str) -> None:
    row = stages.staged(environment, state)
    with pytest.raises(TooLate):
        confirm_there(submission=row, proof="1", actor=first, at=NOW)


def test_it_is_there_even_after_a_write_off(ripe: Submission, first: User) -> None:
    write_off(submission=ripe, reason="paid", actor=first, at=NOW)
    assert confirm_there(submission=ripe, proof="1", actor=first, at=NOW).state == State.ACCEPTED


def test_written_off_stays_taken_when_it_may_be_there(ripe: Submission, first: User) -> None:
    row = write_off(submission=ripe, reason=" paid ", actor=first, at=NOW)
    assert (row.state, row.written_off_at, row.is_live) == (State.HELD, NOW, True)
    assert Entry.objects.get(subject_id=ripe.pk, verb="submission.written_off").reason == "paid"


def test_written_off_frees_what_never_left(environment: CreditorEnvironment, first: User) -> None:
    row = write_off(submission=never_sent(environment), reason="wrong", actor=first, at=NOW)
    assert (row.state, row.is_live) == (State.CANCELLED, False)


def test_a_write_off_needs_a_reason_and_happens_once(ripe: Submission, first: User) -> None:
    with pytest.raises(DecisionRefused):
        write_off(submission=ripe, reason=" ", actor=first, at=NOW)
    write_off(submission=ripe, reason="paid", actor=first, at=NOW)
    with pytest.raises(TooLate):
        write_off(submission=ripe, reason="paid", actor=first, at=NOW)


@pytest.mark.parametrize("state", UNHELD)
def test_only_what_is_held_is_written_off_or_released(
    environment: CreditorEnvironment, first: User, state: str
) -> None:
    row = stages.staged(environment, state)
    with pytest.raises(TooLate):
        write_off(submission=row, reason="r", actor=first, at=NOW)
    with pytest.raises(TooLate):
        release(submission=row, actor=first, at=NOW)


def test_what_may_be_there_is_not_released(ripe: Submission, first: User) -> None:
    with pytest.raises(TooLate):
        release(submission=ripe, actor=first, at=NOW)


def test_what_never_left_is_released(environment: CreditorEnvironment, first: User) -> None:
    assert release(submission=never_sent(environment), actor=first, at=NOW).state == State.QUEUED


def test_a_contradiction_ends_never_sent(environment: CreditorEnvironment, first: User) -> None:
    """Refused unread, yet Ropo shows something under the number: nobody may simply release that."""
    row = never_sent(environment)
    intake._move(row, outcomes.Fate(Evidence.Finding.DIFFERS, "more than one job: 1, 2"), NOW)
    row.refresh_from_db()
    assert (row.state, row.held_reason) == (State.HELD, "maybe-sent")
    with pytest.raises(TooLate):
        release(submission=row, actor=first, at=NOW)


def test_the_whole_message_is_shown_with_a_reason_and_logged(ripe: Submission, first: User) -> None:
    whole = reveal_message(submission=ripe, reason="the agency asks", actor=first, at=NOW)
    assert whole == bytes(ripe.payload)
    entry = Entry.objects.get(subject_id=ripe.pk, verb="submission.message_revealed")
    assert (entry.reason, entry.actor_id, entry.after) == ("the agency asks", first.pk, {})


def test_the_whole_message_needs_a_reason(ripe: Submission, first: User) -> None:
    with pytest.raises(ReasonMissing):
        reveal_message(submission=ripe, reason=" no ", actor=first, at=NOW)
    assert not Entry.objects.filter(verb="submission.message_revealed").exists()


def test_the_same_bytes_leave_again(ripe: Submission, first: User, second: User) -> None:
    before = (ripe.payload_hash, ripe.pk)
    row = confirm_resend(proposal=propose(ripe, first), actor=second, at=NOW)
    attempt = stages.tried(row, at=NOW)
    assert (attempt.number, attempt.payload_hash, row.pk) == (2, *before)
    assert isinstance(attempt, Attempt)
    assert isinstance(row.pk, uuid.UUID)
