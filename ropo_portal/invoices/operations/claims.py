"""Room: opening claims: of an invoice of ours on demand, or of one that was invoiced elsewhere."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days, money
from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.identifiers import normalized_number
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.invoices.numbering import ClaimTaken, free_number, free_reference, stored_reference
from ropo_portal.invoices.operations.guards import locked
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission

OLDEST_YEARS = 10
LONGEST_TERM = 366


class CannotClaim(DomainError):
    """There is no claim here, or it may not be opened as written."""


@transaction.atomic
def claim_of(*, invoice: Invoice, actor: User | None, at: dt.datetime) -> Claim:
    """
    Return the claim of an invoice of ours; it is made when it is first asked for.

    Refuses `CannotClaim` while Ropo One has not taken the invoice: nobody owes what nobody was sent.
    """
    invoice = locked(invoice)
    found = Claim.objects.with_parties().filter(invoice=invoice).first()
    if found is not None:
        return found
    if invoice.state != Submission.State.ACCEPTED:
        message = _("Ropo One has not taken this invoice, so there is no claim yet.")
        raise CannotClaim(message, code="not_accepted")
    claim = Claim(
        debtor=invoice.debtor,
        number=invoice.number,
        reference=invoice.reference,
        invoice_date=invoice.invoice_date,
        due_date=invoice.due_date,
        principal=invoice.total_amount,
        invoice=invoice,
    )
    return _opened(claim, invoice.environment, actor, at)


@transaction.atomic
def open_claim(
    *,
    environment: CreditorEnvironment,
    debtor: Debtor,
    number: str,
    reference: str,
    invoice_date: dt.date,
    due_date: dt.date,
    principal: Decimal,
    actor: User,
    at: dt.datetime,
) -> Claim:
    """
    Open a claim that was invoiced elsewhere; the principal is what the invoice asked for, without fees or interest.

    Refuses (`DomainError` with the field's name) a number or reference that another invoice or claim has,
    debtors of others, days that cannot be, and amounts of nothing or above the limit.
    """
    claim = Claim(environment=environment)
    _write(claim, debtor, number, reference, (invoice_date, due_date), principal, at)
    return _opened(claim, environment, actor, at)


@transaction.atomic
def rewrite_claim(
    *,
    claim: Claim,
    debtor: Debtor,
    number: str,
    reference: str,
    invoice_date: dt.date,
    due_date: dt.date,
    principal: Decimal,
    actor: User,
    at: dt.datetime,
) -> Claim:
    """
    Write a claim that was invoiced elsewhere anew, as if it had been opened so.

    Refuses what `open_claim` refuses, and `CannotClaim` for a claim of our own invoice or one of whose number
    anything was ever handed to Ropo One; the database refuses the same.
    """
    claim = Claim.objects.select_for_update(of=("self",)).with_parties().get(pk=claim.pk)
    refuse_handed_over(claim)
    before = _facts(claim)
    _write(claim, debtor, number, reference, (invoice_date, due_date), principal, at)
    claim.number_key = normalized_number(claim.number)
    claim.save()
    _tell("corrected", claim, before, _facts(claim), actor=actor, at=at)
    return claim


@transaction.atomic
def drop_claim(*, claim: Claim, reason: str, actor: User, at: dt.datetime) -> None:
    """Erase a claim that was invoiced elsewhere and of which nothing came; the history keeps what it was."""
    claim = Claim.objects.select_for_update(of=("self",)).with_parties().get(pk=claim.pk)
    refuse_handed_over(claim)
    _tell("discarded", claim, _facts(claim), {}, reason=reason, actor=actor, at=at)
    claim.delete()


def refuse_handed_over(claim: Claim) -> None:
    """Refuse with `CannotClaim` where the claim is no longer ours alone."""
    if claim.invoice_id:
        message = _("This is the claim of your own invoice; correct it by a credit note.")
        raise CannotClaim(message, code="own_invoice")
    same = Submission.objects.filter(environment_id=claim.environment_id, number_key=claim.number_key)
    if same.exclude(state=Submission.State.CANCELLED).exists():
        message = _("Something of this claim was handed to Ropo One, so it can no longer be changed here.")
        raise CannotClaim(message, code="handed_over")


def _write(
    claim: Claim,
    debtor: Debtor,
    number: str,
    reference: str,
    dates: tuple[dt.date, dt.date],
    principal: Decimal,
    at: dt.datetime,
) -> None:
    environment = claim.environment
    if debtor.creditor_id != environment.creditor_id:
        message = _("This debtor was not found among the creditor's debtors.")
        raise CannotClaim(message, field="debtor", code="debtor_not_found")
    _refuse_days(*dates, environment.today(at))
    _refuse_amount(principal)
    claim.debtor, claim.principal = debtor, principal
    claim.invoice_date, claim.due_date = dates
    if not claim.number_key or normalized_number(number) != claim.number_key:
        claim.number = free_number(number, environment=environment)
    if not claim.reference or stored_reference(reference) != claim.reference:
        claim.reference = free_reference(reference, environment=environment)


def _opened(claim: Claim, environment: CreditorEnvironment, actor: User | None, at: dt.datetime) -> Claim:
    claim.creditor_id, claim.environment = environment.creditor_id, environment
    claim.number_key, claim.created_at = normalized_number(claim.number), at
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as error:
        other = Claim.objects.filter(environment=environment, number_key=claim.number_key).first()
        if other is None:
            raise
        raise ClaimTaken(other) from error
    _tell("opened", claim, None, _facts(claim), actor=actor, at=at)
    return Claim.objects.with_parties().get(pk=claim.pk)


def _tell(
    what: str, claim: Claim, before: dict[str, str] | None, after: dict[str, str], **facts: Any
) -> None:
    creditor_id = claim.creditor_id
    record(verb=f"claim.{what}", subject=claim, creditor_id=creditor_id, before=before, after=after, **facts)


def _facts(claim: Claim) -> dict[str, str]:
    """Business fields as the history keeps them; the debtor by number and never by name."""
    return {
        "debtor": claim.debtor.customer_number or str(claim.debtor_id),
        "invoice": str(claim.invoice_id or ""),
        **{name: str(getattr(claim, name)) for name in FACTS},
    }


FACTS = ("number", "reference", "invoice_date", "due_date", "principal")


def _refuse_days(invoice_date: dt.date, due_date: dt.date, today: dt.date) -> None:
    earliest = days.years_later(today, -OLDEST_YEARS)
    if not earliest <= invoice_date <= today:
        message = _("The date is outside the accepted range, %(earliest)s to %(latest)s.")
        raise _wrong_day(message, "invoice_date", "date_range", earliest=earliest, latest=today)
    if due_date < invoice_date:
        message = _(
            "The due date %(due)s lies before the invoice date %(date)s; it must be the same day or later."
        )
        raise _wrong_day(message, "due_date", "due_before_date", due=due_date, date=invoice_date)
    if (due_date - invoice_date).days > LONGEST_TERM:
        message = _("The due date %(due)s lies more than a year after the invoice date %(date)s.")
        raise _wrong_day(message, "due_date", "due_too_late", due=due_date, date=invoice_date)


def _wrong_day(message: str | Promise, field: str, code: str, **values: dt.date) -> CannotClaim:
    language = get_language() or "en"
    shown = {name: days.format_date(day, language) for name, day in values.items()}
    return CannotClaim(sentence(message, **shown), field=field, code=code)


def _refuse_amount(principal: Decimal) -> None:
    if principal <= 0:
        message = _("The principal must be above zero; a claim is reduced by a credit note.")
        raise CannotClaim(message, field="principal", code="not_positive")
    if principal != money.money(principal):
        raise CannotClaim(_("Use at most two decimals."), field="principal", code="too_many_decimals")
    if principal > money.LIMIT:
        limit = money.format_amount(money.LIMIT, get_language() or "en")
        above = sentence(_("The amount is above the limit of %(limit)s."), limit=limit)
        raise CannotClaim(above, field="principal", code="above_limit")
