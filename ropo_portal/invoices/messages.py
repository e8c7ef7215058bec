"""Room: invoices, and what lowers them, in Ropo's words."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ropo_portal import days, money
from ropo_portal.invoices.extras import ADDRESS_PARTS, CASH_DISCOUNTS
from ropo_portal.invoices.models import (
    BypassPayment,
    CreditAllocation,
    CreditNote,
    CreditNoteRow,
    Invoice,
    InvoiceRow,
)
from ropo_portal.invoices.payable import job_key
from ropo_portal.parties.models import Channel, Debtor
from ropo_portal.ropo_one import messages as wire
from ropo_portal.ropo_one.messages.wire import country_text

CHANNELS = {
    Channel.POST: wire.Channel.POST,
    Channel.EMAIL: wire.Channel.EMAIL,
    Channel.EINVOICE: wire.Channel.EINVOICE,
    Channel.CONSUMER_EINVOICE: wire.Channel.CONSUMER_EINVOICE,
}
# Extras that pass through as they are; the others are put together below.
DIRECT: tuple[str, ...] = (
    "internal_reference",
    "seller",
    "seller_code",
    "delivery_method",
    "delivery_term",
    "collection_process",
    "finance",
    "period",
    "vat_period",
    "voucher_batch",
    "voucher_number",
    "post_class",
    "print_operator",
    "template",
    "template_model",
)
FLAGS: tuple[str, ...] = ("fixed_fee", "color", "reverse_charge", "cash_receipt", "no_automatic_reminders")
# Ropo has no member for the date of supply, so it stands in the text, in the language of the letter.
SUPPLIED = {"fi": "Toimituspäivä", "sv": "Leveransdatum", "nb": "Leveringsdato", "en": "Date of supply"}


def invoice_message(invoice: Invoice) -> wire.Message:
    """Build the print invoice with the very sums the clerk saw; raises `MessageError` when Ropo would not take it."""
    rows = list(invoice.rows.all())
    totals = money.totals(rows)
    extras = invoice.extras
    return wire.print_invoice_message(
        wire.PrintInvoice(
            recipient=_recipient(invoice.debtor, extras),
            number=invoice.number,
            reference=invoice.reference,
            invoice_date=invoice.invoice_date,
            due_date=invoice.due_date,
            channel=CHANNELS[Channel(invoice.channel)],
            einvoice_payment_id=extras.get("einvoice_payment_id", ""),
            rows=tuple(_row(row, amounts) for row, amounts in zip(rows, totals.rows, strict=True)),
            vat_groups=tuple(
                wire.VatGroup(group.rate, group.net, group.vat, group.total) for group in totals.groups
            ),
            net=totals.net,
            vat=totals.vat,
            total=totals.total,
            extras=_extras(invoice),
        ),
    )


def payment_message(payment: BypassPayment) -> wire.Message:
    """Build the payment; Ropo has no known word for a cancellation of capital, so that one goes without a type."""
    kind = payment.kind if payment.kind == BypassPayment.Kind.DIRECT else ""
    return wire.payment_message(
        wire.Payment(
            amount=payment.amount,
            paid_date=payment.paid_date,
            kind=kind,
            description=payment.description,
            **job_key(payment.claim),
        )
    )


def allocation_message(allocation: CreditAllocation) -> wire.Message:
    """Build the allocation; its amount is positive."""
    return wire.credit_allocation_message(
        wire.CreditAllocation(
            amount=allocation.amount,
            credit_date=allocation.date,
            kind=allocation.kind,
            credit_note_number=allocation.credit_note_number,
            description=allocation.description,
            **job_key(allocation.claim),
        )
    )


def credit_note_message(note: CreditNote) -> wire.Message:
    """Build the crediting invoice: prices and sums turn negative, quantities never do."""
    invoice, rows = note.invoice, list(note.rows.select_related("row"))
    job = invoice.submission.ropo_job_id if note.is_placed and invoice.submission else ""
    texts = {name: getattr(invoice, name) for name in ("our_reference", "your_reference", "order_number")}
    return wire.print_invoice_message(
        wire.PrintInvoice(
            recipient=_recipient(invoice.debtor, invoice.extras),
            number=note.number,
            reference=note.reference,
            invoice_date=note.date,
            due_date=note.date,
            channel=CHANNELS[Channel(invoice.channel)],
            einvoice_payment_id=invoice.extras.get("einvoice_payment_id", ""),
            rows=tuple(_credited_row(row) for row in rows),
            vat_groups=_credited_groups(rows),
            net=-note.net_amount,
            vat=-note.vat_amount,
            total=-note.total_amount,
            credited_job_id=job,
            credited_number=invoice.number if note.is_placed and not job else "",
            extras={name: text for name, text in {**texts, "free_text": note.reason}.items() if text},
        )
    )


def _credited_row(credited: CreditNoteRow) -> wire.Row:
    row = credited.row
    return wire.Row(
        description=row.description,
        quantity=credited.quantity,
        unit=row.unit,
        unit_price=-credited.unit_price,
        vat_rate=row.vat_rate,
        discount=row.discount or None,
        net=-credited.net,
        vat=-credited.vat,
        total=-(credited.net + credited.vat),
        product_number=row.product_number,
    )


def _credited_groups(rows: list[CreditNoteRow]) -> tuple[wire.VatGroup, ...]:
    sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for credited in rows:
        net, vat = sums.get(credited.row.vat_rate, (Decimal(0), Decimal(0)))
        sums[credited.row.vat_rate] = net - credited.net, vat - credited.vat
    return tuple(
        wire.VatGroup(rate, net, vat, net + vat) for rate, (net, vat) in sorted(sums.items(), reverse=True)
    )


def _recipient(debtor: Debtor, extras: Mapping[str, Any]) -> wire.Recipient:
    """Say who the debtor is; a person's identity code stays here, because a print invoice does not need it."""
    return wire.Recipient(
        kind=debtor.kind,
        name=debtor.name,
        street=debtor.street,
        postcode=debtor.postcode,
        city=debtor.city,
        country=debtor.country,
        extra_line_1=debtor.extra_line_1,
        extra_line_2=debtor.extra_line_2,
        email=debtor.email,
        email_2=extras.get("second_email", ""),
        phone=debtor.phone,
        einvoice_address=debtor.einvoice_address,
        einvoice_operator=debtor.einvoice_operator,
        customer_number=debtor.customer_number,
        national_id=debtor.business_id,
        vat_id=debtor.vat_id,
        language=debtor.letter_language,
        contact_person=extras.get("contact_person", ""),
    )


