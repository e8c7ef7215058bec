"""The one door to a Ropo One environment: a method per endpoint."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from ropo_portal.ropo_one import answers, reading
from ropo_portal.ropo_one.auth import LOGIN_SECONDS, TokenSource
from ropo_portal.ropo_one.environments import PATHS, REGISTERING, Endpoint
from ropo_portal.ropo_one.errors import NotSent, Refused, Rejected, kept_headers
from ropo_portal.ropo_one.refusals import refusal, unclear
from ropo_portal.ropo_one.strict_json import NotJson
from ropo_portal.ropo_one.transport import BODY_LIMIT, Call, Transport, do_nothing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from ropo_portal.ropo_one.environments import Environment
    from ropo_portal.ropo_one.errors import RopoError
    from ropo_portal.ropo_one.transport import RawAnswer

DEADLINE = 90.0
PDF_LIMIT = 10 * 1024 * 1024
READ_REPEATS = 2
READ_PAUSE = 0.25
_PASSING = frozenset({502, 503, 504})
_UNAUTHORIZED = 401
_NO_CONTENT = 204
_NOT_FOUND = 404
_IDENTIFIER_LENGTH = 100
_JSON = "application/json"
_PDF = "application/pdf"
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class _Look:
    """A read, and what counts as an answer to it."""

    endpoint: Endpoint
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    accept: str = _JSON
    limit: int = BODY_LIMIT
    success: frozenset[int] = frozenset({200, _NO_CONTENT})
    passing: frozenset[int] = _PASSING


class Client:
    """Talks to one environment with one pair of credentials; safe to share between threads.

    Keep one per pair, or hand in one `tokens` per pair: the token and the memory of refused logins live there.
    `deadline` covers one whole call; fetching a token before it has its own limit of half a minute.
    """

    def __init__(
        self,
        environment: Environment,
        cid: str,
        apicode: str,
        *,
        paths: Mapping[Endpoint, str] = PATHS,
        deadline: float = DEADLINE,
        ca_bundle: str | None = None,
        user_agent: str = "ropo_portal",
        tokens: TokenSource | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.environment = environment
        self._paths = {**PATHS, **paths}
        self._deadline = deadline
        self._transport = Transport(ca_bundle=ca_bundle, user_agent=user_agent, monotonic=monotonic)
        self._tokens = tokens or TokenSource(cid, apicode, monotonic=monotonic)
        self._pause = pause

    def __repr__(self) -> str:
        return f"Client({self.environment.name})"

    def login(self) -> None:
        """Fetch a new token, to find out whether the credentials work; raises when they do not."""
        self._tokens.renew(self._ask_for_token)

    # --- calls that register something: one try, never a second ---

    def add_jobs(
        self, body: bytes, *, identifier: str, before_first_byte: Callable[[], None] = do_nothing
    ) -> answers.JobsAnswer:
        """Register invoices, reminders, debt collections or letters. Never repeated."""
        raw = self._register(Endpoint.JOBS, body, identifier, before_first_byte)
        return _read(raw, reading.jobs_answer)

    def add_payment(
        self, body: bytes, *, identifier: str, before_first_byte: Callable[[], None] = do_nothing
    ) -> answers.PaymentAnswer:
        """Register a bypass payment. Never repeated."""
        raw = self._register(Endpoint.PAYMENT, body, identifier, before_first_byte)
        return _read(raw, reading.payment_answer)

    def add_credit_note(
        self, body: bytes, *, identifier: str, before_first_byte: Callable[[], None] = do_nothing
    ) -> answers.CreditAnswer:
        """Register the allocation of a credit note. Never repeated."""
        raw = self._register(Endpoint.CREDIT_NOTE, body, identifier, before_first_byte)
        return _read(raw, reading.credit_answer)

    def local_print(
        self, body: bytes, *, identifier: str, before_first_byte: Callable[[], None] = do_nothing
    ) -> answers.LocalPrintAnswer:
        """Register a job whose document the creditor delivers. Never repeated; the path is a guess."""
        raw = self._register(
            Endpoint.LOCAL_PRINT, body, identifier, before_first_byte, accept=_PDF, limit=PDF_LIMIT
        )
        _verified_pdf(raw)
        return answers.LocalPrintAnswer(raw.status, kept_headers(raw.headers), raw.body, raw.elapsed)

    # --- calls that only look: repeated as often as it helps ---

    def preview(self, body: bytes) -> bytes:
        """The PDF of a message that is not sent; registers nothing. The path is a guess."""
        look = _Look(Endpoint.PREVIEW, body=body, accept=_PDF, limit=PDF_LIMIT, success=frozenset({200, 201}))
        return _verified_pdf(self._look(look))

    def job(self, job_id: str) -> answers.JobInfo | None:
        """One job as it stands now; None when Ropo does not know it."""
        raw = self._look_for(_Look(Endpoint.JOB, query={"jobid": job_id}))
        return None if raw is None else _read(raw, reading.job_info)

    def pdf(
        self, *, number: str | None = None, job_id: str | None = None, original: bool = True
    ) -> bytes | None:
        """The stored document; None when there is none (yet)."""
        query = _one_of({"billnum": number, "jobid": job_id}) | {"origdata": "1" if original else "0"}
        raw = self._look_for(_Look(Endpoint.PDF, query=query, accept=_PDF, limit=PDF_LIMIT))
        return None if raw is None else _verified_pdf(raw)

    def status_updates(
        self, *, date: dt.date | None = None, number: str | None = None
    ) -> answers.StatusPage | None:
        """A page of changes; None when there are none. Without a filter, reading empties Ropo's queue."""
        filters = {"date": date.isoformat() if date else None, "billnum": number}
        query = _one_of(filters) if any(filters.values()) else {}
        # A page that was lost on its way is gone from the queue: the caller must learn of it, so it is not repeated.
        look = _Look(Endpoint.STATUS_UPDATES, query=query, passing=_PASSING if query else frozenset())
        raw = self._look(look)
        page = _read(raw, reading.status_page)
        if query and page is not None and page.unreadable:
            raise unclear(raw, "an entry of the answer cannot be read")
        return page

    def raw_status_updates(self, *, date: dt.date | None = None) -> RawAnswer:
        """The bytes of a page of changes, to be kept before they are read. Without a day the queue is emptied."""
        query = {"date": date.isoformat()} if date else {}
        passing = _PASSING if query else frozenset[int]()
        return self._look(_Look(Endpoint.STATUS_UPDATES, query=query, passing=passing))

    def customer_invoices(
        self, *, customer_number: str | None = None, national_id: str | None = None, all_invoices: bool = True
    ) -> answers.CustomerInvoices:
        """A debtor's invoices, found by exactly one of the two keys."""
        key = _one_of({"custnum": customer_number, "ssn": national_id})
        body = json.dumps(
            key | {"all_invoices": int(all_invoices)}, ensure_ascii=False, separators=(",", ":")
        ).encode()
        return _read(self._look(_Look(Endpoint.CUSTOMER_INVOICES, body=body)), reading.customer_invoices)

    # --- how a call is made ---

    def _register(
        self,
        endpoint: Endpoint,
        body: bytes,
        identifier: str,
        before_first_byte: Callable[[], None],
        *,
        accept: str = _JSON,
        limit: int = BODY_LIMIT,
    ) -> RawAnswer:
        if endpoint not in REGISTERING:
            raise ValueError("This endpoint registers nothing.")
        token = self._token()
        headers = {**_headers(token, accept, body), "DataIdentifier": _checked_identifier(identifier)}
        raw = self._transport.exchange(
            Call(
                "POST",
                self._url(endpoint),
                self._deadline,
                body=body,
                headers=headers,
                limit=limit,
                before_first_byte=before_first_byte,
            )
        )
        if raw.status == _UNAUTHORIZED:
            self._tokens.drop(token)
        if raw.status not in {200, 201}:
            raise refusal(raw)
        return raw

    def _look_for(self, look: _Look) -> RawAnswer | None:
        """A read whose answer may be that there is nothing: 204, 404, or a 400 that says so in words."""
        try:
            raw = self._look(look)
        except Rejected:
            return None
        except Refused as error:
            if error.status == _NOT_FOUND:
                return None
            raise
        return None if raw.status == _NO_CONTENT else raw

    def _look(self, look: _Look) -> RawAnswer:
        renewed = False
        repeats = 0
        while True:
            try:
                token = self._token()
                raw = self._transport.exchange(self._call(look, token))
                failure: RopoError = refusal(raw)
            except NotSent as error:
                raw, failure = None, error
            if raw is not None and raw.status in look.success:
                return raw
            if raw is not None and raw.status == _UNAUTHORIZED and not renewed:
                renewed = True
                self._tokens.drop(token)
            elif (raw is None or raw.status in look.passing) and repeats < READ_REPEATS:
                repeats += 1
                self._pause(READ_PAUSE * repeats)
            else:
                raise failure

    def _call(self, look: _Look, token: str) -> Call:
        return Call(
            "GET" if look.body is None else "POST",
            self._url(look.endpoint),
            self._deadline,
            body=look.body,
            headers=_headers(token, look.accept, look.body),
            query=look.query,
            limit=look.limit,
        )

    def _url(self, endpoint: Endpoint) -> str:
        return self.environment.base_url + self._paths[endpoint]

    def _token(self) -> str:
        return self._tokens.token(self._ask_for_token, needed_for=self._deadline)

    def _ask_for_token(self, body: bytes) -> RawAnswer:
        seconds = min(self._deadline, LOGIN_SECONDS)
        headers = {"Content-Type": _JSON}
        return self._transport.exchange(
            Call("POST", self._url(Endpoint.TOKEN), seconds, body=body, headers=headers)
        )


def _headers(token: str, accept: str, body: bytes | None) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Accept": accept}
    return headers if body is None else {**headers, "Content-Type": _JSON}


def _checked_identifier(identifier: str) -> str:
    fits = 0 < len(identifier) <= _IDENTIFIER_LENGTH and identifier.isascii() and identifier.isprintable()
    if not fits or identifier != identifier.strip():
        raise ValueError("An identifier is a short printable ASCII text.")
    return identifier


def _one_of(keys: Mapping[str, str | None]) -> dict[str, str]:
    given = {name: value for name, value in keys.items() if value}
    if len(given) != 1:
        raise ValueError(f"Exactly one of {', '.join(keys)} is needed.")
    return given


def _read(raw: RawAnswer, reader: Callable[[RawAnswer], _Read]) -> _Read:
    try:
        return reader(raw)
    except (NotJson, reading.UnknownShape) as error:
        raise unclear(raw, str(error)) from error


def _verified_pdf(raw: RawAnswer) -> bytes:
    if not raw.body.startswith(b"%PDF-"):
        raise unclear(raw, "the answer is not a PDF")
    return raw.body
