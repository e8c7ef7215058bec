"""`python -m tests.chaos --news`: poller, reader and web process die while Ropo tells; nothing told is lost or doubled.

The sandbox hands out each page of news once and pushes the same news as events. Whatever was killed in between, the
journal must hold every piece once in effect, word for word as the ledger has it, and every payment once.
"""

import argparse
import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

# After a page was read and before it is kept; kept and the next not asked for; written down and not noted as read;
# and an event batch kept and not answered.
POINTS = ("K15", "K17", "K18", "K16")
PAGE = 5
PAYMENTS = 8
SCALED = {"POLL_INTERVAL": "1", "REFRESH_INTERVAL": "3600"}
# A turn that nobody has prolonged for so long is taken for dead; five minutes in life.
SILENCE = 1.5
CID, APICODE = "1099001", "Pihlaja-7421"


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Let the sandbox tell of payments, kill on the way, wait until everything is told, and compare."""
    from ropo_portal.sandbox import lookups  # noqa: PLC0415 -- the environment comes first
    from ropo_portal.sandbox.server import running  # noqa: PLC0415 -- likewise

    lookups.PAGE = PAGE
    os.environ.update(SCALED)
    with running(ledger=folder / "ledger.sqlite3", seed=options.seed) as sandbox:
        os.environ["SANDBOX_URL"] = sandbox.url
        import django  # noqa: PLC0415 -- settings are read when Django wakes

        django.setup()
        line = prepared(options, sandbox)
        started = time.monotonic()
        order_kills(options)
        with web(folder) as port, crew(options, folder) as workers:
            lost_pages = listen(options, sandbox, line, port, workers)
        report = compared(sandbox.ledger.rows("SELECT * FROM updates"), line.environment)
    left = len(list(Path(os.environ["KILL_FOLDER"]).iterdir()))
    return report | {
        "point_kills": len(POINTS) * options.kills_per_point - left,
        "dead_turns": lost_pages,
        "seconds": round(time.monotonic() - started, 1),
        "seed": options.seed,
    }


def prepared(options: argparse.Namespace, sandbox: Any) -> Any:
    """Migrate; register claims at the sandbox, and let their debtors pay in small sums."""
    from django.core.management import call_command  # noqa: PLC0415 -- after django.setup()
    from django.utils import timezone  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    from ropo_portal.submissions import delivery, polling  # noqa: PLC0415
    from ropo_portal.submissions.models import Kind  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415
    from tests.collection.conftest import make_claim  # noqa: PLC0415

    where = factories.make_environment(factories.make_creditor(), cid=CID, apicode=APICODE)
    actor, debtor = factories.make_user("sender", where.creditor), factories.make_debtor(where.creditor)
    for number in range(options.jobs):
        make_claim(where, debtor, number=f"N{number}", reference=f"90{number}")
        row = factories.queue(where, number=f"N{number}", kind=Kind.REMINDER, actor=actor, at=timezone.now())
        delivery.deliver(row.pk, clock=timezone.now)
    return polling.line_of(where)


def order_kills(options: argparse.Namespace) -> None:
    """Lay the orders to die at each point."""
    for point in POINTS:
        for turn in range(options.kills_per_point):
            Path(os.environ["KILL_FOLDER"], f"{point}.{turn}").touch()


def pay(sandbox: Any, job: Any, amount: Decimal) -> None:
    """Let the debtor of a job pay to Ropo One."""
    body = json.dumps({"jobid": job["jobid"], "amount": str(amount)}).encode()
    asked = urllib.request.Request(f"{sandbox.url}/control/pay", data=body)  # noqa: S310 (our own stand-in)
    asked.add_header("Content-Type", "application/json")
    urllib.request.urlopen(asked, timeout=10).read()  # noqa: S310 (our own stand-in)


def listen(options: argparse.Namespace, sandbox: Any, line: Any, port: int, workers: Any) -> int:
    """Pay on while things die; return how many turns nobody ended."""
    point_at_portal(sandbox, line, port)
    payments = [(job, turn) for turn in range(PAYMENTS) for job in sandbox.jobs()]
    end, dead, told = time.monotonic() + options.patience, Silence(line), 0
    while time.monotonic() < end:
        for job, turn in payments[told : told + PAGE]:
            pay(sandbox, job, Decimal(turn + 1))
        told += PAGE
        sandbox.pusher.push()
        dead.look()
        workers.tend()
        if (
            told >= len(payments)
            and is_quiet(sandbox, line)
            and not any(Path(os.environ["KILL_FOLDER"]).iterdir())
        ):
            break
        time.sleep(0.2)
    return dead.count


class Silence:
    """Lets five minutes pass for a turn whose owner was killed: nobody prolongs it any more."""

    def __init__(self, line: Any) -> None:
        self.line, self.count, self._seen, self._since = line, 0, ("", None), 0.0

    def look(self) -> None:
        """Free the line when the same turn has stood still for too long."""
        self.line.refresh_from_db()
        now = (self.line.lease_key, self.line.lease_until)
        if now != self._seen:
            self._seen, self._since = now, time.monotonic()
        elif self.line.lease_key and time.monotonic() - self._since > SILENCE:
            type(self.line).objects.filter(pk=self.line.pk, lease_key=self.line.lease_key).update(
                lease_until=dt.datetime.now(dt.UTC)
            )
            self.count, self._since = self.count + 1, time.monotonic()


def is_quiet(sandbox: Any, line: Any) -> bool:
    """Whether everything was handed out, every kept page is read, nothing is owed, and the money has been counted."""
    from ropo_portal.invoices.models import PaymentReport  # noqa: PLC0415 -- after django.setup()
    from ropo_portal.submissions.models import StatusPage, StatusUpdate  # noqa: PLC0415

    waits = sandbox.ledger.rows("SELECT COUNT(*) AS n FROM updates WHERE taken_at = '' OR pushed_at = ''")[0][
        "n"
    ]
    line.refresh_from_db()
    owed = line.replay_from is not None or bool(line.lease_key)
    unread = StatusPage.objects.filter(reading=None).exists()
    money = StatusUpdate.objects.payments().count() == PaymentReport.objects.count()
    return not waits and not owed and not unread and money


def point_at_portal(sandbox: Any, line: Any, port: int) -> None:
    """Let the sandbox push to our web process, as the line's Ropo One."""
    from django.utils import timezone  # noqa: PLC0415 -- after django.setup()

    from ropo_portal.sandbox.events import Receiver  # noqa: PLC0415
    from ropo_portal.submissions.operations import set_webhook_secret  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    pair = set_webhook_secret(environment=line.environment, actor=factories.make_user(), at=timezone.now())
    sandbox.push_to(Receiver(f"http://127.0.0.1:{port}/events", pair.name, pair.secret))


