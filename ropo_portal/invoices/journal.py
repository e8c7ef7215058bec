"""Room: all that happened to a claim or an invoice in one list: our acts, and what Ropo One told, newest first."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ropo_portal import days, money
from ropo_portal.history.models import Entry
from ropo_portal.invoices.ledger import FEE, INTEREST, news_of, notes_of
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, Invoice
from ropo_portal.submissions import causes
from ropo_portal.submissions.models import StatusUpdate, Submission

LONGEST = 100
# Said by the entry before or after them, or by Ropo's own news.
QUIET = ("submission.queued", "submission.sending", "payment.reported", "invoice.previewed")
ICONS = {
    "invoice": "receipt-text", "claim": "scale", "payment": "coins", "credit_note": "file-minus",
    "allocation": "link", "reminder": "bell", "collection": "scale", "override": "users", "submission": "send",
}  # fmt: skip
TONES = ("accepted", "rejected", "unconfirmed", "held", "queued")
MESSAGE, CAPITAL_PAID = "98", "101"


@dataclass(frozen=True)
class Happening:
    """One line of the journal; `is_ours` tells our acts from Ropo's words."""

    at: dt.datetime
    title: str
    by: str
    text: str = ""
    icon: str = "circle-dot"
    state: str = "draft"
    is_ours: bool = True
    # Ropo's own words, where ours stand in the text.
    detail: str = ""


@dataclass(frozen=True)
class Journal:
    """The newest lines; `is_cut` when there are older ones."""

    events: list[Happening]
    is_cut: bool = False


def journal_of(one: Claim | Invoice, *, currency: str, subjects: Iterable[uuid.UUID] = ()) -> Journal:
    """Put our acts and Ropo's news about a claim, or about an invoice without one, in the order of time."""
    ids = {one.pk, *subjects, *(_settling(one) if isinstance(one, Claim) else ())}
    rows = Submission.objects.filter(environment_id=one.environment_id)
    rows = rows.filter(Q(document_id__in=ids) | Q(number_key=one.number_key))
    kinds = {row.pk: row for row in rows.only("pk", "kind", "number", "document_id")}
    ids |= {row.document_id for row in kinds.values()}
    acts = Entry.objects.filter(subject_id__in=[*ids, *kinds], creditor_id=one.creditor_id)
    entries = acts.exclude(verb__in=QUIET).order_by("-at", "-sequence")[: LONGEST + 1]
    news = news_of(one, submissions=kinds).order_by("-at", "-update_id")[: LONGEST + 1]
    lines = [_act(entry, kinds, currency) for entry in entries] + [_told(each, currency) for each in news]
    lines.sort(key=lambda line: line.at, reverse=True)
    return Journal(lines[:LONGEST], is_cut=len(lines) > LONGEST)


def _settling(claim: Claim) -> list[uuid.UUID]:
    rows = [model.objects.filter(claim=claim) for model in (BypassPayment, CreditAllocation)]
    payments, *others = (one.order_by().values_list("pk") for one in (*rows, notes_of(claim)))
    found = [pk for (pk,) in payments.union(*others, all=True)]
    return [claim.invoice_id, *found] if claim.invoice_id else found


def _act(entry: Entry, kinds: dict[uuid.UUID, Submission], currency: str) -> Happening:
    room, _dot, deed = entry.verb.rpartition(".")
    submission = kinds.get(entry.subject_id)
    about = f"{submission.get_kind_display()} {submission.number}" if submission else ""
    said = [about, _sum(entry.after.get("amount"), currency), entry.reason]
    return Happening(
        at=entry.at,
        title=capfirst(entry.said),
        by=entry.who,
        text=" · ".join(part for part in said if part),
        icon=ICONS.get(room, "circle-dot"),
        state=deed if deed in TONES else "draft",
    )


def _sum(value: Any, currency: str) -> str:
    try:
        return _money(Decimal(str(value)), currency) if value else ""
    except InvalidOperation:
        return ""


def _money(value: Decimal | None, currency: str) -> str:
    return "–" if value is None else money.format_money(value, currency, get_language() or "en")


def _told(update: StatusUpdate, currency: str) -> Happening:
    title, text, icon, state = _TOLD.get(update.kind, _information)(update, currency)
    by = _("Ropo One, by event") if update.source == StatusUpdate.EVENT else _("Ropo One")
    said = causes.ropo_said(text)
    detail = (
        format_html('<small class="noted" lang="{}">{}</small>', said.language, text) if said.original else ""
    )
    return Happening(update.at, title, by, str(said.sentence), icon, state, is_ours=False, detail=detail)


Words = tuple[str, str, str, str]


def _payment(update: StatusUpdate, currency: str) -> Words:
    kinds = {"1": _("paid to the principal"), "8": _("cash discount")}
    code = update.text.strip()
    parts = [kinds.get(code) or (_("kind of payment %(code)s") % {"code": code} if code else "")]
    if update.paid_date:
        parts.append(
            _("paid on %(day)s") % {"day": days.format_date(update.paid_date, get_language() or "en")}
        )
    title = _("Payment of %(sum)s") % {"sum": _money(update.amount, currency)}
    return title, " · ".join(part for part in parts if part), "coins", "accepted"


def _fee(update: StatusUpdate, currency: str) -> Words:
    title = _("Fee of %(sum)s, Ropo One's own") % {"sum": _money(update.amount, currency)}
    return title, update.text, "receipt", "unconfirmed"


def _interest(update: StatusUpdate, currency: str) -> Words:
    title = _("Interest of %(sum)s, Ropo One's own") % {"sum": _money(update.amount, currency)}
    return title, update.text, "percent", "unconfirmed"


def _comment(update: StatusUpdate, currency: str) -> Words:
    if update.code == CAPITAL_PAID:
        return _("The principal is paid"), update.text, "badge-check", "accepted"
    if update.code in {MESSAGE, ""}:
        heading = causes.ropo_said(update.heading).sentence if update.heading else _("Message")
        return str(heading), update.text, "message-square", "sending"
    return _information(update, currency)


def _information(update: StatusUpdate, currency: str) -> Words:
    """Show what nobody has explained to us: it is never an error."""
    code = update.code or update.kind or "–"
    title = _("Information from Ropo One (%(code)s)") % {"code": code}
    said = [update.heading, update.text, _money(update.amount, currency) if update.amount else ""]
    return title, " · ".join(part for part in said if part), "info", "draft"


_TOLD = {"payment": _payment, FEE: _fee, INTEREST: _interest, "comment": _comment}
