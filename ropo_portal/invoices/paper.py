"""Room: how an invoice looks on paper: our own draft, and Ropo's picture of it before it is sent."""

import hashlib
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext, override

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.documents.drafts import (
    Draft,
    DraftCreditor,
    DraftKind,
    DraftRecipient,
    DraftRow,
    draft_image,
    draft_pdf,
)
from ropo_portal.identifiers import format_postcode
from ropo_portal.invoices.content import InvoiceContent, RowContent
from ropo_portal.invoices.messages import invoice_message
from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.operations import CannotPost
from ropo_portal.submissions.operations.queueing import Postable


def message_of(invoice: Invoice) -> Postable:
    """Build the message; what Ropo would never take is a refusal, not a crash."""
    try:
        return invoice_message(invoice)
    except ValueError as error:
        raise CannotPost(str(error), code="no_message") from error


def fingerprint_of(message: Postable) -> str:
    """Return the fingerprint of the very bytes that would be sent."""
    return hashlib.sha256(message.to_bytes()).hexdigest()


def letter_pdf(invoice: Invoice, *, hides_address: bool = False) -> bytes:
    """Return our draft of the invoice, without the debtor's address where the reader may not see it."""
    return draft_pdf(letter(InvoiceContent.of(invoice), invoice.environment, hides_address=hides_address))


def letter_picture(content: InvoiceContent, environment: CreditorEnvironment) -> bytes:
    """Return the first page of our draft as PNG."""
    return draft_image(letter(content, environment))


def letter(
    content: InvoiceContent, environment: CreditorEnvironment, *, hides_address: bool = False
) -> Draft:
    """Lay out what a clerk wrote as a letter in the debtor's language."""
    language = content.debtor.letter_language
    interest = content.extras.get("late_interest")
    with override(language):
        stamp, secret = gettext("Draft"), gettext("protected address")
    recipient = _recipient(content.debtor, environment)
    return Draft(
        kind=DraftKind.INVOICE,
        creditor=_creditor(environment.creditor),
        recipient=replace(recipient, above="", address=(secret,)) if hides_address else recipient,
        number=content.number,
        reference=content.reference,
        invoice_date=content.invoice_date,
        due_date=content.due_date,
        supply_date=content.supply_date,
        rows=tuple(_row(row) for row in content.rows),
        sums=content.totals,
        currency=environment.currency,
        country=environment.country,
        language=language,
        our_reference=content.our_reference,
        your_reference=content.your_reference,
        order_number=content.order_number,
        free_text=content.free_text,
        late_interest=Decimal(interest) if interest else None,
        stamp=stamp,
    )


def _creditor(creditor: Creditor) -> DraftCreditor:
    return DraftCreditor(
        name=creditor.name,
        address=(creditor.street, f"{format_postcode(creditor.country, creditor.postcode)} {creditor.city}"),
        business_id=creditor.business_id,
        vat_id=creditor.vat_id,
        iban=creditor.iban,
        bic=creditor.bic,
        email=creditor.email,
        phone=creditor.phone,
    )


def _recipient(debtor: Debtor, environment: CreditorEnvironment) -> DraftRecipient:
    """Write the address as it stands on an envelope that is posted in the environment's country."""
    lines = (
        debtor.extra_line_2,
        debtor.street,
        f"{format_postcode(debtor.country, debtor.postcode)} {debtor.city}",
        "" if debtor.country == environment.country else str(debtor.country_name),
    )
    return DraftRecipient(
        above=debtor.extra_line_1,
        name=debtor.name,
        address=tuple(line for line in lines if line.strip()),
        customer_number=debtor.customer_number,
        business_id=debtor.business_id,
    )


def _row(row: RowContent) -> DraftRow:
    return DraftRow(
        description=row.description,
        quantity=row.quantity,
        unit_price=row.unit_price,
        vat_rate=row.vat_rate,
        unit=row.unit,
        discount=row.discount,
        free_text=row.free_text,
    )
