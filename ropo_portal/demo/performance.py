"""Room: the demonstration itself: make ready, start, post, wait, tell."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ropo_portal.accounts.models import User
from ropo_portal.demo import assets, claims, creditors, database, debtors, desk, invoices, processes, visit
from ropo_portal.demo.invoices import HOLD, SEND, SEND_LAST, Draft
from ropo_portal.demo.progress import Bar, Output
from ropo_portal.demo.scene import WEB_PORT, free_port
from ropo_portal.invoices.models import Invoice
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import send_now

State = Submission.State
# Days before today on which creditors and debtors were set up.
SET_UP_DAYS = 40
PATIENCE = 120.0
PAUSE = 0.25


@dataclass
class Performance:
    """One run: where its files are, what is written, who sends."""

    folder: Path
    output: Output
    troop: processes.Troop
    web: str = ""
    written: list[Draft] = field(default_factory=list)
    lives: list[claims.Lives] = field(default_factory=list)
    desks: list[desk.Desk] = field(default_factory=list)

    def make_ready(self, *, keep: bool) -> None:
        """Prepare static files and the database."""
        assets.make_ready()
        database.make_ready(self.folder, keep=keep)

    def start(self, *, port: int) -> None:
        """Start the children."""
        port = port or free_port(WEB_PORT)
        self.web = f"http://127.0.0.1:{port}"
        processes.start_all(self.troop, sandbox_port=urlsplit(settings.SANDBOX_URL).port or 0, web_port=port)

    def seed_support(self) -> None:
        """Write down support alone, who begins with the first creditor, unless somebody is there already."""
        if not User.objects.exists():
            creditors.make_people(only_support=True)

    def seed(self) -> None:
        """Write people, creditors, debtors and invoices, unless somebody is there already."""
        if User.objects.exists():
            return
        now = timezone.now()
        earlier = now - dt.timedelta(days=SET_UP_DAYS)
        people = creditors.make_people()
        clerk = people["clerk@demo.example"]
        for environment in creditors.make_creditors(people, at=earlier):
            made = debtors.make_debtors(environment.creditor, actor=clerk, at=earlier)
            self.desks.append(desk.Desk(environment, made, people))
            self.written += invoices.write_invoices(environment, made, clerk=clerk, at=now)
            if environment.country == "FI":
                opened = claims.open_claims(environment, made, clerk=clerk, at=now)
                self.lives.append(claims.Lives(environment, people, opened, self._wait_for_sending))

    def wait_for_web(self) -> None:
        """Return when the first page has been served."""
        visit.wait_for(self.web, check=self.troop.check)

    def post_all(self) -> None:
        """Post what is to be posted; the line that will rest after a refusal gets that one last."""
        if not self.written:
            return
        for life in self.lives:
            life.listen(f"{self.web}{reverse('doors:events')}", timezone.now())
            life.play(timezone.now())
        for one in self.desks:
            one.lay(timezone.now())
        sender = User.objects.get(email="sender@demo.example")
        for plan in (SEND, SEND_LAST, HOLD):
            invoices.post(self.written, plan, sender=sender, at=timezone.now())
            if plan == SEND:
                self._wait_for_sending()
                self._credit()
        self._wait("Settling", _moving)

    def _credit(self) -> None:
        """Credit the first invoice of each creditor whose claims have lives."""
        for life in self.lives:
            taken = Invoice.objects.filter(environment=life.environment, submission__state=State.ACCEPTED)
            life.credit(taken.order_by("created_at", "id")[0], timezone.now())

    def _wait_for_sending(self) -> None:
        self._wait("Sending", lambda: Q(state__in=[State.QUEUED, State.SENDING]))

    def hurry(self) -> None:
        """Let go what still waits in its hold, and wait for it."""
        sender = User.objects.get(email="sender@demo.example")
        for submission in Submission.objects.filter(state=State.QUEUED):
            send_now(submission=submission, actor=sender, at=timezone.now())
        self._wait("Settling", lambda: Q(state__in=[State.QUEUED, State.SENDING]) | _moving())

    def _wait(self, label: str, moving: Callable[[], Q]) -> None:
        """Show progress until nothing moves, or patience has ended."""
        bar, end = Bar(self.output, label), time.monotonic() + PATIENCE
        everything = Submission.objects.all()
        while time.monotonic() < end:
            self.troop.check()
            total, left = everything.count(), everything.filter(moving()).count()
            waiting = everything.filter(state=State.UNCONFIRMED).count()
            bar.show(total - left, total, f"{waiting} being looked up at Ropo One" if waiting else "")
            if not left:
                break
            time.sleep(PAUSE)
        bar.end()


def _moving() -> Q:
    """What will change by itself within a minute: due, on its way, or promised a look-up."""
    due = Q(state=State.QUEUED, due_at__lte=timezone.now())
    return (
        due
        | Q(state__in=[State.SENDING, State.UNCONFIRMED])
        | Q(state=State.HELD, next_look_up_at__isnull=False)
    )


def is_settled() -> bool:
    """Tell whether nothing moves any more."""
    return not Submission.objects.filter(_moving() | Q(state=State.QUEUED)).exists()
