"""Every change the database must refuse, tried by plain SQL without any code of ours in between."""
# ruff: noqa: S608 -- the statements are put together from constants of this file

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.submissions.models import Attempt, Evidence, Kind, ResendProposal, SendingSwitch, Submission
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db

State = Submission.State
DAY = dt.timedelta(days=1)
# The names of our rules: a statement that fails for another reason proves nothing.
RULE = r"submission_change|submission_entry|attempt_change|attempt_entry|for ever|sending needs|(?i:unique|check) constraint"


def sql(statement: str, *values: object) -> None:
    """Run one statement as anybody with the application's password could."""
    plain = [
        value.hex if isinstance(value, uuid.UUID) and connection.vendor == "sqlite" else value
        for value in values
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, plain)


def refused(statement: str, *values: object) -> None:
    """Assert that the database refuses the statement."""
    with pytest.raises(DatabaseError, match=RULE):
        sql(statement, *values)


def put(submission: Submission, state: str, **changes: Any) -> Submission:
    """Bring a queued submission into a state by legal moves only."""
    if state == State.QUEUED:
        return submission
    if state == State.CANCELLED:
        submission.move(state, at=AT)
        return submission
    submission.move(State.SENDING, at=AT)
    attempt = Attempt.objects.create(
        submission=submission, number=1, payload_hash=submission.payload_hash, host="h", worker="w", started_at=AT,
        deadline_at=AT,
    )  # fmt: skip
    if state == State.SENDING:
        return submission
    outcome = {State.UNCONFIRMED: "unknown", State.HELD: "unknown"}.get(State(state), state)
    Attempt.objects.filter(pk=attempt.pk).update(outcome=outcome, finished_at=AT)
    finding = {State.ACCEPTED: "there", State.REJECTED: "refused"}.get(State(state), "nothing")
    note(submission, finding, AT)
    if state == State.HELD:
        changes = {"held_reason": "maybe-sent", **changes}
    submission.move(state, at=AT, **changes)
    return submission


def note(submission: Submission, finding: str, at: dt.datetime, source: str = "attempt 1") -> Evidence:
    return Evidence.objects.create(
        submission=submission, kind="look-up", source=source, finding=finding, at=at
    )


@pytest.fixture(autouse=True)
def without_the_check_at_commit(db: None, request: pytest.FixtureRequest) -> None:
    """These tests stop in the middle of a move; the check at commit has a test of its own."""
    if connection.vendor == "postgresql" and "at_commit" not in request.node.name:
        sql("ALTER TABLE submissions_submission DISABLE TRIGGER submission_sending_has_attempt")


@pytest.fixture
def queued(environment: CreditorEnvironment) -> Submission:
    return factories.queue(environment)


EXTRA = {"held": ", held_reason = 'maybe-sent'", "sending": ", sending_since = '2026-11-23 09:00:00'"}


ILLEGAL = [
    (old.value, new.value)
    for old in State
    for new in State
    if new != old and new not in Submission.MOVES[old]
]


@pytest.mark.parametrize(("old", "new"), ILLEGAL)
def test_moves_outside_the_list_are_refused(queued: Submission, old: str, new: str) -> None:
    put(queued, old)
    extra = EXTRA.get(new, "") + ("" if new == "sending" else ", sending_since = NULL")
    extra += "" if new == "held" else ", held_reason = ''"
    refused(f"UPDATE submissions_submission SET state = '{new}'{extra} WHERE id = %s", queued.pk)


FROZEN = {
    "kind": "'reminder'", "document_id": "'00000000000000000000000000000001'", "sequence": "7", "number": "'x'",
    "number_key": "'x'", "opening": "'claim'", "recipient": "'x'", "customer_number": "'x'", "amount": "1",
    "currency": "'SEK'", "endpoint": "'payment'", "payload": "'x'", "payload_hash": "'x'",
    "queued_at": "'2020-01-01 00:00:00'",
}  # fmt: skip


@pytest.mark.parametrize("column", FROZEN)
def test_what_was_queued_is_frozen(queued: Submission, column: str) -> None:
    refused(f"UPDATE submissions_submission SET {column} = {FROZEN[column]} WHERE id = %s", queued.pk)


