"""Room: telling Ropo One at once what it must know before it moves a claim on."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import sentence
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, CreditNote
from ropo_portal.invoices.operations.crediting import post_credit_note
from ropo_portal.invoices.operations.paying import post_payment
from ropo_portal.invoices.operations.placing import note_allocation, post_allocation, unplaced
from ropo_portal.invoices.payable import CannotSettle
from ropo_portal.submissions import operations as submissions
from ropo_portal.submissions.models import Submission

State = Submission.State
Untold = BypassPayment | CreditAllocation | CreditNote


@transaction.atomic
def register_now(*, claim: Claim, actor: User, at: dt.datetime) -> Submission:
    """
    Send the oldest payment or credit of the claim that Ropo One has not been told of, without its hold.

    What was written down is sent, what waits is hurried, what never left is released, a credit note that was not
    placed is. Refuses (`CannotSettle`) when nothing can be sent, and all that sending refuses.
    """
    untold = untold_of(claim)
    if not untold:
        raise CannotSettle(_("Ropo One has been told of everything."), code="nothing_untold")
    document = untold[0]
    submission = document.submission
    if submission and submission.state == State.QUEUED:
        return submissions.send_now(submission=submission, actor=actor, at=at)
    if submission and submission.state == State.HELD and submission.held_reason == "never-sent":
        return submissions.release(submission=submission, actor=actor, at=at)
    posted = _posted(document, claim, actor, at)
    return submissions.send_now(submission=posted, actor=actor, at=at)


def untold_of(claim: Claim) -> list[Untold]:
    """Return what Ropo One has not accepted, or was not told of, oldest first."""
    found: list[Untold] = []
    for model in (BypassPayment, CreditAllocation):
        rows = model.objects.kept().filter(claim=claim).exclude(submission__state=State.ACCEPTED)
        found += rows.with_claim()
    notes = CreditNote.objects.kept().filter(invoice_id=claim.invoice_id) if claim.invoice_id else []
    found += [
        note for note in notes if note.state != State.ACCEPTED or (not note.is_placed and unplaced(note))
    ]
    return sorted(found, key=lambda each: (each.created_at, each.pk))


def _posted(document: Untold, claim: Claim, actor: User, at: dt.datetime) -> Submission:
    if not document.is_open and not isinstance(document, CreditNote):
        message = _("%(what)s is under way; its own page says what can be done.")
        raise CannotSettle(sentence(message, what=str(document)), code="under_way")
    if isinstance(document, BypassPayment):
        return post_payment(payment=document, actor=actor, at=at)
    if isinstance(document, CreditAllocation):
        return post_allocation(allocation=document, actor=actor, at=at)
    if document.state != State.ACCEPTED:
        return post_credit_note(note=document, actor=actor, at=at)
    today = claim.environment.today(at)
    placed = note_allocation(
        claim=claim, amount=unplaced(document), date=today, credit_note=document, actor=actor, at=at
    )
    return post_allocation(allocation=placed, actor=actor, at=at)
