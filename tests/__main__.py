"""`python -m tests [-- ARGS]`: the whole suite on PostgreSQL, then on SQLite; what follows `--` reaches pytest.

The second leg leaves out what asks no database, and what only stands on one: it would prove the same thing twice.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import copies, pg

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = "ropo_portal.settings"
NO_TESTS_FOUND = 5  # pytest's own code; a path given after `--` may hold nothing for one of the two legs
# Two at a time where a test keeps to itself; one after the other where it starts servers or a browser, whose
# pages do not depend on the kind of database. Those mostly wait, so the second leg works beside them.
TOGETHER = ["-n", "2", "-m", "not browser and not process"]
Run = tuple[str, list[str]]
# Steps follow each other, the lanes of a step run side by side, the runs of a lane follow each other.
STEPS: list[list[list[Run]]] = [
    [[("PostgreSQL", TOGETHER)]],
    [
        [("PostgreSQL", ["-m", "browser or process"]), ("SQLite", ["-m", "process and not browser"])],
        [("SQLite", TOGETHER)],
    ],
]
CLOSING_LINE = re.compile(r"\d+ (?:passed|failed|error|skipped|deselected)[^\n]* in [\d.]+s")


def main(arguments: list[str]) -> int:
    arguments = [word for word in arguments if word != "--"]
    given = os.environ.get("DATABASE_URL", "")
    server = "" if given else pg.find_database()
    copies.offer(server)
    legs = {"PostgreSQL": given or server, "SQLite": "sqlite://:memory:"}
    if legs["PostgreSQL"].startswith("sqlite"):
        legs = {"SQLite": legs["PostgreSQL"]}
    elif not arguments:
        begin_copy(legs["SQLite"])
    started, failed, counts = time.monotonic(), [], dict.fromkeys(("passed", "failed", "error", "skipped"), 0)
    rows_only = len(legs) > 1 and not arguments
    for step in [[[(name, arguments)]] for name in legs] if arguments else STEPS:
        for name, returncode, closing in run_step(step, legs, rows_only=rows_only):
            if returncode not in {0, NO_TESTS_FOUND}:
                failed.append(name)
            for word in counts:
                found = re.search(rf"(\d+) {word}", closing)
                counts[word] += int(found[1]) if found else 0
    bad = counts["failed"] + counts["error"]
    took = time.monotonic() - started
    print(f"\n{' and '.join(legs)} together, {counts['skipped']} skipped, {took:.0f} s")
    print(f"{counts['passed']} passed, {bad or len(failed)} failed")
    return 1 if failed else 0


def begin_copy(database: str) -> None:
    """Migrate for the second leg while the first one does: its workers wait for each other then."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "ROPO_MODE": "test",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }
    subprocess.Popen([sys.executable, "-m", "tests.copies"], cwd=ROOT, env=environment)


def run_step(step: list[list[Run]], legs: dict[str, str], *, rows_only: bool) -> list[tuple[str, int, str]]:
    """Run the lanes of a step; the first shows its output as it comes, the others when they are done."""

    def follow(lane: list[Run], show: Callable[[str], object]) -> list[tuple[str, int, str]]:
        ended = []
        for name, part in lane:
            if name in legs:
                show(f"\n=== {name}: pytest {' '.join(part)} ===\n")
                is_second = rows_only and name == "SQLite"
                ended.append((name, *run_leg(legs[name], part, show, rows_only=is_second)))
        return ended

    kept: list[list[str]] = [[] for _lane in step[1:]]
    with ThreadPoolExecutor() as threads:
        beside = [
            threads.submit(follow, lane, lines.append) for lane, lines in zip(step[1:], kept, strict=True)
        ]
        ended = follow(step[0], shown)
        for lane, lines in zip(beside, kept, strict=True):
            ended += lane.result()
            shown("".join(lines))
    return ended


def shown(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def run_leg(
    database: str, arguments: list[str], show: Callable[[str], object], *, rows_only: bool = False
) -> tuple[int, str]:
    """Run pytest once, let its output through as it comes, and return its code and its closing line."""
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONUNBUFFERED": "1"}
    if rows_only:
        environment["ROWS_ONLY"] = "1"
    color = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "pytest", *color, *arguments]
    closing = ""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            show(line)
            if CLOSING_LINE.search(line):
                closing = line
    return process.returncode, closing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