@pytest.mark.parametrize("owner", ["creditor_id", "environment_id", "posted_by_id", "previous_id"])
def test_owner_and_chain_are_frozen(queued: Submission, owner: str, environment: CreditorEnvironment) -> None:
    other = {
        "creditor_id": factories.make_creditor().pk,
        "environment_id": factories.make_environment(environment.creditor, "fi-test").pk,
        "posted_by_id": factories.make_user().pk,
        "previous_id": put(factories.queue(environment), State.CANCELLED).pk,
    }
    refused(f"UPDATE submissions_submission SET {owner} = %s WHERE id = %s", other[owner], queued.pk)


@pytest.mark.parametrize("table", ["submission", "attempt", "evidence", "transition", "resendproposal"])
def test_nothing_of_the_outbox_is_deleted(environment: CreditorEnvironment, table: str) -> None:
    row = put(factories.queue(environment), State.HELD)
    user = factories.make_user()
    ResendProposal.objects.create(submission=row, reason="r", proposed_by=user, proposed_at=AT)
    refused(f"DELETE FROM submissions_{table}")


@pytest.mark.parametrize(
    "column", ["finding = 'there'", "source = 'x'", "raw = NULL", "at = '2020-01-01 00:00:00'"]
)
def test_evidence_is_never_changed(queued: Submission, column: str) -> None:
    put(queued, State.UNCONFIRMED)
    refused(f"UPDATE submissions_evidence SET {column}")


def test_moves_are_witnessed_and_never_changed(queued: Submission) -> None:
    put(queued, State.ACCEPTED)
    moves = list(queued.transitions.values_list("from_state", "to_state"))
    assert moves == [("", "queued"), ("queued", "sending"), ("sending", "accepted")]
    refused("UPDATE submissions_transition SET to_state = 'rejected'")


def test_a_second_live_submission_of_a_document_is_refused(
    queued: Submission, environment: CreditorEnvironment
) -> None:
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        copy_of(queued, number="other", number_key="other", sequence=2)


@pytest.mark.parametrize("kind", [Kind.MONITORED_INVOICE, Kind.REMINDER, Kind.DEBT_COLLECTION])
def test_a_second_live_opening_job_for_a_number_is_refused(
    environment: CreditorEnvironment, kind: str
) -> None:
    first = factories.queue(environment, kind=Kind.REMINDER, number="R-1")
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        copy_of(first, kind=kind, document_id=uuid.uuid4())


@pytest.mark.parametrize("state", [State.ACCEPTED, State.UNCONFIRMED, State.HELD, State.SENDING])
def test_a_number_stays_taken_while_it_may_be_at_ropo(environment: CreditorEnvironment, state: str) -> None:
    first = put(factories.queue(environment, kind=Kind.DEBT_COLLECTION), state)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        copy_of(first, kind=Kind.DEBT_COLLECTION, document_id=uuid.uuid4())


@pytest.mark.parametrize("state", [State.REJECTED, State.CANCELLED])
def test_a_number_is_free_again_after_refusal(environment: CreditorEnvironment, state: str) -> None:
    first = put(factories.queue(environment), state)
    assert copy_of(first, sequence=2).state == State.QUEUED


def copy_of(row: Submission, **changes: Any) -> Submission:
    """Insert the same submission once more with some facts changed, past all operations."""
    names = [
        field.attname for field in Submission._meta.concrete_fields if field.name not in {"id", "previous"}
    ]
    facts = {name: getattr(row, name) for name in names} | {
        "state": State.QUEUED, "held_reason": "", "sending_since": None, "settled_at": None, **changes,
    }  # fmt: skip
    return Submission.objects.create(**facts)


def test_a_submission_begins_queued(queued: Submission) -> None:
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        copy_of(queued, state=State.ACCEPTED, document_id=uuid.uuid4(), number_key="z")


def test_an_environment_of_another_creditor_is_refused(queued: Submission) -> None:
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        copy_of(queued, creditor_id=factories.make_creditor().pk, document_id=uuid.uuid4(), number_key="z")


@pytest.mark.parametrize("outcome", ["open", "unknown", "accepted"])
def test_a_second_hot_attempt_is_refused(queued: Submission, outcome: str) -> None:
    put(queued, State.SENDING)
    if outcome != "open":
        Attempt.objects.update(outcome=outcome, finished_at=AT)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        attempt_of(queued, number=2)


