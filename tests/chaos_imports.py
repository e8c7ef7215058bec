"""`python -m tests.chaos_imports`: a real worker is killed while it reads a file, and again while it creates the invoices.

Uses DATABASE_URL as given (migrated here, and should be empty) and prints one JSON line.
"""

import argparse
import datetime as dt
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import chaos

# Long after a worker is taken for dead, in minutes.
LATER = 10


def main(arguments: list[str]) -> int:
    """Bring a file, kill, wait, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=5000)
    parser.add_argument("--patience", type=float, default=150.0)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        os.environ.update(chaos.SCALED | {"CELERY_BROKER_URL": "filesystem://"})
        os.environ |= {
            "CELERY_BELL_FOLDER": str(Path(folder, "bell")),
            "CELERY_QUEUE": f"chaos-{os.getpid()}",
        }
        import django  # noqa: PLC0415 -- the environment comes first

        django.setup()
        print(json.dumps(run(options, Path(folder))))
    return 0


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Return what there is after two murders."""
    from django.core.management import call_command  # noqa: PLC0415 -- after django.setup()

    call_command("migrate", verbosity=0)
    from django.utils import timezone  # noqa: PLC0415 -- after django.setup()

    from ropo_portal.imports.operations import start_creating, start_staging  # noqa: PLC0415 -- after django.setup()

    batch, actor = brought(folder, options.invoices)
    crew = chaos.Crew(1, folder)
    try:
        start_staging(batch=batch, actor=actor, at=timezone.now())
        read = killed_amid(batch, crew, batch.invoices.count, options)
        wait(lambda: again(batch).state == "staged", options)
        start_creating(batch=again(batch), typed=str(options.invoices), actor=actor, at=timezone.now())
        made = killed_amid(batch, crew, lambda: again(batch).created_count, options)
        wait(lambda: again(batch).state == "created", options)
    finally:
        crew.kill(0)
    return {"killed_at": [read, made], **counted(batch)}


def brought(folder: Path, count: int) -> Any:
    """Bring a file of invoices."""
    from django.utils import timezone  # noqa: PLC0415 -- after django.setup()

    from ropo_portal.demo.measuring import importing  # noqa: PLC0415 -- after django.setup()
    from ropo_portal.imports.operations import upload_import  # noqa: PLC0415 -- after django.setup()

    environment, actor = importing.make_creditor()
    importing.write_file(folder / "invoices.csv", count)
    content = (folder / "invoices.csv").read_bytes()
    batch = upload_import(
        environment=environment, name="invoices.csv", chunks=lambda: [content], actor=actor, at=timezone.now()
    )
    return batch, actor


def again(batch: Any) -> Any:
    """Read the import as it is now."""
    return type(batch).objects.get(pk=batch.pk)


def killed_amid(batch: Any, crew: chaos.Crew, count: Callable[[], int], options: argparse.Namespace) -> int:
    """Kill the worker when part of its work is stored; let time pass, and the sweep ring for another one."""
    from django.utils import timezone  # noqa: PLC0415 -- after django.setup()

    from ropo_portal.imports import tasks  # noqa: PLC0415 -- after django.setup()

    wait(lambda: count() > 0, options)
    crew.kill(0)
    left = count()
    moment = timezone.now() - dt.timedelta(minutes=LATER)
    type(batch).objects.filter(pk=batch.pk).update(moved_at=moment)
    crew.tend()
    tasks.sweep()
    return left


def wait(is_so: Callable[[], bool], options: argparse.Namespace) -> None:
    """Wait until something is so, and no longer than the patience lasts."""
    end = time.monotonic() + options.patience
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


def counted(batch: Any) -> dict[str, Any]:
    """Count everything that could be lost or doubled."""
    from ropo_portal.history.models import Entry  # noqa: PLC0415 -- after django.setup()
    from ropo_portal.imports.models import ImportedLines  # noqa: PLC0415 -- after django.setup()
    from ropo_portal.invoices.models import Invoice, InvoiceRow  # noqa: PLC0415 -- after django.setup()
    from ropo_portal.parties.models import Debtor  # noqa: PLC0415 -- after django.setup()

    found = again(batch)
    return {
        "counts": [found.new_count, found.created_count, found.error_count, found.line_count],
        "staged": [batch.invoices.count(), ImportedLines.objects.filter(imported__batch=batch).count()],
        "invoices": [Invoice.objects.count(), Invoice.objects.filter(imported__batch=batch).count()],
        "numbers": Invoice.objects.values("number_key").distinct().count(),
        "rows": InvoiceRow.objects.count(),
        "debtors": [Debtor.objects.count(), batch.debtors.count()],
        "told": Entry.objects.filter(verb="invoice.created").count(),
        "is_whole": Entry.objects.all().first_broken(batch.creditor_id) is None,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
