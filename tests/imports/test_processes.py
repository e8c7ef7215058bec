"""A real worker is killed in the middle of reading and in the middle of creating; nothing is lost, nothing comes twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.submissions.test_processes import database  # noqa: F401 -- a fixture

ROOT = Path(__file__).resolve().parents[2]
COUNT = 5000
ROWS = 3


@pytest.mark.process
@pytest.mark.timeout(400)
def test_a_killed_worker_loses_and_doubles_nothing(database):  # noqa: F811 -- the fixture
    command = [sys.executable, "-m", "tests.chaos_imports", "--invoices", str(COUNT)]
    environment = {**os.environ, "DATABASE_URL": database}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=380
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert all(0 < count < COUNT for count in report.pop("killed_at"))
    assert report == {
        "counts": [COUNT, COUNT, 0, COUNT * ROWS],
        "staged": [COUNT, COUNT],
        "invoices": [COUNT, COUNT],
        "numbers": COUNT,
        "rows": COUNT * ROWS,
        "debtors": [COUNT // 4, COUNT // 4],
        "told": COUNT,
        "is_whole": True,
    }
