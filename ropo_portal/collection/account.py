"""Room: the account of one debtor: what is open by currency, how late it pays, and what Ropo still does to it."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from django.db.models import Q

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.models import DebtCollectionCase, Promise, Reminder
from ropo_portal.invoices.models import BypassPayment, Claim, Invoice, PaymentReport
from ropo_portal.parties.models import Debtor, Flag
from ropo_portal.submissions.models import Submission

MOST_CLAIMS, SHOWN = 500, 20
GONE = ("sending", "unconfirmed", "held", "accepted")


@dataclass
class Sum:
    """What is open in one environment."""

    environment: CreditorEnvironment
    open_amount: Decimal = Decimal(0)
    overdue_amount: Decimal = Decimal(0)
    count: int = 0


@dataclass(frozen=True)
class Account:
    """One look at a debtor's money; every list has a bound, and so has the number of questions asked."""

    sums: list[Sum]
    open_claims: list[Claim]
    closed_claims: list[Claim]
    drafts: list[Invoice]
    promises: list[tuple[Promise, str]]
    submissions: list[Submission]
    at_ropo: list[Submission] = field(default_factory=list)
    days_late: int | None = None
    has_more: bool = False


def account_of(debtor: Debtor, *, at: dt.datetime) -> Account:
    """Look at what a debtor owes, doubles included."""
    whose = debtor.with_doubles()
    claims = list(
        Claim.objects.filter(debtor_id__in=whose)
        .select_related("environment__creditor", "debtor")
        .with_balance()
        .order_by("-due_date", "-id")[:MOST_CLAIMS]
    )
    opened = [claim for claim in claims if claim.open_amount]
    closed = [claim for claim in claims if not claim.open_amount]
    submissions = list(_submissions(whose))
    return Account(
        sums=_sums(opened, at),
        open_claims=opened[::-1][:SHOWN],
        closed_claims=closed[:SHOWN],
        drafts=list(_drafts(whose)),
        promises=_promises(whose, at),
        submissions=submissions[:SHOWN],
        at_ropo=_at_ropo(debtor, opened, submissions, at),
        days_late=_days_late(whose),
        has_more=len(opened) > SHOWN or len(closed) > SHOWN,
    )


def _sums(claims: Iterable[Claim], at: dt.datetime) -> list[Sum]:
    found: dict[uuid.UUID, Sum] = {}
    for claim in claims:
        total = found.setdefault(claim.environment_id, Sum(claim.environment))
        total.open_amount += claim.open_amount
        total.count += 1
        if claim.due_date < claim.environment.today(at):
            total.overdue_amount += claim.open_amount
    return sorted(found.values(), key=lambda total: total.environment.name)


def _drafts(whose: list[uuid.UUID]) -> Iterable[Invoice]:
    found = Invoice.objects.filter(debtor_id__in=whose, discarded_at=None, claim=None)
    related = found.select_related("submission", "environment__creditor").defer("submission__payload")
    return related.order_by("-created_at", "-id")[:SHOWN]


def _promises(whose: list[uuid.UUID], at: dt.datetime) -> list[tuple[Promise, str]]:
    about = Q(debtor_id__in=whose) | Q(claim__debtor_id__in=whose)
    found = (
        Promise.objects.filter(about)
        .with_standing()
        .select_related("environment__creditor", "claim", "noted_by")[:SHOWN]
    )
    return [(promise, promise.standing(on=promise.environment.today(at))) for promise in found]


def _submissions(whose: list[uuid.UUID]) -> Iterable[Submission]:
    about = Q(document_id__in=Invoice.objects.filter(debtor_id__in=whose).values("pk"))
    for model in (Reminder, DebtCollectionCase):
        about |= Q(document_id__in=model.objects.filter(claim__debtor_id__in=whose).values("pk"))
    return Submission.objects.filter(about).defer("payload").order_by("-queued_at", "-id")[:MOST_CLAIMS]


def _at_ropo(
    debtor: Debtor, opened: Iterable[Claim], submissions: Iterable[Submission], at: dt.datetime
) -> list[Submission]:
    """Return what left before a flag was set and goes on by itself: only a person can tell Ropo One to stop."""
    on = min((claim.environment.today(at) for claim in opened), default=at.date())
    if not Flag.objects.filter(debtor_id__in=[debtor.pk, debtor.merged_into_id]).standing(on=on).exists():
        return []
    owed = {(claim.environment_id, claim.number_key) for claim in opened}
    return [
        one
        for one in submissions
        if one.state in GONE
        and one.held_reason != Submission.HeldReason.NEVER_SENT
        and (_goes_on(one) or one.state != Submission.State.ACCEPTED)
        and (one.state != Submission.State.ACCEPTED or (one.environment_id, one.number_key) in owed)
    ]


def _goes_on(submission: Submission) -> bool:
    return submission.opening == "claim" or submission.ropo_next_status not in {"", "-1"}


def _days_late(whose: list[uuid.UUID]) -> int | None:
    """Return how many days after the due date money came in, on average, counting early money as in time."""
    payments = BypassPayment.objects.filter(
        claim__debtor_id__in=whose, withdrawn_at=None, kind=BypassPayment.Kind.DIRECT
    ).values_list("claim_id", "claim__due_date", "paid_date")
    reports = PaymentReport.objects.unmatched().filter(claim__debtor_id__in=whose, paid_date__isnull=False)
    seen = reports.values_list("claim_id", "claim__due_date", "paid_date")
    latest: dict[uuid.UUID, list[int]] = defaultdict(list)
    for claim_id, due_date, paid_date in chain(payments[:MOST_CLAIMS], seen[:MOST_CLAIMS]):
        latest[claim_id].append(max((paid_date - due_date).days, 0))
    if not latest:
        return None
    worst = [max(days) for days in latest.values()]
    return round(sum(worst) / len(worst))
