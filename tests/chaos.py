"""`python -m tests.chaos`: real workers post jobs to the sandbox while they are killed; the ledger tells the truth.

With `--news` they read what the sandbox tells instead: see `tests.chaos_news`.

Uses DATABASE_URL and CELERY_BROKER_URL as given (the database is migrated, and should be empty), prints one JSON
line, and exits with 1 when anything was lost, doubled or left open.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import chaos_news

POINTS = ("K3", "K6", "K7", "K8", "K10", "K11", "K12", "K13", "K14")
# Hours become seconds.
SCALED = {
    "ROPO_MODE": "test", "SEND_DEADLINE": "2", "SWEEP_GRACE": "1", "SWEEP_INTERVAL": "1",
    "LOOK_UP_SCHEDULE": "1,2,3", "LOOK_UP_PROMISE": "3", "LOG_LEVEL": "ERROR",
}  # fmt: skip
# Faults the seeded sandbox draws from: in pairs, so that no client can tell them apart.
POOL = ("reset-before", "reset-after", "close-before", "close-after", "500-before", "500-after", "503-before",
        "503-after", "empty-before", "empty-after", "refused-before")  # fmt: skip


def parsed(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=60)
    parser.add_argument("--kills-per-point", type=int, default=1)
    parser.add_argument("--group-kills", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--news", action="store_true", help="kill poller, reader and web process instead")
    parser.add_argument("--patience", type=float, default=120.0)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run, compare, report."""
    options = parsed(arguments)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        os.environ.update(SCALED)
        os.environ["KILL_FOLDER"] = str(Path(folder, "kills"))
        Path(os.environ["KILL_FOLDER"]).mkdir()
        os.environ.setdefault("CELERY_BROKER_URL", "filesystem://")
        os.environ["CELERY_BELL_FOLDER"] = str(Path(folder, "bell"))
        os.environ["CELERY_QUEUE"] = f"chaos-{os.getpid()}"
        report = (chaos_news.run if options.news else run)(options, Path(folder))
    print(json.dumps(report))
    wrong = ("lost", "doubled", "wrong", "open", "foreign")
    return 1 if any(report[word] for word in wrong) else 0


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Start the sandbox and the workers, post everything, kill on the way, wait, and count."""
    from ropo_portal.sandbox.server import running  # noqa: PLC0415 -- the environment comes first

    with running(
        ledger=folder / "ledger.sqlite3", seed=options.seed, rate=options.rate, pool=POOL
    ) as sandbox:
        os.environ["SANDBOX_URL"] = sandbox.url
        import django  # noqa: PLC0415 -- settings are read when Django wakes

        django.setup()
        ids = prepared(options)
        order_kills(options)
        started = time.monotonic()
        with workers(options, folder) as crew:
            kills = wait(options, ids, crew)
        report = compared(ids, sandbox) | {
            "group_kills": kills,
            "seconds": round(time.monotonic() - started, 1),
        }
    report["point_kills"] = len(POINTS) * options.kills_per_point - len(
        list(Path(os.environ["KILL_FOLDER"]).iterdir())
    )
    report["seed"] = options.seed
    return report


def prepared(options: argparse.Namespace) -> list[Any]:
    """Migrate, and queue the jobs."""
    from django.core.management import call_command  # noqa: PLC0415 -- after django.setup()

    call_command("migrate", verbosity=0)
    from tests import factories  # noqa: PLC0415 -- after django.setup()

    line = factories.make_environment(factories.make_creditor(), cid="1099001", apicode="Pihlaja-7421")
    sender = factories.make_user("sender", line.creditor)
    from django.utils import timezone  # noqa: PLC0415 -- after django.setup()

    return [
        factories.queue(line, number=f"C{n}", actor=sender, at=timezone.now()).pk for n in range(options.jobs)
    ]


def order_kills(options: argparse.Namespace) -> None:
    """Lay the orders to die at each point."""
    for point in POINTS:
        for turn in range(options.kills_per_point):
            Path(os.environ["KILL_FOLDER"], f"{point}.{turn}").touch()


class Crew:
    """Worker processes that are started again whenever they end."""

    def __init__(self, size: int, folder: Path) -> None:
        self.folder = folder
        self.members = [self.start(place) for place in range(size)]

    def start(self, place: int) -> subprocess.Popen[bytes]:
        """Start one worker; the first of them also keeps the beat."""
        beat = ["-B", "-s", str(self.folder / "beat")] if place == 0 else []
        command = [sys.executable, "-m", "celery", "-A", "ropo_portal", "worker", "-c", "2", "--loglevel", "ERROR",
                   "-n", f"w{place}-{time.monotonic_ns()}@%h", *beat]  # fmt: skip
        with Path(self.folder, f"worker{place}.log").open("ab") as log:
            return subprocess.Popen(command, start_new_session=True, stdout=log, stderr=log)

    def tend(self) -> None:
        """Start again what has ended."""
        for place, member in enumerate(self.members):
            if member.poll() is not None:
                self.members[place] = self.start(place)

    def kill(self, place: int) -> None:
        """Kill a worker and all its children at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.members[place].pid, signal.SIGKILL)
        self.members[place].wait()


