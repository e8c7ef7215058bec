"""Poller, reader and web process die while the sandbox tells; the journal has every piece of news once all the same."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import chaos_news
from tests.collection.conftest import make_claim
from tests.invoices.money import told
from tests.submissions.test_processes import ROOT, database

__all__ = ["database"]
WRONG = ("lost", "doubled", "wrong", "open", "foreign")


@pytest.mark.process
@pytest.mark.timeout(120)
def test_no_news_is_lost_or_doubled_when_its_readers_die(database):
    environment = {**os.environ, "DATABASE_URL": database}
    command = [sys.executable, "-m", "tests.chaos", "--news", "--jobs", "4", "--patience", "60"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=110
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert {word: report[word] for word in WRONG} == {word: [] for word in WRONG}, report
    assert report["point_kills"] == len(chaos_news.POINTS), report
    # The page that died between Ropo's queue and our table came back by asking for the day.
    assert report["pages"]["replay"] >= 1
    assert report["dead_turns"] >= 1
    assert done.returncode == 0


# The comparison itself can fail.


@pytest.fixture
def claim(environment):
    return make_claim(environment)


def ledger(*rows):
    names = ("statusid", "jobid", "billnum", "statustype", "amount")
    return [dict(zip(names, row, strict=True)) for row in rows]


def verdict(claim, *rows):
    found = chaos_news.compared(ledger(*rows), claim.environment)
    return {word: found[word] for word in WRONG if found[word]}


@pytest.mark.django_db
def test_the_comparison_sees_what_is_missing_altered_or_nobodys(claim):
    update = told(claim, "7.00", update_id="u1", job_id="1")
    claim.payment_reports.create(update=update, amount=7, created_at=update.at)
    true = ("u1", 1, claim.number, "payment", "7.0")
    assert verdict(claim, true) == {}
    assert verdict(claim, true, ("u2", 1, claim.number, "note", "")) == {"lost": ["u2"]}
    assert verdict(claim, ("u1", 1, claim.number, "payment", "7.01")) == {"wrong": ["u1"]}
    assert verdict(claim) == {"foreign": ["u1"], "open": ["u1"]}


@pytest.mark.django_db
def test_the_comparison_sees_money_that_was_not_counted(claim):
    told(claim, "7.00", update_id="u1", job_id="1")
    assert verdict(claim, ("u1", 1, claim.number, "payment", "7.0")) == {"open": ["u1"]}


def test_a_turn_that_stands_still_is_taken_for_dead(monkeypatch):
    freed = []
    rows = SimpleNamespace(filter=lambda **_by: SimpleNamespace(update=lambda **values: freed.append(values)))
    line = type(
        "Line", (), {"objects": rows, "pk": 1, "lease_key": "k", "lease_until": 1, "refresh_from_db": int}
    )()
    monkeypatch.setattr(chaos_news, "SILENCE", 0.0)
    silence = chaos_news.Silence(line)
    silence.look()
    silence.look()
    assert (len(freed), silence.count) == (1, 1)
