"""`python3 manage.py demo`: the whole portal on this machine, with invented data and a stand-in Ropo One."""

import contextlib
import fcntl
import logging
import os
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ropo_portal.demo import report, story, visit
from ropo_portal.demo.performance import Performance, is_settled
from ropo_portal.demo.processes import ChildEnded, Troop
from ropo_portal.demo.scene import add_arguments
from ropo_portal.submissions.models import Submission

WATCH_EVERY = 1.0


class Command(BaseCommand):
    """The demonstration."""

    help = "Start the whole portal with invented data and a stand-in Ropo One; Ctrl-C ends it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the scene's arguments."""
        add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until told to stop; with `--check` until everything is compared."""
        if not settings.DEMO:
            raise CommandError(
                "The demonstration runs in mode demo only: start it by `python3 manage.py demo`."
            )
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        # It tells at every bell that a folder has no host name.
        logging.getLogger("kombu.connection").setLevel(logging.ERROR)
        code = 0
        try:
            with only_one(options["folder"].absolute()) as folder, Troop(folder) as troop:
                code = self.perform(Performance(folder, self.stdout, troop), options)
        except (ChildEnded, visit.PageBroken) as trouble:
            self.stderr.write(f"\n{trouble}")
            code = 1
        except KeyboardInterrupt:
            with contextlib.suppress(OSError):  # the terminal may have been closed
                self.stdout.write("\nThe demonstration has ended.")
        except BrokenPipeError:  # nobody reads any more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 1
        sys.exit(code)

    def perform(self, performance: Performance, options: dict[str, Any]) -> int:
        """Make ready, start, post, tell; then check, or stay."""
        started = time.monotonic()
        self.stdout.write("Preparing the demonstration ...")
        performance.make_ready(keep=options["keep"])
        performance.start(port=options["port"])
        performance.seed_support() if options["empty"] else performance.seed()
        performance.wait_for_web()
        self.stdout.write(
            f"Ready after {time.monotonic() - started:.1f} s.\n{story.welcome(performance.web, only_support=options['empty'])}"
        )
        performance.post_all()
        if options["check"]:
            return self.compare(performance)
        if performance.written or options["keep"]:
            self.stdout.write(f"{story.table()}\n\n{story.tales(performance.web)}\n")
        self.stdout.write(f"  It runs until Ctrl-C. Logs are in {performance.folder}")
        self.stdout.flush()
        while True:
            performance.troop.check()
            time.sleep(WATCH_EVERY)

    def compare(self, performance: Performance) -> int:
        """Compare with the ledger, open pages, and close with the line of numbers."""
        performance.hurry()
        self.stdout.write(f"{story.table()}\n")
        numbers = list(Submission.objects.values_list("number", flat=True))
        opened = visit.look_around(performance.web, numbers=numbers, pages=story.pages_with_tales())
        self.stdout.write(f"  {opened} pages answered.")
        comparison = report.compare()
        for trouble in comparison.contradictions:
            self.stdout.write(f"  {trouble}")
        if not is_settled():
            self.stdout.write("  Not everything was settled in time.")
        self.stdout.write(comparison.closing_line)
        return 0 if comparison.is_clean and is_settled() else 1


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[Path]:
    """Keep a second demonstration out of the folder."""
    with Path(folder, "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"A demonstration is running in {folder} already; stop it first, or give --folder another place."
            raise CommandError(message) from None
        yield folder


def _interrupt(*_args: object) -> None:
    raise KeyboardInterrupt
