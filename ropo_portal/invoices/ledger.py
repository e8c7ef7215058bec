"""Room: what came in on a claim, and what Ropo One charges beside it: payments, credits, reports, fees, interest."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote, Invoice
from ropo_portal.money import money
from ropo_portal.submissions.models import StatusUpdate, Submission

# Kinds of news that tell of costs. They are Ropo One's to claim, and never part of what is sent.
FEE, INTEREST = "fee", "interest"
HEAD = ("creditor", "environment", "debtor", "number", "number_key", "reference", "invoice_date", "due_date")


@dataclass(frozen=True)
class Costs:
    """What Ropo One has told of fees and of interest; None where it told of nothing."""

    fees: Decimal | None = None
    interest: Decimal | None = None

    @property
    def total(self) -> Decimal | None:
        """Both together, None where nothing was told."""
        if self.fees is None and self.interest is None:
            return None
        return (self.fees or Decimal(0)) + (self.interest or Decimal(0))


def costs_of(one: Claim | Invoice) -> Costs:
    """Add up the fees and the interest that Ropo One has told of."""
    kinds = news_of(one).filter(kind__in=(FEE, INTEREST), amount__isnull=False).order_by().values("kind")
    sums = {row["kind"]: money(row["sum"]) for row in kinds.annotate(sum=Sum("amount"))}
    return Costs(sums.get(FEE), sums.get(INTEREST))


def news_of(one: Claim | Invoice, *, also: Iterable[uuid.UUID] = ()) -> Any:
    """Return all that Ropo One told of the number, each piece once; `also` names submissions under other numbers."""
    own = Submission.objects.filter(environment_id=one.environment_id, number_key=one.number_key)
    submissions = [*own.values_list("pk", flat=True), *also]
    about = Q(submission__in=submissions) | Q(submission=None, number_key=one.number_key)
    return StatusUpdate.objects.journal().filter(about, environment_id=one.environment_id)


def movements(claim: Claim) -> dict[str, Any]:
    """Return everything that lowered the claim or is meant to, newest first."""
    newest = "-created_at"
    return {
        "payments": BypassPayment.objects.filter(claim=claim).with_claim().order_by(newest),
        "reports": claim.payment_reports.unmatched(),
        "credit_notes": notes_of(claim),
        "allocations": CreditAllocation.objects.filter(claim=claim).with_claim().order_by(newest),
    }


def notes_of(claim: Claim) -> Any:
    """Return the credit notes of the claim's invoice."""
    if claim.invoice_id is None:
        return CreditNote.objects.none()
    return CreditNote.objects.filter(invoice_id=claim.invoice_id).with_parties().order_by("-created_at")


def claim_to_look_at(invoice: Invoice) -> Claim:
    """Give the invoice's claim with its sums, or one that is not kept: looking alone does not make one."""
    found = Claim.objects.with_parties().with_sums().filter(invoice=invoice).first()
    if found:
        return found
    head = {name: getattr(invoice, name) for name in HEAD}
    claim = Claim(invoice=invoice, principal=invoice.total_amount, **head)
    nothing = Decimal(0)
    vars(claim).update(balance_now=invoice.total_amount, paid_now=nothing, credited_now=nothing)
    return claim
