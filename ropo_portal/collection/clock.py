"""Room: the legal clock of one claim: from which day the law lets it move on."""

import datetime as dt
from typing import TYPE_CHECKING

from ropo_portal.collection.models import DebtCollectionCase
from ropo_portal.invoices.models import Claim
from ropo_portal.rules import operations as rules

if TYPE_CHECKING:
    from ropo_portal.rules.operations import LegalClock


def clock_of(claim: Claim, *, today: dt.date, notice_date: dt.date | None = None) -> "LegalClock":
    """Ask the rules of the environment's country, for the debtor's kind."""
    return rules.legal_clock(
        country=claim.environment.country,
        debtor_kind=claim.debtor.kind,
        due_date=claim.due_date,
        notice_date=notice_date,
        last_reminder_date=notice_date,
        today=today,
    )


def notice_date_of(claim: Claim) -> dt.date | None:
    """Return the day of the creditor's own reminder, as far as a debt collection has written it down."""
    case = DebtCollectionCase.objects.kept().filter(claim=claim).only("notice_date").first()
    return case.notice_date if case else None
