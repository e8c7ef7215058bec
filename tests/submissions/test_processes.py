"""Real workers die at every point of the protocol; afterwards portal and ledger tell the same story."""

import contextlib
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import environ
import psycopg
import pytest

from tests import chaos, factories
from tests.invoices.settling import settle

ROOT = Path(__file__).resolve().parents[2]
JOBS = 30


@pytest.fixture
def database(tmp_path) -> Iterator[str]:
    """Give the address of an empty database of the kind this run uses."""
    given = os.environ["DATABASE_URL"]
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'chaos.sqlite3'}"
        return
    name = f"chaos_{uuid.uuid4().hex[:12]}"
    with contextlib.closing(server(given)) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(given)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def server(address: str) -> psycopg.Connection:
    found = environ.Env.db_url_config(address)
    words = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    place = {word: str(found[name]) for name, word in words.items() if found.get(name)}
    return psycopg.connect(autocommit=True, **{**found.get("OPTIONS", {}), **place})


@pytest.mark.process
@pytest.mark.timeout(400)
def test_nothing_is_lost_or_doubled_when_workers_die_at_every_point(database, tmp_path):
    environment = {**os.environ, "DATABASE_URL": database}
    command = [sys.executable, "-m", "tests.chaos", "--jobs", str(JOBS), "--patience", "240"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=380
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    told = {word: report[word] for word in ("lost", "doubled", "wrong", "open", "foreign")}
    assert told == {"lost": 0, "doubled": 0, "wrong": [], "open": 0, "foreign": []}, report
    assert report["point_kills"] == len(chaos.POINTS), report
    assert sum(report["states"].values()) == JOBS
    assert report["attempts"] >= report["booked"] > 0
    assert done.returncode == 0


# The comparison itself can fail: a ledger that was tampered with is always found out.


@pytest.fixture
def ended(environment) -> list:
    """Give three submissions: accepted, accepted, rejected."""
    rows = [factories.queue(environment, number=f"C{number}") for number in range(3)]
    for row, state in zip(rows, ("accepted", "accepted", "rejected"), strict=True):
        settle(row, state)
    return rows


def told(ended: list, *numbers: str, ids: list | None = None) -> dict:
    ledger = SimpleNamespace(jobs=lambda: [{"billnum": number} for number in numbers])
    return chaos.compared(ids or [row.pk for row in ended], ledger)


def test_a_true_ledger_agrees(ended):
    report = told(ended, "C0", "C1")
    assert [report[word] for word in ("lost", "doubled", "wrong", "open", "foreign")] == [0, 0, [], 0, []]


def test_an_accepted_job_that_is_missing_is_wrong(ended):
    assert told(ended, "C0")["wrong"] == ["C1"]


def test_a_job_booked_twice_is_doubled(ended):
    report = told(ended, "C0", "C1", "C1")
    assert (report["doubled"], report["wrong"]) == (1, ["C1"])


def test_a_rejected_job_that_is_booked_is_wrong(ended):
    assert told(ended, "C0", "C1", "C2")["wrong"] == ["C2"]


def test_a_job_nobody_posted_is_foreign(ended):
    assert told(ended, "C0", "C1", "X9")["foreign"] == ["X9"]


def test_a_row_that_is_gone_is_lost(ended):
    assert told(ended, "C0", "C1", ids=[*(row.pk for row in ended), uuid.uuid4()])["lost"] == 1


def test_what_never_ended_is_open(ended, environment):
    waiting = factories.queue(environment, number="C3")
    assert told([*ended, waiting], "C0", "C1")["open"] == 1
