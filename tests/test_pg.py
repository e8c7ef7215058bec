"""The throw-away server of a test run: it promises what production promises, and it does not outlive its run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "from tests import pg; import time; print(pg.find_database(), flush=True); time.sleep(60)"


@pytest.mark.pg
@pytest.mark.django_db
def test_the_server_reads_as_one_that_keeps_what_it_confirmed():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit')")
        assert cursor.fetchone() == ("on",)


@pytest.mark.pg
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_nothing_is_left_behind(ending):
    run = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    home = Path(run.stdout.readline().strip().partition("host=")[2])
    assert home.is_dir()
    os.kill(run.pid, ending)
    run.communicate(timeout=20)
    deadline = time.monotonic() + 10
    while home.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not home.exists()
