"""Room: the drafts of an import are gathered to be checked and sent together."""

import datetime as dt

from ropo_portal.accounts.models import User
from ropo_portal.imports.models import Import
from ropo_portal.invoices.models import Batch, Invoice, InvoiceQuerySet
from ropo_portal.invoices.operations import choose_invoices
from ropo_portal.invoices.operations.checking import MOST


def unsent(batch: Import) -> InvoiceQuerySet:
    """Invoices that an import brought and that may still be sent."""
    return Invoice.objects.filter(imported__batch=batch, discarded_at=None).to_send()


def gather_created(*, batch: Import, most: int = MOST, actor: User, at: dt.datetime) -> Batch:
    """
    Choose what an import brought and nobody has sent, in the order of the file, no more than go together.

    Refuses (`CannotChoose`) when nothing is left to send.
    """
    ids = unsent(batch).order_by("imported__position").values_list("pk", flat=True)[:most]
    return choose_invoices(environment=batch.environment, ids=list(ids), actor=actor, at=at)
