"""Room: what closed a claim: the payment or credit that left nothing open, its day, and how that is said."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days, money
from ropo_portal.errors import sentence
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote
from ropo_portal.invoices.models.balance import live

REPORT, CREDIT = "report", "credit"
SAYINGS: dict[str, str | Promise] = {
    BypassPayment.Kind.DIRECT: _("It is paid: the last of it, %(sum)s, came past Ropo One on %(day)s."),
    BypassPayment.Kind.CANCELLATION: _("Nothing is open: the last of it, %(sum)s, was given up on %(day)s."),
    REPORT: _("It is paid: the last of it, %(sum)s, came in on %(day)s, as Ropo One reports."),
    CREDIT: _("Nothing is open: credit note %(number)s of %(day)s took the last of it, %(sum)s."),
}


@dataclass(frozen=True)
class Closing:
    """The movement after which nothing was open."""

    kind: str
    day: dt.date
    amount: Decimal
    number: str = ""


def closing_of(claim: Claim) -> Closing | None:
    """Return what closed the claim, None while something is open; a page asks the database once for a claim."""
    if claim.balance > 0:
        return None
    known = vars(claim)
    if "closed_by" not in known:
        known["closed_by"] = _last_of(claim)
    found: Closing | None = known["closed_by"]
    return found


def closing_words(claim: Claim) -> str | Promise:
    """Say on which day and by what the claim was closed; nothing while something is open."""
    closing = closing_of(claim)
    if closing is None:
        return "" if claim.balance > 0 else _("Nothing is open any more.")
    language = get_language() or "en"
    return sentence(
        SAYINGS[closing.kind],
        sum=money.format_money(closing.amount, claim.currency, language),
        day=days.format_date(closing.day, language),
        number=closing.number,
    )


def _last_of(claim: Claim) -> Closing | None:
    left, last = claim.principal, None
    for movement in sorted(_movements(claim), key=lambda one: one.day):
        left, last = left - movement.amount, movement
        if left <= 0:
            break
    return last


def _movements(claim: Claim) -> Iterator[Closing]:
    """Give all that lowered the claim, as the balance counts it; what is known to be nothing is not asked for."""
    known = vars(claim)
    if known.get("paid_now") != 0:
        yield from _payments(claim)
    if known.get("credited_now") != 0:
        yield from _credits(claim)


def _payments(claim: Claim) -> Iterator[Closing]:
    for payment in BypassPayment.objects.filter(live(""), claim=claim):
        yield Closing(payment.kind, payment.paid_date, payment.amount)
    for report in claim.payment_reports.unmatched():
        day = report.paid_date or claim.environment.today(report.created_at)
        yield Closing(REPORT, day, report.amount)


def _credits(claim: Claim) -> Iterator[Closing]:
    if claim.invoice_id:
        for note in CreditNote.objects.filter(live(""), invoice=claim.invoice_id, credited_amount__gt=0):
            yield Closing(CREDIT, note.date, note.credited_amount, note.number)
    foreign = {"credit_note": None, "kind": CreditAllocation.Kind.ALLOCATED}
    for credit in CreditAllocation.objects.filter(live(""), claim=claim, **foreign):
        yield Closing(CREDIT, credit.date, credit.amount, credit.credit_note_number)
