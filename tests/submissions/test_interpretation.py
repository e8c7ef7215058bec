"""Reading kept pages: any number of times, in any order, with one effect; and what news proves about open fates."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.history.models import Entry
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import belief, gateway, interpretation, refreshing
from ropo_portal.submissions.models import (
    Kind,
    PageReading,
    StatusIncident,
    StatusLine,
    StatusPage,
    StatusUpdate,
    Submission,
)
from ropo_portal.submissions.operations import clear_alarm, refresh_status
from tests import factories
from tests.sandbox.caller import day_at
from tests.submissions import news
from tests.submissions.conftest import Clock

State = Submission.State


@pytest.fixture(autouse=True)
def _same_time(sandbox: Sandbox, clock: Clock) -> None:
    sandbox.clock.set(clock.now)


def page_of(line: CreditorEnvironment, *updates: dict[str, Any], body: bytes = b"") -> StatusPage:
    """Keep a page as a poll would have."""
    body = body or json.dumps({"result": {"status": list(updates)}}).encode()
    return StatusPage.objects.create(
        environment=line, source="poll", received_at=factories.AT, sha256="0" * 64, body=body
    )


def test_pages_may_be_read_again_and_again(line, clock, sandbox) -> None:
    row = news.posted(line, clock)
    news.pay(sandbox, row.ropo_job_id, "10")
    news.heard(line, clock)
    before = news.journal(), news.fates(), Entry.objects.count()
    news.read_again(clock)
    assert (news.journal(), news.fates(), Entry.objects.count()) == before
    assert {(reading.new_count, reading.known_count) for reading in PageReading.objects.all()} == {(0, 3)}


def test_the_order_of_arrival_makes_no_difference(line, clock) -> None:
    first = news.told(statusid="C1", statustime="2026-11-23 08:00:00")
    second = news.told(statusid="C2", statustime="2026-11-24 08:00:00")
    row = news.staged(line, State.ACCEPTED, number="T1", changes={"ropo_job_id": "77"})
    for update in (second, first, second):
        interpretation.interpret(page_of(line, update), at=clock.now)
    assert [update.update_id for update in StatusUpdate.objects.for_submission(row)] == ["C1", "C2"]


def test_unknown_codes_kinds_and_members_are_information(line, clock) -> None:
    row = news.staged(line, State.ACCEPTED, number="T1", changes={"ropo_job_id": "77"})
    strange = news.told(
        statuscode="7731", statustype="moon.phase", statustime="yesterday", amount="1e9", more=[1]
    )
    interpretation.interpret(page_of(line, strange), at=clock.now)
    [update] = StatusUpdate.objects.for_submission(row)
    assert (update.code, update.kind, update.amount, update.at) == ("7731", "moon.phase", None, factories.AT)
    assert not StatusIncident.objects.exists()


def test_an_unknown_job_is_kept_and_found_its_place_later(line, clock) -> None:
    interpretation.interpret(page_of(line, news.told("NOT-YET")), at=clock.now)
    assert StatusUpdate.objects.get().submission is None
    row = news.staged(line, State.ACCEPTED, number="T9", changes={"ropo_job_id": "77"})
    assert interpretation.attach_late(at=clock.now) == 1
    assert StatusUpdate.objects.get().submission == row


def test_a_number_that_two_may_mean_attaches_to_neither(line, clock) -> None:
    news.staged(line, State.ACCEPTED, number="T1", changes={"ropo_job_id": ""})
    news.staged(line, State.ACCEPTED, number="T1", kind=Kind.REMINDER, changes={"ropo_job_id": ""})
    interpretation.interpret(page_of(line, news.told()), at=clock.now)
    assert StatusUpdate.objects.get().submission is None


def test_another_creditors_job_is_refused_and_alarmed_once(line, clock) -> None:
    other = factories.make_environment(factories.make_creditor())
    theirs = news.staged(other, State.ACCEPTED, number="T1", changes={"ropo_job_id": "77"})
    mine = news.staged(line, State.UNCONFIRMED, number="T1")
    for _ in range(2):
        interpretation.interpret(page_of(line, news.told()), at=clock.now)
    belief.weigh(at=clock.now)
    update = StatusUpdate.objects.get()
    assert (update.is_foreign, update.submission) == (True, None)
    assert not StatusUpdate.objects.for_submission(theirs).exists()
    mine.refresh_from_db()
    assert mine.state == State.UNCONFIRMED
    assert StatusLine.objects.get(environment=line).alarm
    [entry] = Entry.objects.filter(verb="status.foreign")
    assert entry.creditor_id == line.creditor_id
    clear_alarm(environment=line, reason="theirs", actor=factories.make_user(), at=clock.now)
    assert not StatusLine.objects.get(environment=line).alarm


def test_the_same_id_with_other_words_is_an_incident_and_the_first_stays(line, clock) -> None:
    interpretation.interpret(page_of(line, news.told(amount="5.00", statustype="payment")), at=clock.now)
    interpretation.interpret(page_of(line, news.told(amount="5,00", statustype="payment")), at=clock.now)
    assert not StatusIncident.objects.exists()
    for _ in range(2):
        interpretation.interpret(
            page_of(line, news.told(amount="500.00", statustype="payment")), at=clock.now
        )
    [incident] = StatusIncident.objects.all()
    assert incident.kind == "contradiction"
    assert StatusUpdate.objects.get().amount == Decimal("5.00")
    assert Entry.objects.filter(verb="status.contradiction").count() == 1


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"a": 1, "a": 2}', b"[" * 900, b'{"result": {"status": [{"x": 1}]}}']
)
def test_what_cannot_be_read_is_an_incident_and_stops_nobody(line, clock, body) -> None:
    interpretation.interpret_or_set_aside(page_of(line, body=body), at=clock.now)
    [incident] = StatusIncident.objects.all()
    assert incident.kind == "unreadable"
    assert not interpretation.unread_pages(limit=9)


@pytest.mark.parametrize("act", ["update page", "delete page", "update words", "detach", "delete update"])
def test_what_was_told_stays(line, clock, act) -> None:
    news.staged(line, State.ACCEPTED, number="T1", changes={"ropo_job_id": "77"})
    page = page_of(line, news.told())
    interpretation.interpret(page, at=clock.now)
    rows = StatusPage.objects if "page" in act else StatusUpdate.objects
    changes = {
        "update page": {"source": "event"},
        "update words": {"text": "other"},
        "detach": {"submission": None},
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.all().update(**changes[act]) if act in changes else rows.all()._raw_delete("default")


# --- belief


@pytest.mark.parametrize(("state", "reason", "after"), [
    (State.UNCONFIRMED, "", State.ACCEPTED), (State.HELD, "maybe-sent", State.ACCEPTED),
    (State.HELD, "never-sent", State.HELD), (State.QUEUED, "", State.HELD), (State.REJECTED, "", State.HELD),
    (State.CANCELLED, "", State.HELD), (State.SENDING, "", State.SENDING),
])  # fmt: skip
def test_what_polled_news_of_its_number_does(line, clock, state, reason, after) -> None:
    row = news.staged(line, state, number="T1", changes={"held_reason": reason} if reason else {})
    interpretation.interpret(page_of(line, news.told()), at=clock.now)
    for _ in range(2):
        belief.weigh(at=clock.now)
    row.refresh_from_db()
    assert row.state == after
    assert row.evidence.filter(kind="event").count() == 1
    if after == State.ACCEPTED:
        assert row.ropo_job_id == "77"
    if after == State.HELD:
        assert row.held_reason == "maybe-sent"


def test_a_poll_names_the_job_that_an_answer_left_out(line, clock) -> None:
    row = news.staged(line, State.ACCEPTED, number="T1", changes={"ropo_job_id": ""})
    interpretation.interpret(page_of(line, news.told()), at=clock.now)
    belief.weigh(at=clock.now)
    row.refresh_from_db()
    assert row.ropo_job_id == "77"


# --- looking at one claim


def test_a_claim_says_where_it_stands_and_that_it_moves_on_tomorrow(line, clock, sandbox) -> None:
    job = news.foreign_reminder(sandbox, billnum="R1")
    row = news.staged(
        line, State.ACCEPTED, number="R1", kind=Kind.REMINDER, changes={"ropo_job_id": str(job["jobid"])}
    )
    assert refreshing.due(at=clock.now, limit=5) == [row]
    refresh_status(submission=row, at=clock.now)
    row.refresh_from_db()
    assert (row.ropo_status, row.ropo_next_status) == ("1", "2")
    assert row.ropo_next_status_date == day_at(sandbox) + dt.timedelta(days=14)
    assert refreshing.due(at=clock.pass_by(hours=7), limit=5) == []
    sandbox.clock.set(clock.pass_by(days=13))
    gateway.forget()
    today = clock.now.date()
    assert row.moves_on_within(1, today=today)
    assert not row.moves_on_within(0, today=today - dt.timedelta(days=1))
    assert list(Submission.objects.moving_on(until=today + dt.timedelta(days=1))) == [row]
    assert refreshing.due(at=clock.now, limit=5) == [row]


def test_an_older_look_never_wins(line, clock, sandbox) -> None:
    job = news.foreign_reminder(sandbox, billnum="R1")
    facts = {
        "ropo_job_id": str(job["jobid"]),
        "ropo_looked_at": clock.now + dt.timedelta(hours=1),
        "ropo_status": "2",
    }
    row = news.staged(line, State.ACCEPTED, number="R1", kind=Kind.REMINDER, changes=facts)
    assert refreshing.refresh(row, clock=clock) == ""
    row.refresh_from_db()
    assert row.ropo_status == "2"


@pytest.mark.parametrize(
    ("number", "job_id", "trouble"), [("R1", "1", "unknown"), ("R2", "", "another number")]
)
def test_a_look_that_does_not_fit_changes_nothing(line, clock, sandbox, number, job_id, trouble) -> None:
    job = news.foreign_reminder(sandbox, billnum="R1")
    job_id = job_id or str(job["jobid"])
    row = news.staged(
        line, State.ACCEPTED, number=number, kind=Kind.REMINDER, changes={"ropo_job_id": job_id}
    )
    assert refreshing.refresh(row, clock=clock) == trouble
    row.refresh_from_db()
    assert (row.ropo_status, row.ropo_looked_at) == ("", clock.now)
