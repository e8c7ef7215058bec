"""Room: making claims of our own invoices that have fallen due; Ropo does not watch them."""

import datetime as dt

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import claim_of

MOST = 500


def gather_overdue(*, environment: CreditorEnvironment, actor: User | None, at: dt.datetime) -> int:
    """Open the claims of accepted invoices whose due date has passed; return how many were opened."""
    due = Invoice.objects.filter(environment=environment, claim=None).overdue(on=environment.today(at))
    invoices = list(due.order_by("due_date", "id")[:MOST])
    for invoice in invoices:
        claim_of(invoice=invoice, actor=actor, at=at)
    return len(invoices)


def gather_everywhere(*, at: dt.datetime) -> None:
    """Open the overdue claims of every environment whose creditor is in use; run after each round of Ropo's news."""
    for environment in CreditorEnvironment.objects.filter(creditor__is_active=True).select_related(
        "creditor"
    ):
        gather_overdue(environment=environment, actor=None, at=at)
