"""Room: whose address stands in a paper or a message, and whether it is protected from its reader."""

import uuid
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, Subquery

from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.invoices.models import Claim, CreditNote, Invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.secrecy import hides_address

WAYS: tuple[tuple[Any, str], ...] = (
    (Invoice, "debtor"),
    (Reminder, "claim__debtor"),
    (DebtCollectionCase, "claim__debtor"),
    (CreditNote, "invoice__debtor"),
    (Claim, "debtor"),
)


def hides_address_about(request: Any, subject_id: uuid.UUID) -> bool:
    """Tell whether what is about this row bears an address that the reader may not see."""
    whose = (model.objects.filter(pk=subject_id).values(way)[:1] for model, way in WAYS)
    debtor = Debtor.objects.filter(reduce(or_, (Q(pk=Subquery(one)) for one in whose))).first()
    return debtor is not None and hides_address(request, debtor)
