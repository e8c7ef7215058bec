"""Events from the sandbox's own pusher into the running portal, in every disorder, over real HTTP."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from ropo_portal.history.models import Entry
from ropo_portal.ropo_one.events import event_batch
from ropo_portal.sandbox import events
from ropo_portal.sandbox.events import Disorder, Receiver
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import interpretation
from ropo_portal.submissions.models import StatusIncident, StatusLine, StatusPage, StatusUpdate, Submission
from ropo_portal.submissions.operations import news as operations
from ropo_portal.submissions.operations import set_webhook_secret
from tests import factories
from tests.sandbox.caller import Caller, invoice
from tests.submissions import news
from tests.submissions.conftest import Clock

State = Submission.State


@pytest.fixture(autouse=True)
def _same_time(sandbox: Sandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    sandbox.clock.set(clock.now)
    monkeypatch.setattr(events, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(operations.tasks.take_in, "apply_async", lambda **_more: None)


@pytest.fixture
def wired(line, live_server, sandbox) -> Any:
    """Let the sandbox push to this portal, as the line's Ropo One."""
    pair = set_webhook_secret(environment=line, actor=factories.make_user(), at=timezone.now())
    receiver = Receiver(f"{live_server.url}/events", pair.name, pair.secret)
    sandbox.push_to(receiver)
    return receiver


def pushed(sandbox: Sandbox, clock: Clock, **disorder: Any) -> set[int]:
    statuses = sandbox.pusher.push(Disorder(**disorder))
    news.take_in(clock)
    return set(statuses)


# --- F62


def test_an_event_may_come_before_the_posts_own_answer(line, clock, sandbox, wired) -> None:
    """Evidence while it is being sent, then accepted by the answer: one move, not two."""
    seen: list[str] = []
    read = operations.receive_events

    def weighed_at_once(**facts: Any) -> Any:
        page = read(**facts)
        news.take_in(clock)
        seen.append(Submission.objects.get().state)
        return page

    operations_of_the_view = pytest.MonkeyPatch()
    operations_of_the_view.setattr("ropo_portal.submissions.operations.receive_events", weighed_at_once)
    sandbox.plan(fault="event-first")
    row = news.posted(line, clock)
    operations_of_the_view.undo()
    assert seen == [State.SENDING]
    assert row.state == State.ACCEPTED
    assert row.evidence.filter(kind="event", finding="there").count() == 1
    assert [move.to_state for move in row.transitions.all()] == ["queued", "sending", "accepted"]


def test_an_event_settles_an_answer_that_was_lost(line, clock, sandbox, wired) -> None:
    sandbox.plan(fault="reset-after", path="/jobs")
    row = news.posted(line, clock)
    assert row.state == State.UNCONFIRMED
    assert pushed(sandbox, clock) == {200}
    row.refresh_from_db()
    assert (row.state, row.next_look_up_at) == (State.ACCEPTED, None)
    assert row.ropo_job_id == str(sandbox.jobs(billnum=row.number)[0]["jobid"])
    news.read_again(clock)
    assert Entry.objects.filter(verb="submission.accepted").count() == 1


# --- F63


def test_every_disorder_has_one_effect(line, clock, sandbox, wired) -> None:
    rows = [news.posted(line, clock) for _ in range(3)]
    other = factories.make_environment(factories.make_creditor())
    news.staged(other, State.ACCEPTED, number="NOT-YOURS", changes={"ropo_job_id": "1"})
    news.pay(sandbox, rows[0].ropo_job_id, "20.00")
    disorder = {"repeat": 2, "size": 2, "is_reversed": True, "has_unknown_type": True, "has_unknown_job": True,
                "has_repeated_message": True}  # fmt: skip
    assert pushed(sandbox, clock, **disorder) == {200}
    own = StatusUpdate.objects.filter(submission__in=rows)
    assert own.exclude(kind="moon.phase").count() == 5
    assert own.filter(kind="moon.phase").exists()
    assert StatusUpdate.objects.filter(is_foreign=True, submission=None).exists()
    assert {incident.kind for incident in StatusIncident.objects.all()} == {"foreign"}
    assert StatusLine.objects.get(environment=line).alarm
    before = news.journal(), news.fates(), Entry.objects.count()
    news.read_again(clock)
    assert (news.journal(), news.fates(), Entry.objects.count()) == before


