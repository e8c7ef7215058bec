"""What tests of news share: business rows to compare, and one whole round of listening."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import belief, delivery, interpretation, polling
from ropo_portal.submissions.models import PageReading, StatusPage, StatusUpdate, Submission
from tests import factories
from tests.sandbox.caller import Caller, reminder
from tests.submissions import stages

Clock = Callable[[], Any]


def posted(line: CreditorEnvironment, clock: Clock, **facts: Any) -> Submission:
    """Queue and deliver one print invoice."""
    row = factories.queue(line, at=clock(), **facts)
    delivery.deliver(row.pk, clock=clock)
    row.refresh_from_db()
    return row


def staged(line: CreditorEnvironment, state: str, **facts: Any) -> Submission:
    """Return a submission in a state; in one transaction, as it passes through states that only live in one."""
    with transaction.atomic():
        return stages.staged(line, state, **facts)


def take_in(clock: Clock) -> None:
    """Read what was kept, attach what was lonely, weigh what is open."""
    for page in interpretation.unread_pages(limit=1000):
        interpretation.interpret(page, at=clock())
    interpretation.attach_late(at=clock())
    belief.weigh(at=clock())


def heard(line: CreditorEnvironment, clock: Clock) -> polling.Round:
    """Poll once and take it in."""
    done = polling.poll(line, clock=clock)
    take_in(clock)
    return done


def read_again(clock: Clock) -> None:
    """Interpret everything from the start."""
    PageReading.objects.all().delete()
    take_in(clock)


def journal() -> list[tuple[Any, ...]]:
    """The journal without keys of our own."""
    names = "source", "update_id", "job_id", "number", "kind", "code", "amount", "paid_date", "is_foreign"
    rows = StatusUpdate.objects.order_by("source", "update_id")
    return list(rows.values_list(*names, "submission__number"))


def fates() -> list[tuple[Any, ...]]:
    """Where every submission stands, and over how many moves."""
    rows = Submission.objects.order_by("number", "kind")
    return [(row.number, row.state, row.ropo_job_id, row.transitions.count()) for row in rows]


def pages(source: str = "poll") -> int:
    return StatusPage.objects.filter(source=source).count()


def foreign_reminder(sandbox: Sandbox, **changes: Any) -> dict[str, Any]:
    """Register a job behind the portal's back, and return its result."""
    with Caller(sandbox) as caller:
        [job] = caller.deliver(reminder(**changes)).json()["jobs"]
    return job


def pay(sandbox: Sandbox, job_id: str, amount: str) -> None:
    """Let the debtor pay at Ropo."""
    with Caller(sandbox) as caller:
        answer = caller.ask("POST", "/control/pay", json={"jobid": job_id, "amount": amount})
        assert answer.status_code == 200, answer.text


def told(number: str = "T1", **changes: Any) -> dict[str, Any]:
    base = {"jobid": "77", "statusid": "C1", "billnum": number, "statustype": "comment", "statuscode": "98",
            "statustime": "2026-11-23 10:00:00", "statusref": "Viesti", "statustext": "words"}  # fmt: skip
    return base | changes
