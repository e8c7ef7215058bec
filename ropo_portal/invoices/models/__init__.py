"""Room: the tables of invoices, of the claims they make, and of what lowers those."""

from ropo_portal.invoices.models.approval import Approval, ApprovalQuerySet
from ropo_portal.invoices.models.batch import Batch, BatchItem, BatchItemQuerySet
from ropo_portal.invoices.models.claim import Claim, ClaimQuerySet, OfClaim
from ropo_portal.invoices.models.credit import CreditAllocation, CreditNote, CreditNoteRow
from ropo_portal.invoices.models.invoice import Invoice, InvoiceAttachment, InvoiceQuerySet, InvoiceRow
from ropo_portal.invoices.models.payment import BypassPayment, PaymentReport
from ropo_portal.invoices.models.settlement import EFFECT_DAYS, Settlement

__all__ = [
    "EFFECT_DAYS",
    "Approval",
    "ApprovalQuerySet",
    "Batch",
    "BatchItem",
    "BatchItemQuerySet",
    "BypassPayment",
    "Claim",
    "ClaimQuerySet",
    "CreditAllocation",
    "CreditNote",
    "CreditNoteRow",
    "Invoice",
    "InvoiceAttachment",
    "InvoiceQuerySet",
    "InvoiceRow",
    "OfClaim",
    "PaymentReport",
    "Settlement",
]
