"""Ropo's wire words, built from ours."""

from ropo_portal.ropo_one.messages.display import mask, read_back, without_address
from ropo_portal.ropo_one.messages.invoices import Channel, PrintInvoice, Row, VatGroup, print_invoice_message
from ropo_portal.ropo_one.messages.letters import Letter, letter_message
from ropo_portal.ropo_one.messages.optional import (
    OPTIONAL_FIELDS,
    AccountingRow,
    AdditionalAddress,
    Attachment,
    CashDiscount,
    Instalment,
    Kind,
    OptionalField,
    PaymentPlan,
)
from ropo_portal.ropo_one.messages.receivables import (
    CreditAllocation,
    DebtCollection,
    Payment,
    Reminder,
    credit_allocation_message,
    debt_collection_message,
    payment_message,
    reminder_message,
)
from ropo_portal.ropo_one.messages.recipients import Recipient, RecipientKind
from ropo_portal.ropo_one.messages.wire import Message, MessageError, combined

__all__ = [
    "OPTIONAL_FIELDS",
    "AccountingRow",
    "AdditionalAddress",
    "Attachment",
    "CashDiscount",
    "Channel",
    "CreditAllocation",
    "DebtCollection",
    "Instalment",
    "Kind",
    "Letter",
    "Message",
    "MessageError",
    "OptionalField",
    "Payment",
    "PaymentPlan",
    "PrintInvoice",
    "Recipient",
    "RecipientKind",
    "Reminder",
    "Row",
    "VatGroup",
    "combined",
    "credit_allocation_message",
    "debt_collection_message",
    "letter_message",
    "mask",
    "payment_message",
    "print_invoice_message",
    "read_back",
    "reminder_message",
    "without_address",
]
