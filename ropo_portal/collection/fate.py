"""Room: the plain sentence of a claim's fate, from facts alone: what was sent, how it stands, what comes, what it costs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ropo_portal import days, money

NO_NEXT_STEP = {"", "-1"}


@dataclass(frozen=True)
class Plight:
    """Everything the sentence depends on; `step` is the newest step: reminder, collection, monitored or none."""

    number: str
    debtor: str
    currency: str
    principal: Decimal
    open_amount: Decimal
    overpaid_amount: Decimal
    invoice_date: dt.date
    due_date: dt.date
    today: dt.date
    is_ours: bool
    step: str = ""
    state: str = ""
    stage: str = ""
    settled_on: dt.date | None = None
    trouble: str = ""
    job: str = ""
    status_words: str = ""
    next_status: str = ""
    next_words: str = ""
    next_date: dt.date | None = None
    earliest_reminder: dt.date | None = None
    earliest_collection: dt.date | None = None
    most_cost: Decimal | None = None
    reported_cost: Decimal | None = None
    closed: str = ""


@dataclass(frozen=True)
class Fate:
    """The state for its color, and the sentence."""

    state: str
    sentence: str


def fate(plight: Plight) -> Fate:
    """Say how a claim stands; asks nothing but the facts."""
    parts = [_sent(plight), _stands(plight), _next(plight), _cost(plight)]
    return Fate(_state(plight), " ".join(part for part in parts if part))


def _day(day: dt.date) -> str:
    return days.format_date(day, get_language() or "en")


def _money(amount: Decimal, plight: Plight) -> str:
    return money.format_money(amount, plight.currency, get_language() or "en")


def _state(plight: Plight) -> str:
    if not plight.open_amount:
        return "paid"
    if plight.step and plight.state != "draft":
        return plight.state
    return "overdue" if plight.today > plight.due_date else "accepted"


def _sent(plight: Plight) -> str:
    text = (
        _("Invoice %(number)s of %(sum)s to %(debtor)s, dated %(date)s, fell due on %(due)s.")
        if plight.today > plight.due_date
        else _("Invoice %(number)s of %(sum)s to %(debtor)s, dated %(date)s, falls due on %(due)s.")
    )
    said = text % {
        "number": plight.number,
        "sum": _money(plight.principal, plight),
        "debtor": plight.debtor,
        "date": _day(plight.invoice_date),
        "due": _day(plight.due_date),
    }
    return said if plight.is_ours else f"{said} {_('It was invoiced elsewhere.')}"


def _stands(plight: Plight) -> str:
    if not plight.open_amount:
        return _closed(plight)
    step = _STANDS.get((plight.step, plight.state)) or _STANDS.get(
        ("", plight.state) if plight.step else ("", "")
    )
    return f"{_open(plight)} {step(plight)}".strip() if step else _open(plight)


def _closed(plight: Plight) -> str:
    closed = plight.closed or _("Nothing is open any more.")
    if not plight.overpaid_amount:
        return closed
    return f"{closed} {_('%(sum)s too much came in.') % {'sum': _money(plight.overpaid_amount, plight)}}"


def _open(plight: Plight) -> str:
    late = (plight.today - plight.due_date).days
    if late <= 0:
        return _("%(sum)s of principal is open.") % {"sum": _money(plight.open_amount, plight)}
    text = ngettext(
        "%(sum)s of principal is open, %(days)s day overdue.",
        "%(sum)s of principal is open, %(days)s days overdue.",
        late,
    )
    return text % {"sum": _money(plight.open_amount, plight), "days": late}


def _with_ropo(plight: Plight) -> str:
    words = {
        "reminder": _("Ropo One took the reminder on %(day)s as job %(job)s."),
        "collection": _("Ropo One took it for debt collection on %(day)s as job %(job)s."),
    }
    text = words.get(plight.step) or _("Ropo One monitors it since %(day)s as job %(job)s.")
    day = _day(plight.settled_on) if plight.settled_on else "–"
    return text % {"day": day, "job": plight.job or "–"}


def _queued(plight: Plight) -> str:
    if plight.step == "reminder":
        return _("A reminder waits to leave and can still be taken back.")
    return _("The debt collection is approved, waits to leave and can still be taken back.")


def _draft(plight: Plight) -> str:
    if plight.step == "reminder":
        return _("A reminder is being written; nothing of it has been sent.")
    if plight.stage == "proposed":
        return _("Debt collection is proposed and waits for a second person.")
    return _("A debt collection is being written; nothing of it has been sent.")


def _rejected(plight: Plight) -> str:
    return _("Ropo One refused it: “%(trouble)s” Nobody has received it.") % {
        "trouble": plight.trouble or "–"
    }


def _sending(_plight: Plight) -> str:
    return _("The next step is on its way to Ropo One right now.")


def _unclear(_plight: Plight) -> str:
    return _(
        "The next step was sent, but nobody knows yet whether Ropo One has it; do not send it by other means."
    )


def _held(_plight: Plight) -> str:
    return _("The next step is held; a person must decide about it.")


# By step and state; a state without a step holds for every step.
_STANDS: dict[tuple[str, str], Callable[[Plight], str]] = {
    ("", "accepted"): _with_ropo,
    ("", "queued"): _queued,
    ("", "draft"): _draft,
    ("", "rejected"): _rejected,
    ("", "sending"): _sending,
    ("", "unconfirmed"): _unclear,
    ("", "held"): _held,
}


def _next(plight: Plight) -> str:
    if not plight.open_amount:
        return ""
    if plight.step and plight.state == "accepted":
        return _ropo_goes_on(plight)
    if plight.step and plight.state not in {"draft", "rejected"}:
        return ""
    return _we_may(plight)


def _ropo_goes_on(plight: Plight) -> str:
    if plight.next_status not in NO_NEXT_STEP and plight.next_date:
        return _moves_on(plight, (plight.next_date - plight.today).days)
    words = []
    if plight.status_words:
        words.append(_("At Ropo One it stands as “%(status)s”.") % {"status": plight.status_words})
    if plight.next_status == "-1":
        words.append(_("Ropo One names no next step."))
    return " ".join(words) or _("Ropo One moves it on by itself.")


def _moves_on(plight: Plight, left: int) -> str:
    near = {0: _("today"), 1: _("tomorrow")}
    when = near.get(left) or _("on %(day)s") % {"day": _day(plight.next_date or plight.today)}
    text = _("Ropo One moves it on to “%(next)s” %(when)s.")
    return text % {"next": plight.next_words or plight.next_status, "when": when}


def nearing(plight: Plight) -> str:
    """Say that Ropo One moves a claim on within a day; nothing otherwise, or when nothing is open."""
    if not plight.open_amount or not plight.next_date or plight.next_status in NO_NEXT_STEP:
        return ""
    left = (plight.next_date - plight.today).days
    return _moves_on(plight, left) if 0 <= left <= 1 else ""


def _we_may(plight: Plight) -> str:
    allowed = [
        (_("A reminder"), plight.earliest_reminder),
        (_("debt collection"), plight.earliest_collection),
    ]
    said = []
    for what, day in allowed:
        if day is None:
            continue
        when = (
            _("is allowed now") if day <= plight.today else _("is allowed from %(day)s") % {"day": _day(day)}
        )
        said.append(f"{what} {when}")
    return f"{', '.join(said)}." if said else ""


def _cost(plight: Plight) -> str:
    if plight.reported_cost:
        text = _("Ropo One has reported %(sum)s of fees and interest.")
        return text % {"sum": _money(plight.reported_cost, plight)}
    if plight.most_cost is not None and plight.step != "collection" and plight.open_amount:
        text = _("A reminder costs the debtor at most %(sum)s.")
        return text % {"sum": _money(plight.most_cost, plight)}
    return ""
