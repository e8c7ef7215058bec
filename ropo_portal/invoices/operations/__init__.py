"""Room: what can be done to an invoice; each operation leaves one line in the history."""

from ropo_portal.invoices.changes import DocumentHasChanged
from ropo_portal.invoices.operations.approving import (
    AlreadyAsked,
    ApprovalVoid,
    NothingToApprove,
    SamePerson,
    approve_invoice,
    ask_approval,
    is_author,
    return_invoice,
    withdraw_question,
)
from ropo_portal.invoices.operations.batching import (
    CountDiffers,
    resume_batches,
    send_batch,
    send_next,
    take_back_next,
    withdraw_batch,
)
from ropo_portal.invoices.operations.checking import (
    BatchIsSent,
    CannotChoose,
    check_batch,
    choose_invoices,
    confirm_doubts,
    look_again,
)
from ropo_portal.invoices.operations.claims import (
    CannotClaim,
    claim_of,
    drop_claim,
    open_claim,
    refuse_handed_over,
    rewrite_claim,
)
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
from ropo_portal.invoices.operations.many import ManyRefused, create_checked, create_invoices, erase_drafts
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
    ApprovalNeeded,
    DoubtsRemain,
    InvoiceIncomplete,
    MessageHasChanged,
    ReasonMissing,
    is_approval_missing,
    post_invoice,
    withdraw_invoice,
)
from ropo_portal.invoices.operations.racing import register_now
from ropo_portal.invoices.operations.reporting import take_in_reports
from ropo_portal.invoices.operations.scheduling import days_offered
from ropo_portal.invoices.operations.writing import (
    change_invoice,
    copy_invoice,
    create_invoice,
    discard_invoice,
)
from ropo_portal.submissions.operations import AlreadyPosted, CannotPost

__all__ = [
    "AlreadyAsked",
    "AlreadyPosted",
    "ApprovalNeeded",
    "ApprovalVoid",
    "AttachmentRefused",
    "BatchIsSent",
    "CannotChange",
    "CannotChoose",
    "CannotClaim",
    "CannotPost",
    "CountDiffers",
    "DocumentHasChanged",
    "DoubtsRemain",
    "InvoiceIncomplete",
    "ManyRefused",
    "MessageHasChanged",
    "NothingToApprove",
    "ReasonMissing",
    "SamePerson",
    "SecondPersonNeeded",
    "approve_invoice",
    "ask_approval",
    "attach_file",
    "change_invoice",
    "check_batch",
    "choose_invoices",
    "claim_of",
    "confirm_doubts",
    "confirm_twin",
    "copy_invoice",
    "create_checked",
    "create_invoice",
    "create_invoices",
    "days_offered",
    "discard_invoice",
    "drop_claim",
    "erase_drafts",
    "fetch_documents",
    "is_approval_missing",
    "is_author",
    "keep_local_print",
    "look_again",
    "note_allocation",
    "note_payment",
    "open_claim",
    "post_allocation",
    "post_credit_note",
    "post_invoice",
    "post_payment",
    "preview_invoice",
    "refuse_handed_over",
    "register_now",
    "remove_attachment",
    "resume_batches",
    "return_invoice",
    "rewrite_claim",
    "send_batch",
    "send_next",
    "take_back_next",
    "take_in_reports",
    "withdraw_allocation",
    "withdraw_batch",
    "withdraw_credit_note",
    "withdraw_invoice",
    "withdraw_payment",
    "withdraw_question",
    "write_credit_note",
]
