"""Room: the postings of one invoice, oldest first, with what was tried."""

from ropo_portal.invoices.models import Invoice
from ropo_portal.submissions.models import Submission


def chain_of(invoice: Invoice) -> list[Submission]:
    """Return every submission of the invoice with its attempts, in two questions."""
    if invoice.submission_id is None:
        return []
    found = Submission.objects.filter(document_id=invoice.pk, environment_id=invoice.environment_id)
    return list(found.defer("payload").prefetch_related("attempts").order_by("sequence"))