def _row(row: InvoiceRow, amounts: money.RowAmounts) -> wire.Row:
    return wire.Row(
        description=row.description,
        quantity=row.quantity,
        unit=row.unit,
        unit_price=row.unit_price,
        vat_rate=row.vat_rate,
        discount=row.discount or None,
        net=amounts.net,
        vat=amounts.vat,
        total=amounts.total,
        product_number=row.product_number,
        free_text=row.free_text,
        start_date=row.start_date,
        end_date=row.end_date,
    )


def _extras(invoice: Invoice) -> dict[str, Any]:
    extras = invoice.extras
    given: dict[str, Any] = {name: extras[name] for name in DIRECT if extras.get(name)}
    given |= {name: True for name in FLAGS if extras.get(name)}
    given |= {
        "our_reference": invoice.our_reference,
        "your_reference": invoice.your_reference,
        "order_number": invoice.order_number,
        "free_text": _free_text(invoice),
        "late_interest": _number(extras, "late_interest"),
        "accounting_date": extras.get("accounting_date"),
        "country_of_registration": country_text(extras.get("country_of_registration", "")),
        "cash_discounts": _cash_discounts(extras),
        "payment_plan": _payment_plan(extras),
        "additional_addresses": [
            _address(extras, kind) for kind in ("delivery", "billing") if _has(extras, kind)
        ],
        "accounting_rows": [_posting(row) for row in extras.get("accounting_rows") or []],
        "attachments": [
            wire.Attachment(file.name, bytes(file.content)) for file in invoice.attachments.all()
        ],
    }
    return {name: value for name, value in given.items() if value not in (None, "", [])}


def _free_text(invoice: Invoice) -> str:
    if not invoice.supply_date or invoice.supply_date == invoice.invoice_date:
        return invoice.free_text
    language = invoice.debtor.letter_language
    line = f"{SUPPLIED.get(language, SUPPLIED['en'])} {days.format_date(invoice.supply_date, language)}"
    return f"{invoice.free_text}\n{line}".strip()


def _number(extras: Mapping[str, Any], name: str) -> Decimal | None:
    value = extras.get(name)
    return Decimal(value) if value not in (None, "") else None


def _cash_discounts(extras: Mapping[str, Any]) -> list[wire.CashDiscount]:
    starts = [f"cash_discount_{place}" for place in range(1, CASH_DISCOUNTS + 1)]
    return [
        wire.CashDiscount(
            date=dt.date.fromisoformat(extras[f"{start}_date"]),
            percent=_number(extras, f"{start}_percent"),
            amount=_number(extras, f"{start}_amount"),
            text=extras.get(f"{start}_text", ""),
        )
        for start in starts
        if extras.get(f"{start}_date")
    ]


def _payment_plan(extras: Mapping[str, Any]) -> wire.PaymentPlan | None:
    parts = extras.get("plan_instalments") or []
    if parts:
        instalments = (wire.Instalment(dt.date.fromisoformat(day), Decimal(amount)) for day, amount in parts)
        return wire.PaymentPlan(instalments=tuple(instalments))
    if not extras.get("plan_months"):
        return None
    count = extras.get("plan_count")
    return wire.PaymentPlan(
        months_between=int(extras["plan_months"]),
        count=int(count) if count else None,
        amount=_number(extras, "plan_amount"),
    )


def _has(extras: Mapping[str, Any], kind: str) -> bool:
    return any(extras.get(f"{kind}_{part}") for part in ADDRESS_PARTS)


def _address(extras: Mapping[str, Any], kind: str) -> wire.AdditionalAddress:
    return wire.AdditionalAddress(
        kind=kind, **{part: extras.get(f"{kind}_{part}", "") for part in ADDRESS_PARTS}
    )


def _posting(row: Mapping[str, Any]) -> wire.AccountingRow:
    return wire.AccountingRow(
        account=row["account"],
        text=row.get("text", ""),
        debit=_number(row, "debit"),
        credit=_number(row, "credit"),
        net=_number(row, "net"),
        vat=_number(row, "vat"),
        vat_rate=_number(row, "vat_rate"),
        vat_code=row.get("vat_code", ""),
        dimension_name=row.get("dimension_name", ""),
        dimensions=tuple(row.get("dimensions", ())),
    )
