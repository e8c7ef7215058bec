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


def news_of(one: Claim | Invoice, *, submissions: Iterable[uuid.UUID] | None = None) -> Any:
    """Return all that Ropo One told of the number, each piece once; who knows the submissions it is about names them."""
    if submissions is None:
        own = Submission.objects.filter(environment_id=one.environment_id, number_key=one.number_key)
        submissions = own.values_list("pk", flat=True)
    about = Q(submission__in=list(submissions)) | Q(submission=None, number_key=one.number_key)
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


def claim_of(invoice: Invoice) -> Claim | None:
    """Give the invoice's claim with its sums; what the two share is not asked for again."""
    found = Claim.objects.with_parts().filter(invoice=invoice).first()
    if found is not None:
        found.invoice, found.environment = invoice, invoice.environment
        if found.debtor_id == invoice.debtor_id:
            found.debtor = invoice.debtor
    return found


def claim_to_look_at(invoice: Invoice) -> Claim:
    """Give the invoice's claim with its sums, or one that is not kept: looking alone does not make one."""
    return claim_of(invoice) or unkept_claim(invoice)


def unkept_claim(invoice: Invoice) -> Claim:
    """Give a claim as the invoice's would be."""
    head = {name: getattr(invoice, name) for name in HEAD}
    claim = Claim(invoice=invoice, principal=invoice.total_amount, **head)
    nothing = Decimal(0)
    vars(claim).update(balance_now=invoice.total_amount, paid_now=nothing, credited_now=nothing)
    return claim
