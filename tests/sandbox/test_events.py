"""Events pushed to a receiver, in order and in disorder."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ropo_portal.sandbox import events
from ropo_portal.sandbox.events import Receiver
from ropo_portal.sandbox.server import running
from tests.sandbox.caller import Caller, invoice
from tests.sandbox.contract import check

SCHEMA = ("components", "schemas", "EventBatch")


class Inbox(BaseHTTPRequestHandler):
    """A receiver that remembers, and answers what the test has prepared."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, self.headers.get("Authorization"), body))
        status = self.server.statuses.pop(0) if self.server.statuses and self.path == "/events" else 200
        answer = json.dumps({"token_type": "Bearer", "access_token": "abc", "expires_in": 60}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def inbox():
    with ThreadingHTTPServer(("127.0.0.1", 0), Inbox) as server:
        server.calls, server.statuses = [], []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def receiver(inbox, sandbox, monkeypatch):
    monkeypatch.setattr(events, "PAUSES", (0.0, 0.0, 0.0))
    made = Receiver(f"http://127.0.0.1:{inbox.server_port}/events", "ropo", "secret")
    sandbox.push_to(made)
    return made


def batches(inbox):
    return [json.loads(body) for path, _, body in inbox.calls if path == "/events"]


def test_nothing_is_pushed_without_a_receiver(caller, sandbox):
    caller.deliver(invoice())
    assert sandbox.pusher.push() == []


def test_a_batch_bears_basic_credentials_and_is_sent_once(caller, sandbox, inbox, receiver):
    caller.deliver(invoice(), invoice())
    assert sandbox.pusher.push() == [200]
    assert sandbox.pusher.push() == []
    [batch] = batches(inbox)
    check(batch, *SCHEMA)
    assert [message["type"] for message in batch["messages"]] == ["comment", "comment"]
    assert inbox.calls[0][1] == "Basic " + base64.b64encode(b"ropo:secret").decode()


def test_a_token_is_fetched_with_client_credentials(caller, sandbox, inbox, receiver):
    host = receiver.url.removesuffix("/events")
    sandbox.push_to(
        Receiver(receiver.url, token_url=f"{host}/token", client_id="i", client_secret="s", scope="events")
    )
    caller.deliver(invoice())
    sandbox.pusher.push()
    assert inbox.calls[0][::2] == (
        "/token",
        b"grant_type=client_credentials&scope=events&client_id=i&client_secret=s",
    )
    assert inbox.calls[1][:2] == ("/events", "Bearer abc")


def test_batches_hold_500_at_most(caller, sandbox, inbox, receiver):
    caller.deliver(*(invoice() for _ in range(501)))
    sandbox.pusher.push()
    assert [len(batch["messages"]) for batch in batches(inbox)] == [500, 1]


@pytest.mark.parametrize(
    ("statuses", "answered", "calls", "left"),
    [([500, 503, 200], 200, 3, 0), ([500] * 4, 500, 4, 1), ([400], 400, 1, 0)],
)
def test_passing_faults_are_tried_again_and_refusals_are_not(
    caller, sandbox, inbox, receiver, statuses, answered, calls, left
):
    caller.deliver(invoice())
    inbox.statuses = list(statuses)
    assert sandbox.pusher.push() == [answered]
    assert len(batches(inbox)) == calls
    assert len(sandbox.pusher.push()) == left


def test_a_receiver_that_is_not_there_is_no_accident(caller, sandbox, receiver):
    sandbox.push_to(Receiver("http://127.0.0.1:9/events"))
    caller.deliver(invoice())
    assert sandbox.pusher.push() == [0]


def test_disorder_on_request(caller, inbox, receiver):
    caller.deliver(*(invoice() for _ in range(3)))
    wanted = {
        "repeat": 2, "size": 2, "is_reversed": True,
        "has_unknown_type": True, "has_unknown_job": True, "has_repeated_message": True,
    }  # fmt: skip
    assert caller.ask("POST", "/control/events", json=wanted).json() == {"statuses": [200] * 4}
    told = batches(inbox)
    assert told[0] == told[1]
    assert told[2] == told[3]
    ids = [message["id"] for message in told[0]["messages"]]
    assert ids[0] > ids[1] == ids[2]
    assert [message["type"] for message in told[0]["messages"]][3] == "moon.phase"
    assert told[0]["messages"][4]["billnum"] == "NOT-YOURS"


def test_the_control_page_names_the_receiver(caller, inbox):
    caller.deliver(invoice())
    body = {"url": f"http://127.0.0.1:{inbox.server_port}/events", "username": "u", "password": "p"}
    assert caller.ask("POST", "/control/events", json=body).json() == {"statuses": [200]}


def test_an_event_may_come_before_the_answer(caller, sandbox, inbox, receiver):
    sandbox.plan(fault="event-first")
    dataset = invoice()
    assert caller.deliver(dataset).status_code == 201
    assert batches(inbox)[0]["messages"][0]["billnum"] == dataset["billnum"]


def test_events_can_flow_by_themselves(tmp_path, inbox):
    with running(ledger=tmp_path / "flowing", push_every=0.02) as sandbox, Caller(sandbox) as caller:
        sandbox.push_to(Receiver(f"http://127.0.0.1:{inbox.server_port}/events"))
        caller.deliver(dataset := invoice())
        end = time.monotonic() + 5
        while not batches(inbox) and time.monotonic() < end:
            time.sleep(0.01)
    assert [message["billnum"] for message in batches(inbox)[0]["messages"]] == [dataset["billnum"]]
