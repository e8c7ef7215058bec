"""The sidebar: which rooms there are, who sees them, and how much waits in each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Counter = Callable[[Any], int]
Condition = Callable[[Any], bool]


@dataclass(frozen=True)
class Entry:
    """One room in the sidebar; `key` is pressed after g."""

    name: str
    label: str | Promise
    icon: str
    action: str
    key: str = ""
    urgent: bool = False  # its counter is an alarm, not a quantity
    pages: tuple[str, ...] = ()  # beginnings of the names of its pages, where a room has several entries


@dataclass(frozen=True)
class Link:
    """An entry as one reader sees it on one page."""

    entry: Entry
    url: str
    is_current: bool
    count: int


PAYMENT_PAGES = ("payment", "credit", "allocation", "claim", "register")
DEBTOR_PAGES = (
    "debtor",
    *(f"collection:{page}" for page in ("flag", "merge", "note", "of-debtor", "promise")),
)
ENTRIES: list[Entry] = [
    Entry("worklist:today", _("Today"), "list-todo", "document.view", "w", urgent=True),
    Entry("invoices:list", _("Invoices"), "receipt-text", "document.view", "i"),
    Entry("collection:list", _("Claims"), "scale", "document.view", "l"),
    Entry("invoices:payments", _("Payments and credits"), "coins", "document.view", "m", pages=PAYMENT_PAGES),
    Entry(
        "collection:approvals",
        _("Approvals"),
        "check-check",
        "invoice.approve",
        "a",
        pages=("approval", "invoices:approval"),
    ),
    Entry("imports:list", _("Import"), "file-up", "document.view", "u"),
    Entry("submissions:list", _("Submissions"), "send", "document.view", "s", urgent=True),
    Entry("parties:debtor-list", _("Debtors"), "users", "document.view", "d", pages=DEBTOR_PAGES),
    Entry("parties:creditor-list", _("Creditors"), "building-2", "creditor.list", "o"),
    Entry("rules:list", _("Rules"), "scale", "document.view", "r"),
    Entry(
        "worklist:dashboard",
        _("Dashboard"),
        "chart-column",
        "document.view",
        "b",
        pages=("dashboard", "items"),
    ),
    Entry("training:practice", _("Practice"), "graduation-cap", "practice.use", "p"),
    Entry("history:list", _("History"), "history", "history.view", "h"),
]

_counters: dict[str, Counter] = {}
_conditions: dict[str, Condition] = {}


def count_with(name: str, counter: Counter) -> None:
    """Show a number beside an entry; a room above calls this when it is ready. The counter gets the scope."""
    _counters[name] = counter


def show_when(name: str, condition: Condition) -> None:
    """Show an entry only to whom the condition says yes; a room above calls this. The condition gets the scope."""
    _conditions[name] = condition


def offered(scope: Any, name: str) -> str:
    """Give the address of an entry that this reader has in her sidebar, else nothing."""
    entry = next((one for one in ENTRIES if one.name == name), None)
    return (_url(name) or "") if entry and scope is not None and _is_shown(scope, entry) else ""


def _is_shown(scope: Any, entry: Entry) -> bool:
    condition = _conditions.get(entry.name)
    return bool(scope.may(entry.action)) and (condition is None or condition(scope))


def links(request: HttpRequest) -> list[Link]:
    """Give the entries this reader may open; rooms that do not exist are left out."""
    scope: Any = getattr(request, "scope", None)
    if scope is None or not request.user.is_authenticated:
        return []
    # Nobody who is turned away asked how much work waits.
    found, is_refused = [], getattr(request, "is_refused", False)
    for entry in ENTRIES:
        url = _url(entry.name)
        if url and _is_shown(scope, entry):
            current = _is_current(request, entry)
            counter = None if is_refused else _counters.get(entry.name)
            found.append(Link(entry, url, current, counter(scope) if counter else 0))
    return found


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _is_current(request: HttpRequest, entry: Entry) -> bool:
    """An entry is current for every page of its room, but a room with two entries decides by the noun."""
    match = request.resolver_match
    if match is None:
        return False
    if any(match.view_name.startswith(_pages(other)) for other in ENTRIES):
        return match.view_name.startswith(_pages(entry))
    room, _colon, view = entry.name.partition(":")
    noun = view.rpartition("-")[0]
    return match.namespace == room and not entry.pages and (match.url_name or "").startswith(noun)


def _pages(entry: Entry) -> tuple[str, ...]:
    """Give the beginnings of an entry's own pages, each with its room."""
    room = entry.name.partition(":")[0]
    return tuple(page if ":" in page else f"{room}:{page}" for page in entry.pages)
