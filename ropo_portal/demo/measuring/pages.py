"""Room: how long the pages take at the size of years: asked through the whole stack of the portal, one after the other."""

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core import signing
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from ropo_portal.accounts.models import User
from ropo_portal.demo.measuring.town import COMMON, RARE
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission

DEEP = 1000
PAGE = 50
NEWEST = ("-created_at", "-id")
Ask = Callable[[Client], Any]


@dataclass
class Page:
    """One page: what is asked, and the most milliseconds it may take in the middle, and KiB of it."""

    name: str
    ask: Ask
    target: float | None = None
    kib: float | None = None
    times: list[float] = field(default_factory=list)
    cpu: float = 0.0
    queries: int = 0
    size: float = 0.0

    @property
    def middle(self) -> float:
        """Milliseconds, half of the answers were faster."""
        return statistics.median(self.times)

    @property
    def slow(self) -> float:
        """Milliseconds, one answer in twenty was slower."""
        return sorted(self.times)[int(len(self.times) * 0.95)]

    @property
    def is_kept(self) -> bool:
        """Whether it is within its target."""
        return (self.target is None or self.middle <= self.target) and (
            self.kib is None or self.size <= self.kib
        )

    def measure(self, browser: Client, rounds: int) -> None:
        """Ask once to warm up and count the questions, then as often as wished."""
        with CaptureQueriesContext(connection) as asked:
            self._answer(browser)
        self.queries = len(asked)
        reset_queries()
        cpu = time.process_time()
        for _round in range(rounds):
            start = time.perf_counter()
            response = self._answer(browser)
            self.times.append((time.perf_counter() - start) * 1000)
        self.cpu = (time.process_time() - cpu) * 1000 / rounds
        self.size = len(response.content) / 1024

    def _answer(self, browser: Client) -> Any:
        response = self.ask(browser)
        if response.status_code != HTTPStatus.OK and "login" in response.get("Location", "login"):
            message = f"{self.name} answered {response.status_code}"
            raise RuntimeError(message)
        return response


def _get(name: str, *args: Any, **query: Any) -> Ask:
    return lambda browser: browser.get(reverse(name, args=args), query)


def _find(text: str) -> Ask:
    return lambda browser: browser.post(reverse("finding:everywhere"), {"q": text})


def _deep(rows: Any, order: tuple[str, ...] = NEWEST) -> str:
    """Return the cursor of a page far back, as turning the pages would have brought it."""
    place = min(DEEP * PAGE, rows.count() // 2)
    values = rows.order_by(*order).values_list(*(name.removeprefix("-") for name in order))[place]
    texts = [value.isoformat() if isinstance(value, dt.date) else str(value) for value in values]
    return signing.dumps([0, *texts], salt=f"ui.paging:{rows.model._meta.label}:{','.join(order)}")


def pages(user: User) -> Iterator[Page]:
    """Yield what is measured, with the targets."""
    home = user.memberships.select_related("creditor").order_by("creditor__name").first().creditor  # type: ignore[union-attr]
    environment = home.environments.get()
    invoices = Invoice.objects.filter(environment=environment, discarded_at=None)
    some = invoices.filter(claim__isnull=False)[invoices.count() // 3]
    owing = Debtor.objects.filter(creditor=home, search_name__contains=COMMON.casefold()).first()
    yield from _overviews()
    yield from _lists(invoices, Claim.objects.filter(environment=environment))
    yield from _searches(some, Submission.objects.get(invoice=some).ropo_job_id)
    yield Page("an invoice", _get("invoices:detail", some.pk), 30, 60)
    yield Page("a debtor", _get("parties:debtor-detail", owing.pk), 30, 60)  # type: ignore[union-attr]


def _overviews() -> Iterator[Page]:
    yield Page("today", _get("worklist:today"), 50)
    yield Page("today, every creditor", _get("worklist:today", all="1"))
    yield Page("dashboard", _get("worklist:dashboard"), 50)
    yield Page("dashboard, every creditor", _get("worklist:dashboard", all="1"))
    yield Page("open items of an age", _get("worklist:items", bucket="61"), 50)


def _lists(invoices: Any, claims: Any) -> Iterator[Page]:
    for name, query in (("accepted", "accepted"), ("rejected", "rejected"), ("drafts", "draft")):
        yield Page(f"invoices, {name}", _get("invoices:list", state=query), 20)
    yield Page("invoices, first page", _get("invoices:list"), 20)
    yield Page("invoices, page 1,000", _get("invoices:list", cursor=_deep(invoices)), 20)
    yield Page("invoices, counters", _get("invoices:counters"))
    yield Page("debtors", _get("parties:debtor-list"), 20)
    yield Page("claims", _get("collection:list"), 20)
    yield Page("claims, page 1,000", _get("collection:list", cursor=_deep(claims, ("due_date", "id"))), 20)
    yield Page("claims to be reminded", _get("collection:list", group="reminder"))
    yield Page("submissions", _get("submissions:list"), 20)
    yield Page("submissions, rejected", _get("submissions:list", state="rejected"), 20)


def _searches(some: Invoice, job: str) -> Iterator[Page]:
    yield Page("find: number", _find(some.number), 15)
    yield Page("find: beginning of numbers", _find(some.number[:6]), 25)
    yield Page("find: rare name", _find(RARE), 25)
    yield Page("find: common name", _find(COMMON), 40)
    yield Page("find: reference", _find(some.reference), 25)
    yield Page("find: amount", _find(f"{some.total_amount:.2f}"), 25)
    yield Page("find: job number", _find(job), 25)
    yield Page("invoices, common name", _get("invoices:list", q=COMMON), 40)
    yield Page("invoices, rare name", _get("invoices:list", q=RARE), 25)
    yield Page("debtors, part of a name", _get("parties:debtor-list", q=COMMON[2:]), 40)
    yield Page("submissions, common name", _get("submissions:list", q=COMMON), 40)


def measured(user: User, *, rounds: int, only: str = "") -> Iterator[Page]:
    """Measure page after page."""
    browser = Client()
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
        browser.force_login(user)
        for page in pages(user):
            if only in page.name:
                page.measure(browser, rounds)
                yield page