def attempt_of(row: Submission, **changes: Any) -> Attempt:
    facts = {
        "submission": row, "number": 1, "payload_hash": row.payload_hash, "host": "h", "worker": "w", "started_at": AT,
        "deadline_at": AT, **changes,
    }  # fmt: skip
    return Attempt.objects.create(**facts)


@pytest.mark.parametrize(
    "changes", [{"number": 2}, {"payload_hash": "0" * 64}, {"outcome": "accepted"}, {"number": 0}]
)
def test_an_attempt_is_numbered_open_and_of_the_frozen_bytes(
    queued: Submission, changes: dict[str, Any]
) -> None:
    queued.move(State.SENDING, at=AT)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        attempt_of(queued, **changes)


def test_an_attempt_needs_a_submission_that_is_being_sent(queued: Submission) -> None:
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        attempt_of(queued)


def test_no_attempt_begins_while_the_environment_is_paused(queued: Submission) -> None:
    queued.move(State.SENDING, at=AT)
    CreditorEnvironment.objects.update(sending_paused=True)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        attempt_of(queued)


def test_no_attempt_begins_while_everything_is_paused(queued: Submission) -> None:
    queued.move(State.SENDING, at=AT)
    SendingSwitch.objects.update_or_create(pk=1, defaults={"paused": True})
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        attempt_of(queued)


@pytest.mark.parametrize(("old", "new"), [
    ("accepted", "rejected"), ("accepted", "open"), ("rejected", "accepted"), ("refused", "unknown"),
    ("unsent", "accepted"), ("unknown", "open"), ("unknown", "unsent"), ("voided", "rejected"), ("voided", "open"),
])  # fmt: skip
def test_a_finished_attempt_does_not_change(queued: Submission, old: str, new: str) -> None:
    put(queued, State.SENDING)
    Attempt.objects.update(outcome=old, finished_at=AT)
    finished = "NULL" if new == "open" else "finished_at"
    refused(f"UPDATE submissions_attempt SET outcome = '{new}', finished_at = {finished}")


@pytest.mark.parametrize("column", ["number = 9", "payload_hash = 'x'", "started_at = '2020-01-01 00:00:00'"])
def test_an_attempt_is_not_rewritten(queued: Submission, column: str) -> None:
    put(queued, State.SENDING)
    refused(f"UPDATE submissions_attempt SET {column}")


@pytest.mark.parametrize(("state", "outcome"), [("accepted", "accepted"), ("rejected", "rejected")])
def test_an_end_needs_evidence(queued: Submission, state: str, outcome: str) -> None:
    put(queued, State.SENDING)
    Attempt.objects.update(outcome=outcome, finished_at=AT)
    refused(
        f"UPDATE submissions_submission SET state = '{state}', sending_since = NULL WHERE id = %s", queued.pk
    )


@pytest.mark.parametrize("outcome", ["unknown", "refused", "rejected", "accepted", "open"])
def test_only_what_never_left_waits_again(queued: Submission, outcome: str) -> None:
    put(queued, State.SENDING)
    if outcome != "open":
        Attempt.objects.update(outcome=outcome, finished_at=AT)
    refused(
        "UPDATE submissions_submission SET state = 'queued', sending_since = NULL WHERE id = %s", queued.pk
    )


def test_what_may_have_been_sent_cannot_be_called_never_sent(queued: Submission) -> None:
    put(queued, State.UNCONFIRMED)
    refused(
        "UPDATE submissions_submission SET state = 'held', held_reason = 'never-sent' WHERE id = %s",
        queued.pk,
    )
    queued.move(State.HELD, at=AT, held_reason="maybe-sent")
    refused("UPDATE submissions_submission SET held_reason = 'never-sent' WHERE id = %s", queued.pk)
    refused(
        "UPDATE submissions_submission SET state = 'cancelled', held_reason = '' WHERE id = %s", queued.pk
    )


def ready_to_resend(environment: CreditorEnvironment) -> tuple[Submission, dict[str, Any]]:
    """Return a held submission for which only the proposal is missing, and the facts of a good one."""
    SendingSwitch.objects.get_or_create(pk=1)
    row = put(factories.queue(environment), State.HELD)
    note(row, "not-there", AT + DAY / 2, source="all")
    note(row, "not-there", AT + 2 * DAY, source="all")
    Attempt.objects.filter(submission=row).update(outcome="voided")
    first, second = factories.make_user(), factories.make_user()
    facts = {
        "submission": row, "reason": "r", "proposed_by": first, "proposed_at": AT + 2 * DAY, "confirmed_by": second,
        "confirmed_at": AT + 2 * DAY,
    }  # fmt: skip
    return row, facts