@contextlib.contextmanager
def web(folder: Path) -> Iterator[int]:
    """Serve the portal by a real web server, whose worker process may die."""
    from ropo_portal.demo import scene  # noqa: PLC0415 -- after django.setup()

    port = scene.free_port(0)
    command = [sys.executable, "-m", "gunicorn", "ropo_portal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1",
               "--threads", "2", "--no-control-socket", "--log-level", "error"]  # fmt: skip
    with Path(folder, "web.log").open("ab") as log:
        process = subprocess.Popen(command, start_new_session=True, stdout=log, stderr=log)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def crew(options: argparse.Namespace, folder: Path) -> Iterator[Any]:
    """Keep the workers of `tests.chaos`."""
    from tests import chaos  # noqa: PLC0415 -- it imports this module

    with chaos.workers(options, folder) as found:
        yield found


def compared(ledger: Any, environment: Any) -> dict[str, Any]:
    """Compare what the sandbox handed out with what the journal and the claims have made of it."""
    from ropo_portal.invoices.models import PaymentReport  # noqa: PLC0415 -- after django.setup()
    from ropo_portal.submissions.models import StatusPage, StatusUpdate  # noqa: PLC0415

    told = {
        row["statusid"]: words(row["jobid"], row["billnum"], row["statustype"], row["amount"])
        for row in ledger
    }
    journal = list(StatusUpdate.objects.filter(environment=environment).journal())
    known = Counter(row.update_id for row in journal)
    read = {row.update_id: words(row.job_id, row.number, row.kind, row.amount) for row in journal}
    paid = [name for name, (_job, _number, kind, _amount) in told.items() if kind == "payment"]
    reports = Counter(PaymentReport.objects.values_list("update__update_id", flat=True))
    pages = Counter(StatusPage.objects.values_list("source", flat=True))
    return {
        "told": len(told),
        "lost": sorted(set(told) - set(known)),
        "doubled": sorted(name for name, count in known.items() if count > 1),
        "foreign": sorted(set(known) - set(told)),
        "wrong": sorted(name for name in set(told) & set(read) if told[name] != read[name]),
        "open": sorted(set(paid) ^ set(reports)) + [name for name, count in reports.items() if count > 1],
        "pages": dict(pages),
    }


def words(job: Any, number: str, kind: str, amount: Any) -> tuple[str, str, str, Decimal | None]:
    """What matters of one piece of news."""
    return (
        str(job),
        number,
        kind,
        Decimal(str(amount)).quantize(Decimal("0.01")) if amount not in {None, ""} else None,
    )
