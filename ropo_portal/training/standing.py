"""Room: where practice is possible, and how far each lesson has come for one person."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.accounts.scope import Scope
from ropo_portal.history.models import Entry
from ropo_portal.ropo_one.environments import ENVIRONMENTS
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import address_of
from ropo_portal.training.desk import Desk
from ropo_portal.training.lessons import BY_FAULT, GROUPS, LESSONS, Lesson, Words

# Where real letters come from: whatever listens there is no stand-in, however it is configured.
REAL = frozenset(urlsplit(one.base_url).hostname for one in ENVIRONMENTS.values())
SET = "practice.fault_set"
State = Submission.State
SETTLED = (State.ACCEPTED, State.CANCELLED)
MOST_HITS = 3


def is_practice(environment: CreditorEnvironment) -> bool:
    """Tell whether an environment is a sandbox whose documents go to the stand-in's own address, which is no real one."""
    address = settings.SANDBOX_URL.rstrip("/")
    return bool(
        settings.SANDBOX_CONTROL_LINK
        and environment.stage == "sandbox"
        and address_of(environment) == f"{address}/rest"
        and urlsplit(address).hostname not in REAL
    )


def is_offered(scope: Scope) -> bool:
    """Tell whether somebody finds practice here at all."""
    return any(is_practice(one) and scope.may("practice.use", one.creditor_id) for one in scope.environments)


def has_only_sandbox(environment: CreditorEnvironment) -> bool:
    """Tell whether the creditor exists for practice alone."""
    return not environment.creditor.environments.exclude(pk=environment.pk).exists()


@dataclass(frozen=True)
class Hit:
    """Something a fault happened to, and the page where it is mended."""

    number: str
    at: dt.datetime
    submission: Submission | None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do about it."""
        if self.submission is None:
            return not self.number
        return self.submission.state in SETTLED or self.submission.written_off_at is not None

    @property
    def url(self) -> str:
        """The page of the submission."""
        return reverse("submissions:detail", args=[self.submission.pk]) if self.submission else ""


@dataclass(frozen=True)
class Progress:
    """A lesson as one person sees it: how often it will still happen, what it happened to, whether she is done."""

    lesson: Lesson
    waiting: int
    hits: tuple[Hit, ...]
    is_done: bool

    @property
    def url(self) -> str:
        """Where the right thing is done."""
        return reverse(self.lesson.route)

    @property
    def is_touched(self) -> bool:
        """Whether there is something to say about what to do."""
        return bool(self.waiting or self.hits)


def progress(
    environment: CreditorEnvironment, *, desk: Desk | None, user: User
) -> list[tuple[Words, list[Progress]]]:
    """Return the menu by group; without a desk nothing waits and nothing has happened."""
    hits = _hits(environment, desk)
    begun = _begun(environment, user)
    waiting = desk.waiting if desk else {}
    menu: dict[str, list[Progress]] = {group: [] for group in GROUPS}
    for name, lesson in LESSONS.items():
        mine = [hit for hit in hits[name] if name in begun and hit.at >= begun[name]]
        is_done = any(hit.is_settled for hit in mine)
        menu[lesson.group].append(
            Progress(lesson, waiting.get(lesson.fault, 0), tuple(hits[name][:MOST_HITS]), is_done)
        )
    return [(GROUPS[group], rows) for group, rows in menu.items()]


def _hits(environment: CreditorEnvironment, desk: Desk | None) -> dict[str, list[Hit]]:
    """Return what each lesson's fault happened to, newest first; an invoice number stands for its newest submission."""
    played = desk.played if desk else ()
    numbers = {each.number for each in played if each.number}
    rows = Submission.objects.filter(environment=environment, number__in=numbers).defer("payload")
    newest = {row.number: row for row in rows.order_by("queued_at", "pk")}
    found: dict[str, list[Hit]] = defaultdict(list)
    for each in played:
        if lesson := BY_FAULT.get(each.fault):
            found[lesson.name].append(Hit(each.number, each.at, newest.get(each.number)))
    return found


def _begun(environment: CreditorEnvironment, user: User) -> dict[str, dt.datetime]:
    """Return when the person first switched each fault on here."""
    entries = Entry.objects.about(environment).filter(
        creditor_id=environment.creditor_id, verb=SET, actor=user
    )
    begun: dict[str, dt.datetime] = {}
    for after, at in entries.order_by("at").values_list("after", "at"):
        begun.setdefault(str(after.get("lesson")), at)
    return begun
