"""Room: what sending and taking back share for payments, allocations and credit notes; the claim is locked first."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.history.operations import record
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote
from ropo_portal.invoices.payable import CannotSettle
from ropo_portal.submissions import operations as submissions
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import AlreadyPosted, CannotPost

VERBS: dict[type[Any], str] = {
    BypassPayment: "payment",
    CreditAllocation: "allocation",
    CreditNote: "credit_note",
}
KINDS: dict[type[Any], Kind] = {
    BypassPayment: Kind.BYPASS_PAYMENT,
    CreditAllocation: Kind.CREDIT_ALLOCATION,
    CreditNote: Kind.CREDIT_NOTE,
}


def locked_claim(claim: Claim) -> Claim:
    """Lock the claim's row until the transaction ends, so that its money moves one step at a time."""
    # Read after the wait and not with it: joined rows and sums would be as they were before.
    Claim.objects.select_for_update().only("pk").get(pk=claim.pk)
    return Claim.objects.with_parties().get(pk=claim.pk)


def locked(document: Any) -> Any:
    """Lock a payment or allocation behind its claim, and let it know the claim as it stands."""
    claim = locked_claim(document.claim)
    rows = type(document).objects.select_for_update(of=("self",)).select_related("submission")
    found = rows.get(pk=document.pk)
    found.claim = claim
    return found


def refuse_posted(document: Any) -> None:
    if document.withdrawn_at:
        raise CannotPost(_("This was taken back."), code="withdrawn")
    if document.submission and document.submission.is_live:
        raise AlreadyPosted(document.submission)


def built(build: Callable[[Any], Any], document: Any) -> Any:
    """Build the message; what Ropo would never take is a refusal, not a crash."""
    try:
        return build(document)
    except ValueError as error:
        raise CannotPost(str(error), code="no_message") from error


def queued(
    document: Any, claim: Claim, message: Any, amount: Any, actor: User, at: dt.datetime
) -> Submission:
    """Promise the message, point the document to its submission, and leave the line."""
    submission = submissions.enqueue(
        kind=KINDS[type(document)],
        document_id=document.pk,
        environment=claim.environment,
        number=getattr(document, "number", claim.number),
        message=message,
        amount=amount,
        recipient=claim.debtor.name,
        customer_number=claim.debtor.customer_number,
        previous=document.submission,
        actor=actor,
        at=at,
    )
    document.submission = submission
    document.save(update_fields=["submission"])
    tell(
        "posted", document, after={"amount": str(amount), "posting": submission.sequence}, actor=actor, at=at
    )
    return submission


def taken_back(document: Any, actor: User, at: dt.datetime) -> Any:
    """Take back what has not left, was refused, or never was sent; it stays in the history."""
    submission = document.submission
    if document.withdrawn_at:
        raise CannotSettle(_("This was taken back."), code="withdrawn")
    if submission and submission.state == Submission.State.QUEUED:
        submissions.withdraw(submission=submission, actor=actor, at=at)
    elif submission and submission.is_live:
        message = _("Too late: it is on its way to Ropo One, or has arrived.")
        raise CannotSettle(message, code="too_late")
    document.withdrawn_at = at
    document.save(update_fields=["withdrawn_at"])
    tell("withdrawn", document, actor=actor, at=at)
    return document


def tell(
    verb: str,
    document: Any,
    *,
    after: dict[str, Any] | None = None,
    actor: User | None,
    at: dt.datetime,
) -> None:
    """Leave a line about a document; `verb` is without its noun."""
    record(
        verb=f"{VERBS[type(document)]}.{verb}",
        subject=document,
        creditor_id=document.creditor_id,
        after=after,
        actor=actor,
        at=at,
    )