def test_500_in_a_batch_and_split(line, clock, sandbox, wired) -> None:
    with Caller(sandbox) as caller:
        caller.deliver(*(invoice() for _ in range(501)))
    assert pushed(sandbox, clock) == {200}
    sizes = [len(event_batch(bytes(page.body)).messages) for page in StatusPage.objects.all()]
    assert sizes == [500, 1]
    assert StatusUpdate.objects.count() == 501
    assert set(StatusUpdate.objects.values_list("submission", flat=True)) == {None}


def test_an_unknown_job_is_kept(line, clock, sandbox, wired) -> None:
    job = news.foreign_reminder(sandbox)
    assert pushed(sandbox, clock) == {200}
    [update] = StatusUpdate.objects.all()
    assert (update.job_id, update.submission, update.is_foreign) == (str(job["jobid"]), None, False)


def test_events_and_polls_are_one_journal(line, clock, sandbox, wired) -> None:
    row = news.posted(line, clock)
    news.pay(sandbox, row.ropo_job_id, "20.00")
    pushed(sandbox, clock)
    assert StatusUpdate.objects.for_submission(row).count() == 3
    assert not StatusUpdate.objects.payments().exists()
    news.heard(line, clock)
    assert {update.source for update in StatusUpdate.objects.for_submission(row)} == {"polled"}
    assert [update.amount for update in StatusUpdate.objects.payments()] == [Decimal("20.00")]


def test_a_forged_event_marks_nothing_paid_and_denies_nothing(line, clock, wired, live_server) -> None:
    """Somebody who has the secret can at most make us believe that something arrived."""
    import base64  # noqa: PLC0415
    import json  # noqa: PLC0415

    import requests  # noqa: PLC0415

    rejected = news.staged(line, State.REJECTED, number="R1")
    queued = news.staged(line, State.QUEUED, number="Q1")
    forged = [{"id": f"F{place}", "type": "payment", "billnum": number, "jobid": 5 + place, "data": {"amount": "999"}}
              for place, number in enumerate(("R1", "Q1"))]  # fmt: skip
    pair = base64.b64encode(f"{wired.username}:{wired.password}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}"}
    answer = requests.post(wired.url, data=json.dumps({"messages": forged}), headers=headers, timeout=10)
    assert answer.status_code == 200
    news.take_in(clock)
    for row, state in ((rejected, State.REJECTED), (queued, State.QUEUED)):
        row.refresh_from_db()
        assert row.state == state
    assert not StatusUpdate.objects.payments().exists()


# --- F65


def test_a_receiver_killed_after_its_commit_gets_the_batch_again(
    line, clock, sandbox, wired, monkeypatch
) -> None:
    row = news.posted(line, clock)
    died: list[str] = []

    def die_once(name: str) -> None:
        if name == "K16" and not died:
            died.append(name)
            raise SystemError(name)  # the answer is lost: Ropo sees a 500 and sends again

    monkeypatch.setattr(operations, "point", die_once)
    assert pushed(sandbox, clock) == {200}
    assert died == ["K16"]
    assert StatusPage.objects.count() == 2
    assert StatusUpdate.objects.for_submission(row).count() == 1


def test_the_token_way_works_too(line, clock, sandbox, wired, live_server) -> None:
    host = live_server.url
    sandbox.push_to(Receiver(wired.url, token_url=f"{host}/events/token", client_id=wired.username,
                             client_secret=wired.password, scope="events"))  # fmt: skip
    news.posted(line, clock)
    assert pushed(sandbox, clock) == {200}
    assert StatusUpdate.objects.count() == 1


# --- the guessed envelope


@pytest.mark.parametrize(("body", "ids"), [
    (b'{"created_at": "x", "messages": [{"id": 1}, {"id": 2}]}', ["1", "2"]),
    (b'[{"id": "a"}]', ["a"]),
    (b'{"result": {"events": [{"eventid": "a"}]}, "meta": [{"page": 1}]}', ["a"]),
    (b'{"id": "a", "type": "x"}', ["a"]),
    (b'{"data": {"id": "a"}}', []),
    (b'{"messages": []}', []),
    (b"5", []),
])  # fmt: skip
def test_messages_are_found_wherever_they_are(body, ids) -> None:
    assert [message.update_id for message in event_batch(body).messages] == ids


def test_messages_without_an_id_are_known_by_their_words(line, clock) -> None:
    batch = b'{"messages": [{"type": "x", "billnum": "1"}, {"type": "x", "billnum": "1"}, 7]}'
    found = event_batch(batch)
    assert found.unreadable == 1
    assert found.messages[0].update_id == found.messages[1].update_id
    page = StatusPage.objects.create(
        environment=line, source="event", received_at=clock.now, sha256="0" * 64, body=batch
    )
    assert interpretation.interpret(page, at=clock.now).new == 1
