"""Room: what clerks type about invoices."""

from ropo_portal.invoices.forms.acts import AttachmentForm, RevisionForm, SendForm
from ropo_portal.invoices.forms.credits import CreditSheet
from ropo_portal.invoices.forms.filters import FilterForm
from ropo_portal.invoices.forms.payments import AllocationForm, PaymentForm
from ropo_portal.invoices.forms.sheet import InvoiceSheet

__all__ = [
    "AllocationForm",
    "AttachmentForm",
    "CreditSheet",
    "FilterForm",
    "InvoiceSheet",
    "PaymentForm",
    "RevisionForm",
    "SendForm",
]
