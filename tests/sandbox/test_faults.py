"""Every fault plays, and the ledger says truly whether the call was booked."""

import json
import socket
import time
from urllib.parse import urlsplit

import pytest

from ropo_portal.sandbox.faults import AFTER, BEFORE, FAULTS, SPECIAL, UNREAD
from tests.sandbox.caller import booked, deliver, invoice

QUICK = {
    "never": "0.2",
    "late": "0.05",
    "drip": "0",
    "blanks": "0",
    "huge": "1",
    "gzip-bomb": "3",
    "slow-read": "100000",
}
BROKEN = ("reset", "close", "never", "cut-body", "garbage")


def stem(name):
    return name.removesuffix("-before").removesuffix("-after").removesuffix("-unread")


def order(name):
    argument = QUICK.get(stem(name))
    return f"{name}:{argument}" if argument else name


@pytest.mark.parametrize("name", FAULTS)
def test_plays_and_the_ledger_is_right(shared, shared_caller, name):
    start = time.monotonic()
    answer, billnum = deliver(shared_caller, order(name))
    assert time.monotonic() - start < 10
    expected = {BEFORE: 0, AFTER: 1}.get(FAULTS[name].when, 0 if name in UNREAD else 1)
    assert booked(shared, billnum) == (2 if name == "double-booking" else expected)
    if stem(name) != "cut":  # this client takes "HTTP/1.1 201" for an answer
        assert (answer is None) == (stem(name) in BROKEN)
    if answer is not None and (number := stem(name).partition("-")[0]).isdigit():
        assert answer.status_code == int(number)
    noted = [each["fault"] for each in shared.requests("/jobs") if each["billnum"] in ("", billnum)]
    assert order(name) in noted


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.when != SPECIAL])
def test_comes_in_a_pair_that_looks_alike(name):
    partner = (
        name.replace("-before", "-after") if name.endswith("-before") else name.replace("-after", "-before")
    )
    assert FAULTS[partner].play is FAULTS[name].play


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("count-two", 2),
        ("count-negative", -1),
        ("count-string", "1"),
        ("count-true", True),
        ("count-float", 1.5),
        ("count-zero", 0),
    ],
)
def test_counts_that_are_wrong(shared_caller, name, count, when):
    told = deliver(shared_caller, f"{name}-{when}")[0].json()["accepted"]
    assert (told, type(told)) == (count, type(count))


def test_replies_that_contradict_themselves(shared_caller):
    assert "accepted" not in deliver(shared_caller, "count-missing-after")[0].json()
    with_error = deliver(shared_caller, "accepted-with-error-after")[0].json()
    assert (with_error["accepted"], len(with_error["errors"])) == (1, 1)
    answer, billnum = deliver(shared_caller, "zero-without-text-after")
    assert answer.json() == {"accepted": 0, "jobs": [], "errors": [{"billnum": billnum}]}
    answer, billnum = deliver(shared_caller, "foreign-number-after")
    assert answer.json()["jobs"][0]["billnum"] == "FOREIGN-1" != billnum
    assert "duplicate" in deliver(shared_caller, "refused-duplicate-after")[0].text


def test_bodies_that_are_no_good_json(shared_caller):
    seen = {
        name: deliver(shared_caller, f"{name}-after")[0].content
        for name in ("bom", "latin", "nan", "twice-keys", "array")
    }
    assert seen["bom"].startswith(b"\xef\xbb\xbf{")
    assert "hyväksytty".encode("latin-1") in seen["latin"]
    assert b"NaN" in seen["nan"]
    assert seen["twice-keys"].count(b'"accepted"') == 2
    assert seen["array"].startswith(b"[")
    for name in ("malformed", "truncated", "html", "empty"):
        answer = deliver(shared_caller, f"{name}-after")[0]
        assert answer.status_code == 201
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            json.loads(answer.content)
    with pytest.raises(RecursionError):
        json.loads(deliver(shared_caller, "deep-after")[0].content)


def test_bodies_that_are_too_large(shared_caller):
    assert len(deliver(shared_caller, "huge-after:3")[0].content) > 3_000_000
    bomb = deliver(shared_caller, "gzip-bomb-after:3")[0]
    assert int(bomb.headers["Content-Length"]) < 10_000
    assert len(bomb.content) == 3_000_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("429-before", None),
        ("429-retry-before:7", "7"),
        ("503-retry-after:9", "9"),
        ("429-absurd-after", "99999999999"),
        ("429-absurd-after:soon", "soon"),
    ],
)
def test_when_to_come_back(shared_caller, name, value):
    assert deliver(shared_caller, name)[0].headers.get("Retry-After") == value


def test_when_to_come_back_as_a_date(shared_caller):
    assert deliver(shared_caller, "429-date-before:60")[0].headers["Retry-After"].endswith(" GMT")


@pytest.mark.parametrize("number", [301, 302, 307, 308])
def test_a_redirect_leads_to_a_trap_that_remembers(sandbox, caller, number):
    assert deliver(caller, f"{number}-after")[0].headers["Location"] == "/trap"
    elsewhere = deliver(caller, f"{number}-before:http://127.0.0.1:9/x")[0]
    assert elsewhere.headers["Location"] == "http://127.0.0.1:9/x"
    assert not [each for each in sandbox.requests() if each["path"] == "/trap"]
    caller.session.post(f"{sandbox.url}/trap", json={}, timeout=3)
    assert [each for each in sandbox.requests() if each["path"] == "/trap"]


def test_a_double_booking_answers_as_if_once(shared, shared_caller):
    answer, billnum = deliver(shared_caller, "double-booking")
    assert answer.json()["accepted"] == 1
    assert booked(shared, billnum) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_can_be_cut_after_any_byte(shared, shared_caller, when):
    """All bytes but the last are never the whole answer; what is booked does not depend on them."""
    for size in (0, 1, 9, 17, 60, 150, 190):
        answer, billnum = deliver(shared_caller, f"cut-{when}:{size}")
        assert answer is None or len(answer.content) < 100
        assert booked(shared, billnum) == (when == "after")


def test_a_reset_is_a_reset_and_a_close_is_a_close(shared, shared_caller):
    """Seen from a bare socket, where no client library interprets it."""

    def played(fault):
        body = json.dumps({"datastream": {"dataset": [invoice()]}}).encode()
        lines = [
            "POST /rest/jobs HTTP/1.1",
            "Host: x",
            f"Content-Length: {len(body)}",
            f"X-Sandbox-Fault: {fault}",
        ]
        lines.append(f"Authorization: {shared_caller.headers['Authorization']}")
        address = urlsplit(shared.url)
        with socket.create_connection((address.hostname, address.port), timeout=3) as raw:
            raw.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            return raw.recv(100)

    for name in ("reset-before", "reset-after"):
        with pytest.raises(ConnectionResetError):
            played(name)
    assert played("close-before") == played("close-after") == b""
    assert played("garbage-after").startswith(b"\x15\x03")


def test_slow_reading_is_slow(shared, shared_caller):
    start = time.monotonic()
    answer, billnum = deliver(shared_caller, "slow-read:2000")
    assert time.monotonic() - start > 0.1
    assert (answer.status_code, booked(shared, billnum)) == (201, 1)