@contextlib.contextmanager
def workers(options: argparse.Namespace, folder: Path) -> Iterator[Crew]:
    """Keep a crew for a while."""
    crew = Crew(options.workers, folder)
    try:
        yield crew
    finally:
        for place in range(len(crew.members)):
            crew.kill(place)


def wait(options: argparse.Namespace, ids: list[Any], crew: Crew) -> int:
    """Wait until everything is settled; kill whole workers on the way. Return how many were killed."""
    from ropo_portal.submissions.models import Submission  # noqa: PLC0415 -- after django.setup()

    dice, end, kills = random.Random(options.seed), time.monotonic() + options.patience, 0  # noqa: S311
    moving = Submission.objects.filter(pk__in=ids, state__in=["queued", "sending", "unconfirmed"])
    settled, next_kill = 0, options.jobs // (options.group_kills + 1)
    while time.monotonic() < end:
        left = moving.count()
        if not left:
            break
        settled = options.jobs - left
        if kills < options.group_kills and settled >= next_kill * (kills + 1):
            crew.kill(dice.randrange(options.workers))
            kills += 1
        crew.tend()
        time.sleep(0.2)
    return kills


def compared(ids: list[Any], sandbox: Any) -> dict[str, Any]:
    """Compare the portal's truth with the ledger's."""
    from ropo_portal.history.models import Entry  # noqa: PLC0415 -- after django.setup()
    from ropo_portal.submissions.models import Submission  # noqa: PLC0415 -- after django.setup()

    booked = Counter(str(job["billnum"]) for job in sandbox.jobs())
    rows = list(Submission.objects.filter(pk__in=ids))
    states = Counter(row.state for row in rows)
    wrong = [row.number for row in rows if not is_true(row, booked[row.number])]
    chain = Entry.objects.first_broken(rows[0].creditor_id)
    return {
        "states": dict(states),
        "lost": len(ids) - len(rows),
        "doubled": sum(count > 1 for count in booked.values()),
        "wrong": wrong + (["history"] if chain is not None else []),
        "open": sum(states[word] for word in ("queued", "sending", "unconfirmed")),
        "foreign": sorted(set(booked) - {row.number for row in rows}),
        "booked": sum(booked.values()),
        "attempts": sum(row.attempts.count() for row in rows),
    }


def is_true(row: Any, booked: int) -> bool:
    """Tell whether a submission's state agrees with what the ledger holds."""
    if row.state == "accepted":
        return booked == 1
    if row.state == "held":
        return row.held_reason == "maybe-sent" or booked == 0
    return row.state == "rejected" and booked == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
