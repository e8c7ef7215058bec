"""Room: what may lower a claim now: by how much, on which day, and under which job Ropo One knows it."""

import datetime as dt
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days, money
from ropo_portal.errors import DomainError, sentence
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote, Invoice
from ropo_portal.submissions.models import Kind, Submission

State = Submission.State
DEAD = (State.REJECTED, State.CANCELLED)
Text = str | Promise


class CannotSettle(DomainError):
    """The payment or credit breaks a rule; `field` names the field of the form."""


def job_of(claim: Claim) -> Submission | None:
    """Return what Ropo One carries on for the claim; else the invoice that it printed."""
    rows = Submission.objects.filter(environment_id=claim.environment_id, number_key=claim.number_key)
    found = {row.opening: row for row in rows.exclude(state__in=DEAD).defer("payload")}
    return found.get("claim") or found.get("print")


def is_carried_on(job: Submission | None) -> bool:
    """Whether Ropo One pursues it by itself."""
    return job is not None and job.opening == "claim"


def takes_notes(job: Submission | None) -> bool:
    """Whether a credit note may name its invoice at once; reminders and collections are told of it by allocation."""
    return job is None or job.kind not in {Kind.REMINDER, Kind.DEBT_COLLECTION}


def takes_notes_now(invoice: Invoice) -> bool:
    """Whether a credit note may name this invoice at once, as things stand."""
    claim = Claim.objects.filter(invoice=invoice).first()
    return claim is None or takes_notes(job_of(claim))


def job_key(claim: Claim) -> dict[str, str]:
    """Return the one word by which Ropo One finds the job: its own number, the reference, or ours if that is shared."""
    job = job_of(claim)
    if job and job.ropo_job_id:
        return {"job_id": job.ropo_job_id}
    same = Claim.objects.filter(environment_id=claim.environment_id, reference=claim.reference)
    if same.exclude(pk=claim.pk).exists():
        return {"number": claim.number}
    return {"reference": claim.reference}


def refuse_untold(claim: Claim) -> None:
    """Refuse while Ropo One does not have the claim: it cannot book what it does not know."""
    job = job_of(claim)
    if job is None:
        message = _("Ropo One does not have this claim, so there is nothing to tell it.")
        raise CannotSettle(message, code="not_at_ropo")
    if job.state != State.ACCEPTED:
        message = _("Ropo One has not accepted %(number)s yet; this can be sent once it has.")
        raise CannotSettle(sentence(message, number=claim.number), code="parent_not_accepted")


def refuse_amount(claim: Claim, amount: Decimal) -> None:
    """Refuse what is nothing, is no sum of money, or is more than what is open."""
    if amount <= 0:
        raise CannotSettle(_("The amount must be above zero."), field="amount", code="not_positive")
    if amount != money.money(amount):
        raise CannotSettle(_("Use at most two decimals."), field="amount", code="too_many_decimals")
    if amount <= claim.open_amount:
        return
    if not claim.open_amount:
        message = _("Nothing is open of %(number)s any more.")
        raise CannotSettle(sentence(message, number=claim.number), field="amount", code="nothing_open")
    message = _(
        "Only %(open)s is open; the rest, %(rest)s, belongs to the debtor and is not sent to Ropo One."
    )
    values = {"open": claim.open_amount, "rest": amount - claim.open_amount}
    shown = {name: _written(value, claim) for name, value in values.items()}
    raise CannotSettle(sentence(message, **shown), field="amount", code="above_open")


def refuse_day(claim: Claim, day: dt.date, *, today: dt.date, field: str) -> None:
    """Refuse days to come and days before the invoice."""
    language = get_language() or "en"
    if day > today:
        message = sentence(_("The day %(day)s is still to come."), day=days.format_date(day, language))
        raise CannotSettle(message, field=field, code="future")
    if day < claim.invoice_date:
        message = _("The day %(day)s lies before the invoice date %(date)s.")
        shown = {"day": day, "date": claim.invoice_date}
        values = {name: days.format_date(value, language) for name, value in shown.items()}
        raise CannotSettle(sentence(message, **values), field=field, code="before_invoice")


def refuse_unfinished(claim: Claim, *, but: object = None) -> None:
    """Refuse while another payment or credit of the claim has no end: two of them could not be told apart."""
    waiting: list[object] = [
        *BypassPayment.objects.unfinished().filter(claim=claim),
        *CreditAllocation.objects.unfinished().filter(claim=claim),
        *unfinished_notes(claim),
    ]
    if any(other != but for other in waiting):
        message = _("Another payment or credit of %(number)s is not finished; this one waits until it is.")
        raise CannotSettle(sentence(message, number=claim.number), code="unfinished")


def unfinished_notes(claim: Claim) -> list[CreditNote]:
    """Return the credit notes of the claim's invoice without a known end."""
    if claim.invoice_id is None:
        return []
    notes = CreditNote.objects.kept().filter(invoice_id=claim.invoice_id, submission__written_off_at=None)
    return list(notes.exclude(submission__state__in=[State.ACCEPTED, *DEAD]))


def outcome(claim: Claim, amount: Decimal) -> Text:
    """Say what a sum does to the claim, before it is sent."""
    left = claim.open_amount - amount
    if left > 0:
        message = _("%(left)s stays open, and Ropo One goes on claiming it.")
        return sentence(message, left=_written(left, claim))
    if left == 0:
        return _("This closes the claim.")
    return sentence(
        _("This is %(over)s more than is open; only what is open can be sent."), over=_written(-left, claim)
    )


def _written(value: Decimal, claim: Claim) -> str:
    return money.format_money(value, claim.currency, get_language() or "en")
