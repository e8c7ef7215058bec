"""Room: mending a claim that was invoiced elsewhere and mistyped, as long as nothing came of it."""

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection.models import DebtCollectionCase, Override, Promise, Reminder
from ropo_portal.collection.operations.guards import CannotChange, locked_claim
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, PaymentReport
from ropo_portal.invoices.operations import drop_claim, refuse_handed_over, rewrite_claim

LONGEST_REASON = 500


@transaction.atomic
def correct_claim(*, claim: Claim, actor: User, at: dt.datetime, **content: Any) -> Claim:
    """
    Write a foreign claim anew; `content` are the words of `open_claim`.

    Refuses `CannotClaim` once anything of it went to Ropo One, `CannotChange` while a step or a payment is begun
    whose sum would no longer be right, and what `open_claim` refuses.
    """
    claim = locked_claim(claim)
    _refuse_begun(claim)
    return rewrite_claim(claim=claim, actor=actor, at=at, **content)


@transaction.atomic
def discard_claim(*, claim: Claim, reason: str, actor: User, at: dt.datetime) -> None:
    """
    Throw a foreign claim away of which nothing came; refuses without a reason, and what `correct_claim` refuses.

    Whatever was written about it, thrown away or not, keeps it: it can then only be corrected.
    """
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise DomainError(_("Say why it is discarded."), field="reason", code="no_reason")
    claim = locked_claim(claim)
    refuse_handed_over(claim)
    if any(rows.exists() for rows in _everything_about(claim)):
        message = _("Something was written about this claim, so it stays. Correct it instead.")
        raise CannotChange(message, code="written_about")
    drop_claim(claim=claim, reason=reason, actor=actor, at=at)


def may_mend(claim: Claim) -> bool:
    """Tell whether the claim can be corrected now."""
    try:
        refuse_handed_over(claim)
        _refuse_begun(claim)
    except DomainError:
        return False
    return True


def _refuse_begun(claim: Claim) -> None:
    steps: list[Any] = [Reminder, DebtCollectionCase]
    settlements: list[Any] = [BypassPayment, CreditAllocation]
    begun = [model.objects.filter(claim=claim, discarded_at=None) for model in steps]
    begun += [model.objects.filter(claim=claim, withdrawn_at=None) for model in settlements]
    if any(rows.exists() for rows in [*begun, PaymentReport.objects.filter(claim=claim)]):
        message = _("A reminder, a debt collection or a payment of this claim is begun. Discard it first.")
        raise CannotChange(message, code="begun")


def _everything_about(claim: Claim) -> list[models.QuerySet[Any]]:
    tables: list[Any] = [
        Reminder,
        DebtCollectionCase,
        Override,
        BypassPayment,
        CreditAllocation,
        PaymentReport,
        Promise,
    ]
    return [model.objects.filter(claim=claim) for model in tables]
