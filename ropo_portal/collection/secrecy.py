"""Room: whose address stands in a paper or a message, and whether it is protected from its reader."""

import uuid
from typing import Any

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
    for model, way in WAYS:
        debtor_id = model.objects.filter(pk=subject_id).values_list(way, flat=True).first()
        if debtor_id is not None:
            return hides_address(request, Debtor.objects.get(pk=debtor_id))
    return False
