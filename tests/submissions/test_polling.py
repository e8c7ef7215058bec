"""Polling the sandbox over real HTTP: pages kept before the next is asked, killed pollers, long queues, strangers."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import gateway, hooks, polling, tasks
from ropo_portal.submissions.models import (
    Evidence,
    PageReading,
    StatusLine,
    StatusPage,
    StatusUpdate,
    Submission,
)
from tests import factories
from tests.sandbox.caller import Caller, invoice
from tests.submissions import news
from tests.submissions.conftest import Clock

State = Submission.State
Finding = Evidence.Finding


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


@pytest.fixture(autouse=True)
def _same_time(sandbox: Sandbox, clock: Clock) -> None:
    sandbox.clock.set(clock.now)


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Die at a point, once."""

    def order(module: Any, name: str) -> None:
        def die(reached: str) -> None:
            if reached == name:
                monkeypatch.setattr(module, "point", lambda _name: None)
                raise Killed

        monkeypatch.setattr(module, "point", die)

    return order


# --- one round


def test_a_quiet_queue_leaves_no_page(line, clock) -> None:
    done = polling.poll(line, clock=clock)
    assert (done.pages, done.is_drained, done.trouble) == (0, True, "")
    row = StatusLine.objects.get()
    assert (row.last_drained_at, row.replay_from, row.lease_until) == (clock.now, None, None)


def test_news_of_an_invoice_reaches_its_journal(line, clock, sandbox) -> None:
    row = news.posted(line, clock)
    done = news.heard(line, clock)
    assert (done.pages, done.is_drained) == (1, True)
    [update] = StatusUpdate.objects.for_submission(row)
    assert (update.job_id, update.code, update.kind, update.source) == (
        row.ropo_job_id,
        "98",
        "comment",
        "polled",
    )
    page = StatusPage.objects.get()
    assert json.loads(bytes(page.body))["result"]["status"][0]["statusid"] == update.update_id
    assert abs(update.at - sandbox.clock.now()) < dt.timedelta(minutes=2)


def test_an_environment_that_cannot_be_asked_is_left_out(line, clock) -> None:
    factories.make_environment(line.creditor, "fi-production", cid="5")
    factories.make_environment(line.creditor, "fi-test", cid="")
    assert list(polling.polled_environments(at=clock.now)) == [line]
    CreditorEnvironment.objects.update(blocked_until=clock.now + dt.timedelta(minutes=1))
    assert list(polling.polled_environments(at=clock.now)) == []


def test_only_one_polls_at_a_time_and_a_dead_one_is_replaced(line, clock) -> None:
    StatusLine.objects.create(environment=line, lease_key="other", lease_until=clock.now + polling.LEASE)
    assert polling.poll(line, clock=clock).is_busy
    clock.pass_by(minutes=6)
    assert not polling.poll(line, clock=clock).is_busy


def test_a_poller_that_lost_its_turn_keeps_the_bytes_and_stops(line, clock, monkeypatch) -> None:
    news.posted(line, clock)
    asked = gateway.status_page

    def slow(*args: Any, **more: Any) -> bytes:
        body = asked(*args, **more)
        StatusLine.objects.update(lease_key="another")
        return body

    monkeypatch.setattr(gateway, "status_page", slow)
    assert polling.poll(line, clock=clock).is_busy
    assert news.pages() == 1
    assert StatusLine.objects.get().replay_from is not None


def test_the_same_page_for_ever_ends_the_round(line, clock, monkeypatch) -> None:
    body = json.dumps({"result": {"status": [news.told()]}}).encode()
    monkeypatch.setattr(gateway, "status_page", lambda *_args, **_more: body)
    done = polling.poll(line, clock=clock)
    assert done.trouble == "the same page came twice"
    assert news.pages() == 2


def test_a_round_has_an_end_even_when_the_queue_has_none(line, clock, monkeypatch) -> None:
    numbers = iter(range(10_000))
    endless = lambda *_args, **_more: json.dumps(  # noqa: E731
        {"result": {"status": [news.told(statusid=f"C{next(numbers)}")]}}
    ).encode()
    monkeypatch.setattr(gateway, "status_page", endless)
    monkeypatch.setattr(polling, "MOST_PAGES", 5)
    done = polling.poll(line, clock=clock)
    assert (done.pages, done.is_drained, done.trouble) == (5, False, "")


# --- F66


def test_a_queue_of_2500_that_grows_while_it_is_drained(line, clock, sandbox, monkeypatch) -> None:
    with Caller(sandbox) as caller:
        for _ in range(5):
            caller.deliver(*(invoice() for _ in range(500)))
        asked, grown = gateway.status_page, []

        def growing(*args: Any, **more: Any) -> bytes:
            body = asked(*args, **more)
            if len(grown) < 3:
                grown.append(caller.deliver(*(invoice() for _ in range(10))))
            return body

        monkeypatch.setattr(gateway, "status_page", growing)
        done = news.heard(line, clock)
    assert (done.is_drained, done.trouble, done.pages) == (True, "", 4)
    assert StatusUpdate.objects.count() == 2530
    assert sum(PageReading.objects.values_list("new_count", flat=True)) == 2530


# --- failures and replay


