"""`manage.py bench import`: our import beside COPY of files split beforehand and beside bulk_create, on one empty database."""

import json
import os
import resource
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.utils import timezone

from ropo_portal.imports.management import measuring

Work = Callable[[], Any]


class Command(BaseCommand):
    """Measurements that compare with something else in the same run."""

    help = (
        "Measure against the physical limit and what others would use, on a database made for it and dropped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to measure, and how much of it."""
        parser.add_argument("what", choices=["import"])
        parser.add_argument("--invoices", type=int, default=10_000)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make a database, measure, compare, drop the database."""
        old = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                self._measure(Path(folder), options["invoices"])
        finally:
            connection.creation.destroy_test_db(old, verbosity=0)

    def _measure(self, folder: Path, count: int) -> None:
        environment, user = measuring.make_creditor()
        size = measuring.write_file(folder / "invoices.csv", count)
        self.stdout.write(f"{count} invoices, 3 rows each, {size / 1e6:.1f} MB, on {connection.vendor}")
        ours = apart(lambda: measuring.portal(folder, environment, user))
        self._say("this portal", count, ours)
        for part, seconds in ours["parts"].items():
            self.stdout.write(f"    {part:<24}{seconds:8.2f} s")
        if ours["created"] != count:
            raise CommandError(f"{ours['created']} of {count} invoices were created.")
        measuring.split(folder)
        measuring.empty()
        bulk = apart(lambda: measuring.bulk_create(folder, environment, timezone.now()))
        self._say("bulk_create, unchecked", count, bulk, ours)
        if connection.vendor == "postgresql":
            measuring.empty()
            limit = apart(lambda: measuring.copy_in(folder))
            self._say("COPY of split files", count, limit, ours)
            is_kept = ours["seconds"] <= 3 * limit["seconds"] and ours["peak"] <= 150
            self.stdout.write("targets (3 x the limit, 150 MiB) " + ("kept" if is_kept else "MISSED"))

    def _say(self, name: str, count: int, found: dict[str, Any], ours: dict[str, Any] | None = None) -> None:
        ratio = f"   we take {ours['seconds'] / found['seconds']:.2f} x this" if ours else ""
        self.stdout.write(
            f"{name:<28}{found['seconds']:8.2f} s {count / found['seconds']:9.0f}/s {found['peak']:6.0f} MiB{ratio}"
        )


def apart(work: Work) -> dict[str, Any]:
    """Run something in a process of its own, and return what it says with its seconds and its peak of memory."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _report(work, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    found: dict[str, Any] = json.loads(said or '{"error": "the process died"}')
    if "error" in found:
        raise CommandError(found["error"])
    return found


def _report(work: Work, writing: int) -> None:
    try:
        start = time.monotonic()
        found = work() or {}
        seconds = time.monotonic() - start
        peak = max(
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        text = json.dumps({**found, "seconds": seconds, "peak": peak / 1024})
    except Exception as error:  # noqa: BLE001 -- whatever it was, the parent must hear of it
        text = json.dumps({"error": f"{type(error).__name__}: {error}"})
    with os.fdopen(writing, "w") as pipe:
        pipe.write(text)
    connections.close_all()
    os._exit(0)
