"""Room: what Ropo One tells of money, taken in once and matched to what we had registered ourselves; repeatable."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import F, OuterRef
from django.db.models.functions import Coalesce

from ropo_portal.history.operations import record
from ropo_portal.invoices.models import BypassPayment, Claim, CreditAllocation, Invoice, PaymentReport
from ropo_portal.invoices.operations.claims import claim_of
from ropo_portal.invoices.operations.settling import locked_claim, tell
from ropo_portal.submissions.models import SETTLING, StatusUpdate, Submission
from ropo_portal.submissions.operations import confirm_by_news

LIMIT = 1000
CAPITAL_PAID = "101"
State = Submission.State


def take_in_reports(*, at: dt.datetime) -> int:
    """Turn payments that Ropo tells of into reports, match our own, and note effects; return how many were new."""
    numbers = Coalesce("submission__number_key", "number_key")
    news = StatusUpdate.objects.payments().filter(payment_report=None).annotate(about=numbers)
    count = 0
    for owner in (Claim.objects, Invoice.objects.filter(claim=None, submission__state=State.ACCEPTED)):
        ours = owner.filter(environment=OuterRef("environment"), number_key=OuterRef("about"))
        found = news.annotate(owner=ours.values("pk")[:1]).filter(owner__isnull=False)
        for update in found.order_by("received_at", "update_id")[:LIMIT]:
            count += _taken_in(update, owner.get(pk=vars(update)["owner"]), at)
    for claim_id in _waiting_claims():
        _match(claim_id, at)
    return count


@transaction.atomic
def _taken_in(update: StatusUpdate, owner: Claim | Invoice, at: dt.datetime) -> bool:
    claim = owner if isinstance(owner, Claim) else claim_of(invoice=owner, actor=None, at=at)
    claim = locked_claim(claim)
    facts = {"claim": claim, "amount": update.amount, "paid_date": update.paid_date, "created_at": at}
    report, is_new = PaymentReport.objects.get_or_create(update=update, defaults=facts)
    if not is_new:
        return False
    report.payment = _own(report)
    report.save(update_fields=["payment"])
    after = {"amount": str(report.amount), "paid_date": str(report.paid_date), "update": update.update_id}
    record(
        verb="payment.reported",
        subject=claim,
        creditor_id=claim.creditor_id,
        after={**after, "ours": report.payment_id is not None},
        actor=None,
        at=at,
    )
    if report.payment:
        _confirm(report.payment, update, at)
    return True


def _own(report: PaymentReport) -> BypassPayment | None:
    """Find the oldest payment of ours that this may be: same sum and day, sent before the news came, not told yet."""
    mine = BypassPayment.objects.kept().filter(
        claim=report.claim, amount=report.amount, paid_date=report.paid_date, report=None
    )
    arrived = [State.UNCONFIRMED, State.ACCEPTED, State.HELD]
    sent = mine.filter(submission__state__in=arrived).exclude(submission__held_reason="never-sent")
    early = sent.filter(submission__queued_at__lte=report.update.received_at)
    return early.select_related("submission", "claim").order_by("created_at", "id").first()


def _waiting_claims() -> list[uuid.UUID]:
    """Claims with something sent whose effect nobody has seen yet."""
    waiting = {"effect": None, "submission__state__in": [State.ACCEPTED, State.UNCONFIRMED, State.HELD]}
    found: set[uuid.UUID] = set()
    for model in (BypassPayment, CreditAllocation):
        found |= set(model.objects.kept().filter(**waiting).values_list("claim_id", flat=True)[:LIMIT])
    return sorted(found)


@transaction.atomic
def _match(claim_id: uuid.UUID, at: dt.datetime) -> None:
    claim = locked_claim(Claim(pk=claim_id))
    for report in claim.payment_reports.unmatched().select_related("update").order_by("created_at", "id"):
        own = _own(report)
        if own:
            report.payment = own
            report.save(update_fields=["payment"])
            _confirm(own, report.update, at)
    _note_closing(locked_claim(claim), at)


def _note_closing(claim: Claim, at: dt.datetime) -> None:
    """Take the news that the capital is paid for the effect of whatever left nothing open."""
    for model in (BypassPayment, CreditAllocation):
        rows = model.objects.kept().filter(claim=claim, effect=None, submission__state=State.ACCEPTED)
        for settlement in rows.filter(amount=F("open_before")).select_related("submission"):
            told = StatusUpdate.objects.trusted().filter(
                environment_id=claim.environment_id, number_key=claim.number_key, code=CAPITAL_PAID
            )
            update = told.filter(received_at__gte=settlement.submission.queued_at).first()
            if update:
                settlement.claim = claim
                _confirm(settlement, update, at)


def _confirm(settlement: BypassPayment | CreditAllocation, update: StatusUpdate, at: dt.datetime) -> None:
    submission = settlement.submission
    if submission and submission.kind in SETTLING:
        confirm_by_news(submission=submission, update=update, at=at)
    settlement.effect = update
    settlement.save(update_fields=["effect"])
    tell("effect_seen", settlement, after={"update": update.update_id}, actor=None, at=at)
