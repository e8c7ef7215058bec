"""Room: the one place where settings and credentials become a client, and a client is asked."""

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.ropo_one.answers import JobInfo
from ropo_portal.ropo_one.client import Client
from ropo_portal.ropo_one.environments import PATHS, Endpoint, Environment, environment
from ropo_portal.submissions.models import Submission

NO_CONTENT = 204

_clients: dict[tuple[str, str], Client] = {}
_lock = threading.Lock()


class InsideTransaction(RuntimeError):
    """The network was asked while a transaction was open; locks would be held while Ropo sleeps."""


class NothingSaid(Exception):
    """An answer without a body that does not say either that there is none: a page may have been lost."""


class NoCredentials(Exception):
    """The environment has no cid or API code yet."""


def client(owner: CreditorEnvironment) -> Client:
    """Return this process's client for an environment; a new one when its credentials have changed."""
    if not owner.cid or not owner.apicode:
        raise NoCredentials
    secret = hashlib.sha256(f"{owner.name}\0{owner.cid}\0{owner.apicode}".encode()).hexdigest()
    key = (str(owner.pk), secret)
    with _lock:
        if key not in _clients:
            for old in [known for known in _clients if known[0] == key[0]]:
                del _clients[old]
            _clients[key] = _new_client(owner)
        return _clients[key]


def _new_client(owner: CreditorEnvironment) -> Client:
    place = _place(owner)
    own_paths = {Endpoint(name): path for name, path in settings.ROPO_PATHS.items()}
    return Client(
        place,
        owner.cid,
        owner.apicode,
        paths={**PATHS, **own_paths},
        deadline=settings.SEND_DEADLINE,
        ca_bundle=settings.ROPO_CA_BUNDLE or None,
    )


def host(owner: CreditorEnvironment) -> str:
    """Return the address an environment's documents go to."""
    return _place(owner).base_url


def _place(owner: CreditorEnvironment) -> Environment:
    return environment(owner.name, sandbox_url=f"{settings.SANDBOX_URL}/rest", country=owner.country)


def forget() -> None:
    """Drop this process's clients, and their tokens with them."""
    with _lock:
        _clients.clear()


def register(submission: Submission, *, identifier: str, before_first_byte: Callable[[], None]) -> object:
    """Post the frozen bytes once and return the typed answer; raises whatever the client raises."""
    _outside_transaction()
    asked = client(submission.environment)
    calls = {
        Endpoint.JOBS: asked.add_jobs,
        Endpoint.PAYMENT: asked.add_payment,
        Endpoint.CREDIT_NOTE: asked.add_credit_note,
        Endpoint.LOCAL_PRINT: asked.local_print,
    }
    call = calls[Endpoint(submission.endpoint)]
    return call(bytes(submission.payload), identifier=identifier, before_first_byte=before_first_byte)


@dataclass(frozen=True)
class Sighting:
    """One thing Ropo knows under our number: where it was seen, under which job, with which open amount."""

    source: str
    job_id: str
    amount: str
    raw: bytes


@dataclass(frozen=True)
class Source:
    """One way to ask whether a submission arrived."""

    name: str
    ask: Callable[[Client, Submission], list[Sighting]]


def _status_updates(asked: Client, submission: Submission) -> list[Sighting]:
    page = asked.status_updates(number=submission.number)
    if page is None:
        return []
    ours = [update for update in page.updates if update.number == submission.number]
    return [Sighting("status updates", update.job_id, "", page.raw) for update in ours]


def _customer_invoices(asked: Client, submission: Submission) -> list[Sighting]:
    if not submission.customer_number:
        return []
    answer = asked.customer_invoices(customer_number=submission.customer_number, all_invoices=True)
    ours = [row for row in answer.invoices if row.number == submission.number]
    return [Sighting("debtor's invoices", row.job_id, _amount(row.open_amount), answer.body) for row in ours]


def _amount(value: object) -> str:
    return "" if value is None else str(value)


def _stored_document(asked: Client, submission: Submission) -> list[Sighting]:
    found = asked.pdf(number=submission.number, original=True)
    return [] if found is None else [Sighting("document", "", "", b"")]


SOURCES = (
    Source("status updates", _status_updates),
    Source("debtor's invoices", _customer_invoices),
    Source("document", _stored_document),
)


def _settlements(asked: Client, submission: Submission) -> list[Sighting]:
    """Find what Ropo booked on the job with this amount and day; the job itself was there before and proves nothing."""
    page = asked.status_updates(number=submission.number)
    if page is None:
        return []
    told = json.loads(bytes(submission.payload))
    day = told.get("paydate") or told.get("date")
    return [
        Sighting(SETTLEMENTS.name, update.job_id, "", page.raw)
        for update in page.updates
        if (update.number, update.amount, str(update.paid_date))
        == (submission.number, submission.amount, day)
    ]


# Payments and credits have no look-up of their own.
SETTLEMENTS = Source("what was booked", _settlements)


def sightings(submission: Submission, source: Source) -> list[Sighting]:
    """Ask one source; raises `RopoError` when it gives no usable answer."""
    _outside_transaction()
    return source.ask(client(submission.environment), submission)


def status_page(owner: CreditorEnvironment, *, day: dt.date | None = None) -> bytes:
    """Return the bytes of the next page of news, or of a day's; empty when Ropo has nothing to say."""
    _outside_transaction()
    answer = client(owner).raw_status_updates(date=day)
    if answer.status != NO_CONTENT and not answer.body.strip():
        raise NothingSaid
    return answer.body


def job(submission: Submission) -> JobInfo | None:
    """Return the job as it stands at Ropo, None when Ropo does not know it."""
    _outside_transaction()
    return client(submission.environment).job(submission.ropo_job_id)


def preview(owner: CreditorEnvironment, body: bytes) -> bytes:
    """Return Ropo's own picture of a message that is not sent."""
    _outside_transaction()
    return client(owner).preview(body)


def document(submission: Submission, *, original: bool) -> bytes | None:
    """Return the document Ropo keeps, or None when there is none yet."""
    _outside_transaction()
    asked = client(submission.environment)
    if submission.ropo_job_id:
        return asked.pdf(job_id=submission.ropo_job_id, original=original)
    return asked.pdf(number=submission.number, original=original)


def log_in(owner: CreditorEnvironment) -> None:
    """Try the credentials; raises `RopoError` when they do not work."""
    _outside_transaction()
    client(owner).login()


def _outside_transaction() -> None:
    if connection.in_atomic_block:
        raise InsideTransaction
