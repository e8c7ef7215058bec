"""Room: payments past Ropo One: written down, confirmed by a second person where they look like another, sent once."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.identifiers import check_text
from ropo_portal.invoices import payable
from ropo_portal.invoices.messages import payment_message
from ropo_portal.invoices.models import BypassPayment, Claim, PaymentReport
from ropo_portal.invoices.operations.settling import (
    built,
    locked,
    locked_claim,
    queued,
    refuse_posted,
    taken_back,
    tell,
)
from ropo_portal.invoices.payable import CannotSettle
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import CannotPost

LONGEST_DESCRIPTION = 200


class SecondPersonNeeded(CannotPost):
    """The same sum of the same day is known already; another person has to say that this is a second payment."""

    def __init__(self, payment: BypassPayment) -> None:
        message = _("The same sum with the same day is known already. Another person must confirm this one.")
        super().__init__(message, code="twin")
        self.payment = payment


@transaction.atomic
def note_payment(
    *,
    claim: Claim,
    amount: Decimal,
    paid_date: dt.date,
    kind: str = BypassPayment.Kind.DIRECT,
    description: str = "",
    actor: User,
    at: dt.datetime,
) -> BypassPayment:
    """
    Write down that money came in past Ropo One, or that capital is given up; nothing is sent yet.

    A payment that was refused or taken back before is opened again instead of written twice. Refuses (`CannotSettle`)
    amounts above what is open, days to come or before the invoice, and a second one while one is unfinished.
    """
    claim = locked_claim(claim)
    payable.refuse_amount(claim, amount)
    payable.refuse_day(claim, paid_date, today=claim.environment.today(at), field="paid_date")
    if kind not in BypassPayment.Kind.values:
        raise CannotSettle(_("Choose the kind from the list."), field="kind", code="kind_unknown")
    payable.refuse_unfinished(claim)
    payment = BypassPayment(
        claim=claim,
        amount=amount,
        paid_date=paid_date,
        kind=kind,
        description=check_text(description, LONGEST_DESCRIPTION, field="description"),
        open_before=claim.open_amount,
        written_by=actor,
        created_at=at,
    )
    payment.is_twin = _has_twin(payment)
    payment.save(force_insert=True)
    tell("noted", payment, after=_facts(payment), actor=actor, at=at)
    return payment


@transaction.atomic
def post_payment(*, payment: BypassPayment, actor: User, at: dt.datetime) -> Submission:
    """
    Put a payment into the outbox; Ropo One may close the claim by it, and it can never be taken back there.

    Refuses `AlreadyPosted`, `SecondPersonNeeded` for a twin that nobody else has confirmed, and (`CannotSettle`) what
    is above the open amount by now, what Ropo One does not have or has not accepted, overlapping ones, and one
    whose twin has become known since it was written down.
    """
    payment = locked(payment)
    refuse_posted(payment)
    if payment.is_twin and payment.confirmed_by_id is None:
        raise SecondPersonNeeded(payment)
    _refuse_new_twin(payment)
    return _sent(payment, actor, at)


@transaction.atomic
def confirm_twin(*, payment: BypassPayment, actor: User, at: dt.datetime) -> Submission:
    """Say as the second person that this is another payment and not the same once more, and send it."""
    payment = locked(payment)
    refuse_posted(payment)
    if not payment.needs_second_person:
        raise CannotSettle(_("Nobody asked for a second person here."), code="no_twin")
    if payment.written_by_id == actor.pk:
        raise CannotSettle(_("You wrote it down; another person confirms."), code="same_person")
    payment.confirmed_by, payment.confirmed_at = actor, at
    payment.save(update_fields=["confirmed_by", "confirmed_at"])
    tell("confirmed", payment, after=_facts(payment), actor=actor, at=at)
    return _sent(payment, actor, at)


@transaction.atomic
def withdraw_payment(*, payment: BypassPayment, actor: User, at: dt.datetime) -> BypassPayment:
    """Take a payment back that has not left, or that Ropo One refused; refuses (`CannotSettle`) in any other case."""
    found: BypassPayment = taken_back(locked(payment), actor, at)
    return found


def _sent(payment: BypassPayment, actor: User, at: dt.datetime) -> Submission:
    claim = payment.claim
    payable.refuse_untold(claim)
    payable.refuse_amount(claim, payment.amount)
    payable.refuse_unfinished(claim, but=payment)
    payment.open_before = claim.open_amount
    payment.save(update_fields=["open_before"])
    return queued(payment, claim, built(payment_message, payment), payment.amount, actor, at)


def _refuse_new_twin(payment: BypassPayment) -> None:
    """A payment that became known after this one was written down, or that Ropo booked while it said no."""
    if not payment.is_twin and _has_twin(payment):
        text = _(
            "A payment of the same sum and day has become known meanwhile. Take this one back; if it is another "
            "payment, write it down anew, and a second person confirms it."
        )
        raise CannotSettle(text, code="twin_has_come")


def _has_twin(payment: BypassPayment) -> bool:
    """Whether the same sum of the same day is known of the claim or of another with its reference, by whomever."""
    claims = Claim.objects.filter(
        environment_id=payment.claim.environment_id, reference=payment.claim.reference
    )
    same = {"claim__in": claims, "amount": payment.amount, "paid_date": payment.paid_date}
    return (
        BypassPayment.objects.kept().filter(**same).exclude(pk=payment.pk).exists()
        or PaymentReport.objects.unmatched().filter(**same).exists()
    )


def _facts(payment: BypassPayment) -> dict[str, str]:
    names = ("amount", "paid_date", "kind", "is_twin", "open_before")
    return {"claim": payment.claim.number, **{name: str(getattr(payment, name)) for name in names}}
