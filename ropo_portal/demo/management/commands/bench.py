"""
Measurements on a database made for them: `manage.py bench import` and `manage.py bench pages`.

The import is measured beside COPY of files split beforehand and beside bulk_create, the pages beside their targets.
"""

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

from ropo_portal.accounts.models import User
from ropo_portal.demo.measuring import book, importing, pages, town

Work = Callable[[], Any]


class Command(BaseCommand):
    """Measurements that compare with something else in the same run."""

    help = (
        "Measure against the physical limit and what others would use, on a database made for it and dropped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to measure, and how much of it."""
        parser.add_argument("what", choices=["import", "pages"])
        parser.add_argument("--invoices", type=int, help="10,000 to import, 100,000 behind the pages")
        parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for")
        parser.add_argument("--only", default="", help="only pages with this in their name")
        parser.add_argument(
            "--keep", action="store_true", help="keep the pages' database, and use a kept one again"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make a database, measure, compare, drop the database."""
        old, keep = connection.settings_dict["NAME"], options["keep"]
        connection.settings_dict["NAME"] = apart(lambda: _made(keep=keep))["name"]
        try:
            if options["what"] == "pages":
                self._ask(options)
                return
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                self._measure(Path(folder), options["invoices"] or 10_000)
        finally:
            connection.creation.destroy_test_db(old, verbosity=0, keepdb=keep)

    def _ask(self, options: dict[str, Any]) -> None:
        """Build the town unless it was kept, and ask for its pages; the machine's load stands beside the figures."""
        if connection.vendor != "postgresql":
            raise CommandError("The pages are measured on PostgreSQL.")
        reader = User.objects.filter(name=town.READER).first()
        if reader is None:
            reader = town.Town(options["invoices"] or 100_000).build(self.stdout.write)
            book.count_everything()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        self.stdout.write(f"load {os.getloadavg()[0]:.1f}, {options['rounds']} rounds; milliseconds")
        self.stdout.write(f"{'':<28}{'p50':>8}{'p95':>8}{'CPU':>8}{'queries':>9}{'KiB':>7}  target")
        for page in pages.measured(reader, rounds=options["rounds"], only=options["only"]):
            numbers = f"{page.middle:8.1f}{page.slow:8.1f}{page.cpu:8.1f}{page.queries:9}{page.size:7.1f}"
            wish = f"  {page.target:g} {'kept' if page.is_kept else 'MISSED'}" if page.target else ""
            self.stdout.write(f"{page.name:<28}{numbers}{wish}")
        self.stdout.write(f"load {os.getloadavg()[0]:.1f}")

    def _measure(self, folder: Path, count: int) -> None:
        environment, user = importing.make_creditor()
        size = importing.write_file(folder / "invoices.csv", count)
        self.stdout.write(f"{count} invoices, 3 rows each, {size / 1e6:.1f} MB, on {connection.vendor}")
        ours = apart(lambda: importing.portal(folder, environment, user))
        self._say("this portal", count, ours)
        for part, (seconds, own, peak) in ours["parts"].items():
            self.stdout.write(
                f"    {part:<24}{seconds:8.2f} s   of which {own:6.2f} s are our own processor's; {peak:.0f} MiB"
            )
        if ours["created"] != count:
            raise CommandError(f"{ours['created']} of {count} invoices were created.")
        importing.split(folder)
        importing.empty()
        bulk = apart(lambda: importing.bulk_create(folder, environment, timezone.now()))
        self._say("bulk_create, unchecked", count, bulk, ours)
        if connection.vendor == "postgresql":
            importing.empty()
            limit = apart(lambda: importing.copy_in(folder))
            self._say("COPY of split files", count, limit, ours)
            is_kept = ours["seconds"] <= 3 * limit["seconds"] and ours["peak"] <= 150
            self.stdout.write("targets (3 x the limit, 150 MiB) " + ("kept" if is_kept else "MISSED"))

    def _say(self, name: str, count: int, found: dict[str, Any], ours: dict[str, Any] | None = None) -> None:
        ratio = f"   we take {ours['seconds'] / found['seconds']:.2f} x this" if ours else ""
        self.stdout.write(
            f"{name:<28}{found['seconds']:8.2f} s {count / found['seconds']:9.0f}/s {found['peak']:6.0f} MiB{ratio}"
        )


def _made(*, keep: bool) -> dict[str, str]:
    """Make the database, in a process that ends: what migrations leave in memory is not the import's."""
    creation = connection.creation
    return {"name": creation.create_test_db(verbosity=0, autoclobber=not keep, serialize=False, keepdb=keep)}


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
