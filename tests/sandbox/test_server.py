"""Starting, serving side by side, stopping, and beginning again where it ended."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from ropo_portal.sandbox.launch import add_arguments, main
from ropo_portal.sandbox.options import Options, WrongOption, accounts_from
from ropo_portal.sandbox.server import running
from tests.sandbox.caller import Caller, invoice

ROOT = Path(__file__).parents[2]


def sandbox_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("sandbox")]


def test_stopping_leaves_no_thread_even_with_calls_under_way(tmp_path):
    with running(ledger=tmp_path / "ledger") as sandbox, Caller(sandbox) as caller:
        sandbox.plan(fault="never-after:60", times=3)
        callers = [threading.Thread(target=silent, args=(caller,)) for _ in range(3)]
        for each in callers:
            each.start()
        wait_for(lambda: len(sandbox.jobs()) == 3)
        start = time.monotonic()
    assert time.monotonic() - start < 5
    for each in callers:
        each.join(2)
    assert sandbox_threads() == []


def silent(caller):
    headers = caller.headers
    body = {"datastream": {"dataset": [invoice()]}}
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{caller.sandbox.url}/rest/jobs", json=body, headers=headers, timeout=30)


def wait_for(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_many_callers_at_once_lose_nothing(tmp_path):
    with running(ledger=tmp_path / "ledger") as sandbox, Caller(sandbox) as caller:
        body = [{"datastream": {"dataset": [invoice()]}} for _ in range(40)]

        def send(start):
            for each in body[start::8]:
                assert requests.post(
                    f"{sandbox.url}/rest/jobs", json=each, headers=caller.headers, timeout=10
                ).ok

        threads = [threading.Thread(target=send, args=(start,)) for start in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len({job["billnum"] for job in sandbox.jobs()}) == len(sandbox.jobs()) == 40


def test_a_restart_goes_on_with_ledger_tokens_and_clock(tmp_path):
    with running(ledger=tmp_path / "ledger") as first, Caller(first) as caller:
        caller.deliver(invoice())
        first.advance(days=3)
        headers = Caller(first)
        token = headers.log_in().json()["token"]
        headers.session.close()
    with running(ledger=tmp_path / "ledger") as second:
        answer = requests.get(
            f"{second.url}/rest/jobs/statusupdates", headers={"Authorization": f"Bearer {token}"}, timeout=5
        )
        assert answer.status_code == 200
        assert len(second.jobs()) == 1
        assert second.clock.offset.days in {2, 3}


def speak(sandbox, data):
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=3) as raw:
        raw.sendall(data)
        raw.shutdown(socket.SHUT_WR)
        parts = []
        while part := raw.recv(65536):
            parts.append(part)
        return b"".join(parts)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"hello\r\n\r\n", b"400"),
        (b"GET / HTTP/2\r\n\r\n", b"400"),
        (b"POST /rest/jobs HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"400"),
        (b"x" * 70_000, b"400"),
        (b"GET /rest/jobs HTTP/1.0\r\n\r\n", b"401"),
    ],
)
def test_strange_words_are_answered_and_the_server_lives(sandbox, words, status):
    assert speak(sandbox, words).split(b" ")[1] == status
    assert requests.get(f"{sandbox.url}/control", timeout=5).status_code == 200


def test_half_a_body_registers_nothing(sandbox, caller):
    whole = requests.Request(
        "POST",
        f"{sandbox.url}/rest/jobs",
        json={"datastream": {"dataset": [invoice()]}},
        headers=caller.headers,
    )
    prepared = whole.prepare()
    head = "".join(f"{name}: {value}\r\n" for name, value in prepared.headers.items())
    sent = f"POST /rest/jobs HTTP/1.1\r\n{head}\r\n".encode() + prepared.body
    for size in (len(sent) - 1, len(sent) - 100, len(sent) // 2, 20):
        assert speak(sandbox, sent[:size]) == b""
    assert sandbox.jobs() == []
    assert b"201 Created" in speak(sandbox, sent)
    assert len(sandbox.jobs()) == 1


def test_a_body_may_come_in_chunks_and_after_a_promise(sandbox, caller):
    body = (part for part in (b'{"datastream": ', b'{"dataset": []}}'))
    assert caller.ask("POST", "/jobs", data=body).status_code == 400
    words = b"POST /rest/token HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"
    assert speak(sandbox, words).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400")


def test_options_refuse_what_they_do_not_know():
    with pytest.raises(WrongOption):
        Options(profile="none")
    with pytest.raises(WrongOption):
        Options().change({"moon": 1})


def test_accounts_may_come_from_a_file(tmp_path):
    (tmp_path / "accounts.json").write_text('[{"cid": 7, "apicode": "k", "country": "se"}]')
    [account] = accounts_from(tmp_path / "accounts.json")
    assert (account.cid, account.apicode, account.currency) == ("7", "k", "SEK")


def started(arguments, announcement):
    environment = os.environ | {"ROPO_MODE": "test"}
    process = subprocess.Popen(
        [sys.executable, *arguments, "--announce", str(announcement)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_for(announcement.exists, seconds=60)
    return process


@pytest.mark.parametrize("way", [["-m", "ropo_portal.sandbox"], ["manage.py", "sandbox"]])
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_as_a_process_it_announces_itself_and_stops_politely(tmp_path, way, end):
    arguments = [*way, "--ledger", str(tmp_path / "ledger"), "--account", "7:k:NO", "--profile", "counts"]
    process = started(arguments, tmp_path / "address")
    url = (tmp_path / "address").read_text().strip()
    assert requests.post(f"{url}/rest/token", json={"cid": "7", "apicode": "k"}, timeout=5).status_code == 201
    assert requests.get(f"{url}/control/options", timeout=5).json()["profile"] == "counts"
    process.send_signal(end)
    out, errors = process.communicate(timeout=30)
    assert (process.returncode, out.strip(), errors) == (0, url, "")


def test_the_command_line_explains_itself(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["sandbox", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert "--ledger" in capsys.readouterr().out
    assert callable(add_arguments)