def test_a_page_lost_on_the_wire_is_asked_for_by_day_at_once(line, clock, sandbox) -> None:
    row = news.posted(line, clock)
    sandbox.plan(fault="503-after", path="/jobs/statusupdates")
    done = news.heard(line, clock)
    assert (bool(done.trouble), done.is_replayed) == (True, True)
    assert StatusUpdate.objects.for_submission(row).count() == 1
    assert StatusLine.objects.get().replay_from is None
    days = {request["query"] for request in sandbox.requests("/jobs/statusupdates")}
    assert {'{"date": "2026-11-22"}', '{"date": "2026-11-23"}'} <= days


def test_when_the_replay_fails_too_the_days_stay_owed(line, clock, sandbox) -> None:
    row = news.posted(line, clock)
    sandbox.plan(fault="503-after", path="/jobs/statusupdates")
    sandbox.plan(fault="503-before", times=3, path="/jobs/statusupdates")
    assert not polling.poll(line, clock=clock).is_replayed
    assert StatusLine.objects.get().replay_from == dt.date(2026, 11, 22)
    clock.pass_by(days=2)
    assert news.heard(line, clock).is_replayed
    assert StatusUpdate.objects.for_submission(row).count() == 1
    assert StatusLine.objects.get().replay_from is None


def test_nothing_is_owed_when_nothing_was_asked(line, clock) -> None:
    CreditorEnvironment.objects.update(apicode="")
    wrong = CreditorEnvironment.objects.select_related("creditor").get()
    assert polling.poll(wrong, clock=clock).trouble == "login"
    assert StatusLine.objects.get().replay_from is None


@pytest.mark.parametrize(
    "fault", ["truncated-after", "empty-after", "html-after", "deep-after", "reset-after"]
)
def test_a_page_that_left_the_queue_unreadable_is_asked_for_again(line, clock, sandbox, fault) -> None:
    row = news.posted(line, clock)
    sandbox.plan(fault=fault, path="/jobs/statusupdates")
    done = news.heard(line, clock)
    assert done.trouble
    assert StatusUpdate.objects.for_submission(row).count() == 1


def test_nightly_asks_for_seven_days_and_weekly_for_thirty(line, clock, sandbox) -> None:
    polling.owe(line, at=clock.now)
    polling.poll(line, clock=clock)
    assert len(sandbox.requests("/jobs/statusupdates")) == 1 + 31
    clock.pass_by(days=1)
    polling.owe(line, at=clock.now)
    polling.poll(line, clock=clock)
    assert len(sandbox.requests("/jobs/statusupdates")) == 1 + 31 + 1 + 8
    row = StatusLine.objects.get()
    assert (row.replayed_on, row.replayed_month_on) == (dt.date(2026, 11, 24), dt.date(2026, 11, 23))


# --- F64


def test_a_poller_killed_between_page_and_commit_loses_nothing(line, clock, sandbox, kill) -> None:
    rows = [news.posted(line, clock, number=f"K{place}") for place in range(3)]
    news.pay(sandbox, rows[0].ropo_job_id, "20.00")
    kill(polling, "K15")
    with pytest.raises(Killed):
        polling.poll(line, clock=clock)
    assert StatusPage.objects.count() == 0
    # SIGKILL runs no `finally`: the lease is still held.
    StatusLine.objects.update(lease_key="dead", lease_until=clock.now + polling.LEASE)
    clock.pass_by(minutes=10)
    done = news.heard(line, clock)
    assert (done.is_replayed, news.pages("replay")) == (True, 1)
    killed = news.journal(), news.fates()
    # The same ledger, told to a portal that was not killed: the queue put back as it was.
    sandbox.ledger._database.execute("UPDATE updates SET taken_at = ''")
    with connection.cursor() as cursor:
        emptied(cursor)
    news.heard(line, clock)
    assert (news.pages("poll"), news.pages("replay")) == (1, 0)
    assert (news.journal(), news.fates()) == killed
    assert [update.amount for update in StatusUpdate.objects.payments()] == [Decimal("20.00")]


def emptied(cursor: Any) -> None:
    """Forget the journal, past the triggers that forbid it."""
    tables = "pagereading", "statusincident", "statusupdate", "statuspage", "statusline"
    if connection.vendor == "postgresql":
        cursor.execute("TRUNCATE " + ", ".join(f"submissions_{table}" for table in tables) + " CASCADE")
        return
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    for table in tables:
        cursor.execute(f"DELETE FROM submissions_{table}")  # noqa: S608 (a fixed list)
    for _name, sql in triggers:
        cursor.execute(sql)


# --- the tasks


def test_the_tasks_ring_listen_and_call_the_rooms_above(line, clock, sandbox, monkeypatch, settings) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    rung: list[str] = []
    monkeypatch.setattr(
        tasks.poll_environment, "apply_async", lambda kwargs, **_more: tasks.poll_environment(**kwargs)
    )
    monkeypatch.setattr(tasks, "REFRESH_PAUSE", 0)

    def above(*, at: dt.datetime) -> None:
        rung.append("above")

    def broken(*, at: dt.datetime) -> None:
        raise ValueError(at)

    monkeypatch.setattr(hooks, "AFTER_INTAKE", [])
    for act in (broken, above, above):
        hooks.after_intake(act)
    row = news.posted(line, clock)
    tasks.poll()
    tasks.replay()
    tasks.refresh()
    assert rung == ["above", "above"]
    assert StatusUpdate.objects.for_submission(row).count() == 1
    assert StatusLine.objects.get().replayed_month_on is not None


def test_the_timetable_has_the_three_rounds(settings) -> None:
    rounds = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"submissions.poll", "submissions.replay", "submissions.refresh"} <= rounds
