"""`manage.py demo` as a newcomer starts it; whatever ends it, no process stays behind."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ropo_portal.demo import scene
from ropo_portal.demo.processes import ChildEnded, Troop

ROOT = Path(__file__).resolve().parents[2]
once = pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="the demonstration brings its own SQLite",
)
CLOSING = "demo: 26 accepted, 1 rejected, 0 unconfirmed, 2 held, 0 lost, 0 duplicated"
# What this test run has set for itself and the demonstration must find out alone.
OURS = {"ROPO_MODE", "DATABASE_URL", "SANDBOX_URL", *scene.HABITS}

SHORTER = {"SEND_DEADLINE": "5", "LOOK_UP_SCHEDULE": "2,4,6,8"}


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OURS} | SHORTER
    # The bootstrap would see to its own folder; here the packages are those of this run.
    command = [sys.executable, "-c", ENTRY, "demo", "--folder", str(folder), *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


ENTRY = """
import os, sys
from ropo_portal.demo import scene
scene.prepare(sys.argv[2:], os.environ)
os.environ["DJANGO_SETTINGS_MODULE"] = "ropo_portal.settings"
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def left_behind(folder: Path) -> list[str]:
    """Return the command lines of processes that were started for this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.fsencode(str(folder)) in process.joinpath("environ").read_bytes() and is_alive(process):
                found.append(process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def is_alive(process: Path) -> bool:
    return process.joinpath("stat").read_text().rpartition(")")[2].split()[0] != "Z"


def nobody_is_left(folder: Path, *, within: float = 15.0) -> bool:
    end = time.monotonic() + within
    while left_behind(folder) and time.monotonic() < end:
        time.sleep(0.2)
    return left_behind(folder) == []


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def folder(shared) -> Iterator[Path]:
    """Give one folder to all tests, as a newcomer would: only the first start collects and migrates."""
    yield shared
    assert nobody_is_left(shared)


def read_until(process: subprocess.Popen[str], word: str) -> str:
    said = ""
    for line in process.stdout or ():
        said += line
        if word in line:
            return said
    pytest.fail(f"{word!r} was never said:\n{said}")


@once
@pytest.mark.process
@pytest.mark.timeout(300)
def test_check_closes_with_true_numbers_and_finds_a_tampered_ledger(folder):
    process = start(folder, "--check")
    said, _ = process.communicate(timeout=280)
    assert process.returncode == 0, said
    assert said.rstrip("\n").rpartition("\n")[2] == CLOSING
    assert re.search(r"\d+ pages answered", said)
    assert left_behind(folder) == []
    a_tampered_ledger_is_found_out(folder)


def a_tampered_ledger_is_found_out(folder: Path) -> None:
    """Go on with the kept data, after one row was taken out of the ledger and another one doubled."""
    tamper(folder / "sandbox.sqlite3")
    process = start(folder, "--check", "--keep")
    said, _ = process.communicate(timeout=280)
    assert process.returncode == 1
    assert said.rstrip("\n").rpartition("\n")[2] == CLOSING.replace("0 lost, 0 dup", "1 lost, 1 dup"), said


def tamper(ledger: Path) -> None:
    with contextlib.closing(sqlite3.connect(ledger)) as database, database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        columns = [row[1] for row in database.execute("PRAGMA table_info(jobs)") if row[1] != "jobid"]
        names = ", ".join(columns)
        first, second = (row[0] for row in database.execute("SELECT jobid FROM jobs ORDER BY jobid LIMIT 2"))
        database.execute(f"INSERT INTO jobs ({names}) SELECT {names} FROM jobs WHERE jobid = ?", [first])  # noqa: S608
        database.execute("DELETE FROM jobs WHERE jobid = ?", [second])


@once
@pytest.mark.process
@pytest.mark.timeout(200)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_is_ended_nobody_is_left(folder, number):
    process = start(folder)
    read_until(process, "Ready after")
    assert len(left_behind(folder)) >= 4
    process.send_signal(number)
    said, _ = process.communicate(timeout=60)
    assert nobody_is_left(folder), said
    if number != signal.SIGKILL:
        assert process.returncode == 0
        assert "The demonstration has ended." in said


@once
@pytest.mark.process
@pytest.mark.timeout(200)
def test_a_child_that_cannot_start_is_named_with_the_end_of_its_log(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(folder, "--port", str(taken.getsockname()[1]))
        said, _ = process.communicate(timeout=180)
    assert process.returncode == 1
    assert "The web ended by itself" in said
    assert "Address already in use" in said or "Connection in use" in said
    assert left_behind(folder) == []


def test_an_ended_child_is_told_with_its_last_words(tmp_path):
    (tmp_path / "talker.log").touch()
    with Troop(tmp_path) as troop:
        troop.start("talker", "this_module_does_not_exist")
        troop.children[0].process.wait(30)
        with pytest.raises(ChildEnded, match="No module named this_module_does_not_exist"):
            troop.check()


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """A troop that ends ignores signals; the test run does not."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