REQUEUE = "UPDATE submissions_submission SET state = 'queued', held_reason = '' WHERE id = %s"


def test_two_people_may_send_again(environment: CreditorEnvironment) -> None:
    row, facts = ready_to_resend(environment)
    ResendProposal.objects.create(**facts)
    sql(REQUEUE, row.pk)
    row.refresh_from_db()
    assert row.state == State.QUEUED


@pytest.mark.parametrize(
    "spoiled", ["nobody", "one", "poster", "early", "old look-up", "attempt", "one look-up", "before the try"]
)
def test_sending_again_is_refused_without(environment: CreditorEnvironment, spoiled: str) -> None:
    row, facts = ready_to_resend(environment)
    changes: dict[str, dict[str, Any]] = {
        "nobody": {"confirmed_by": None, "confirmed_at": None},
        "one": {},
        "poster": {"proposed_by": row.posted_by},
        "early": {"confirmed_at": AT + DAY / 4},
        "old look-up": {"confirmed_at": AT + 5 * DAY},
        "attempt": {},
        "one look-up": {},
        "before the try": {},
    }
    if spoiled == "attempt":
        row, facts = ready_to_resend(environment)
        second = put(factories.queue(environment), State.HELD)
        facts["submission"], row = second, second
    if spoiled == "before the try":
        row = put(factories.queue(environment), State.HELD)
        note(row, "not-there", AT - 3 * DAY, source="all")
        note(row, "not-there", AT + 2 * DAY, source="all")
        Attempt.objects.filter(submission=row).update(outcome="voided")
        facts["submission"] = row
    if spoiled == "one look-up":
        row = put(factories.queue(environment), State.HELD)
        note(row, "not-there", AT + 2 * DAY, source="all")
        Attempt.objects.filter(submission=row).update(outcome="voided")
        facts["submission"] = row
    if spoiled != "one":
        ResendProposal.objects.create(**{**facts, **changes[spoiled]})
    refused(REQUEUE, row.pk)


def test_one_person_is_not_two(environment: CreditorEnvironment) -> None:
    _row, facts = ready_to_resend(environment)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        ResendProposal.objects.create(**{**facts, "confirmed_by": facts["proposed_by"]})


def test_a_confirmed_proposal_counts_once(environment: CreditorEnvironment) -> None:
    row, facts = ready_to_resend(environment)
    ResendProposal.objects.create(**facts)
    sql(REQUEUE, row.pk)
    row.refresh_from_db()
    row.move(State.SENDING, at=AT)
    attempt_of(row, number=2)
    Attempt.objects.filter(submission=row, number=2).update(outcome="unknown", finished_at=AT)
    row.move(State.HELD, at=AT, held_reason="maybe-sent")
    Attempt.objects.filter(submission=row, number=2).update(outcome="voided")
    refused(REQUEUE, row.pk)


def test_the_switch_is_one_row(environment: CreditorEnvironment) -> None:
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        SendingSwitch.objects.create(pk=2)


@pytest.mark.pg
def test_sending_without_an_open_attempt_is_refused_at_commit(queued: Submission) -> None:
    queued.move(State.SENDING, at=AT)
    refused("SET CONSTRAINTS ALL IMMEDIATE")
    attempt_of(queued)
    sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_was_written_off_is_not_sent_again(environment: CreditorEnvironment) -> None:
    row, facts = ready_to_resend(environment)
    ResendProposal.objects.create(**facts)
    Submission.objects.filter(pk=row.pk).update(written_off_at=AT + 2 * DAY)
    refused(REQUEUE, row.pk)


@pytest.mark.parametrize("finding", ["there", "differs"])
def test_what_a_look_up_found_is_not_sent_again(environment: CreditorEnvironment, finding: str) -> None:
    row, facts = ready_to_resend(environment)
    ResendProposal.objects.create(**facts)
    note(row, finding, AT + DAY, source="all")
    refused(REQUEUE, row.pk)
