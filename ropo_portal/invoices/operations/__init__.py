"""Room: what can be done to an invoice; each operation leaves one line in the history."""

from ropo_portal.invoices.changes import DocumentHasChanged
from ropo_portal.invoices.operations.claims import CannotClaim, claim_of, open_claim
from ropo_portal.invoices.operations.crediting import (
    post_credit_note,
    withdraw_credit_note,
    write_credit_note,
)
from ropo_portal.invoices.operations.files import (
    AttachmentRefused,
    attach_file,
    remove_attachment,
)
from ropo_portal.invoices.operations.guards import CannotChange
from ropo_portal.invoices.operations.many import ManyRefused, create_invoices, erase_drafts
from ropo_portal.invoices.operations.paying import (
    SecondPersonNeeded,
    confirm_twin,
    note_payment,
    post_payment,
    withdraw_payment,
)
from ropo_portal.invoices.operations.pictures import fetch_documents, keep_local_print, preview_invoice
from ropo_portal.invoices.operations.placing import note_allocation, post_allocation, withdraw_allocation
from ropo_portal.invoices.operations.posting import (
    DoubtsRemain,
    InvoiceIncomplete,
    MessageHasChanged,
    post_invoice,
    withdraw_invoice,
)
from ropo_portal.invoices.operations.racing import register_now
from ropo_portal.invoices.operations.reporting import take_in_reports
from ropo_portal.invoices.operations.writing import (
    change_invoice,
    copy_invoice,
    create_invoice,
    discard_invoice,
)
from ropo_portal.submissions.operations import AlreadyPosted, CannotPost

__all__ = [
    "AlreadyPosted",
    "AttachmentRefused",
    "CannotChange",
    "CannotClaim",
    "CannotPost",
    "DocumentHasChanged",
    "DoubtsRemain",
    "InvoiceIncomplete",
    "ManyRefused",
    "MessageHasChanged",
    "SecondPersonNeeded",
    "attach_file",
    "change_invoice",
    "claim_of",
    "confirm_twin",
    "copy_invoice",
    "create_invoice",
    "create_invoices",
    "discard_invoice",
    "erase_drafts",
    "fetch_documents",
    "keep_local_print",
    "note_allocation",
    "note_payment",
    "open_claim",
    "post_allocation",
    "post_credit_note",
    "post_invoice",
    "post_payment",
    "preview_invoice",
    "register_now",
    "remove_attachment",
    "take_in_reports",
    "withdraw_allocation",
    "withdraw_credit_note",
    "withdraw_invoice",
    "withdraw_payment",
    "write_credit_note",
]
