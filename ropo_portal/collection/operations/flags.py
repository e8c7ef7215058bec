"""Room: leaving a debtor alone: the flag, and all that still waits for the debtor taken back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ropo_portal.accounts.models import User
from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.collection.operations.approving import withdraw_case
from ropo_portal.collection.operations.posting import withdraw_reminder
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import CannotChange, withdraw_invoice
from ropo_portal.parties.models import Debtor, Flag
from ropo_portal.parties.operations import set_flag
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import TooLate

QUEUED = Submission.State.QUEUED


@dataclass(frozen=True)
class Flagged:
    """A flag that was set, and how many documents it took back before they left."""

    flag: Flag
    withdrawn: int


def flag_debtor(
    *,
    debtor: Debtor,
    kind: str,
    reason: str,
    begin_date: dt.date,
    end_date: dt.date | None,
    today: dt.date,
    actor: User,
    at: dt.datetime,
) -> Flagged:
    """
    Set a flag and take back what it stops and what has not left, each by its ordinary operation.

    The flag is there first and for itself: from then on the database lets nothing of the kind leave, so that a
    document has either left before or is taken back. Refuses what `set_flag` refuses.
    """
    flag = set_flag(
        debtor=debtor, kind=kind, reason=reason, begin_date=begin_date, end_date=end_date, today=today, actor=actor,
        at=at,
    )  # fmt: skip
    return Flagged(flag, take_back(flag, actor, at))


def take_back(flag: Flag, actor: User, at: dt.datetime) -> int:
    """Take back what a flag stops and what has not left; return how many."""
    return sum([_withdrawn(document, actor, at) for document in _waiting(flag)])


def _waiting(flag: Flag) -> list[Any]:
    """Return the queued documents that the flag stops, those of the debtor's doubles too."""
    whose = flag.debtor.with_doubles()
    claims = {"claim__debtor_id__in": whose, "submission__state": QUEUED}
    found: list[Any] = [
        *Reminder.objects.filter(**claims).with_claim(),
        *DebtCollectionCase.objects.filter(**claims).with_claim(),
    ]
    if flag.stops_invoices:
        found += Invoice.objects.filter(debtor_id__in=whose, submission__state=QUEUED)
    return found


def _withdrawn(document: Any, actor: User, at: dt.datetime) -> bool:
    """Take one back; what a worker was quicker with has left, and is listed with what Ropo has."""
    try:
        if isinstance(document, Invoice):
            withdraw_invoice(invoice=document, actor=actor, at=at)
        elif isinstance(document, Reminder):
            withdraw_reminder(reminder=document, actor=actor, at=at)
        else:
            withdraw_case(case=document, actor=actor, at=at)
    except (TooLate, CannotChange):
        return False
    return True
