"""Room: writing invoices: create, change, discard, copy."""

import datetime as dt
from dataclasses import replace

from django.db import transaction

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.history.operations import record
from ropo_portal.invoices import refusals
from ropo_portal.invoices.content import InvoiceContent, changed
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.numbering import lock_series, name_invoice
from ropo_portal.invoices.operations.guards import locked, refuse_settled, refuse_stale


@transaction.atomic
def create_invoice(
    *, environment: CreditorEnvironment, content: InvoiceContent, actor: User, at: dt.datetime
) -> Invoice:
    """
    Save a new draft with a number of its own.

    Refuses (`DomainError` with the field's name) what no draft may hold, a number or reference another
    invoice has, and amounts above the limit.
    """
    series = lock_series(environment)
    _refuse_saving(content, series, at)
    invoice = Invoice(creditor=series.creditor, environment=environment, created_at=at)
    content.write_on(invoice)
    name_invoice(invoice, number=content.number, reference=content.reference, series=series)
    invoice.save(force_insert=True)
    content.write_rows(invoice)
    record(
        verb="invoice.created",
        subject=invoice,
        creditor_id=series.creditor_id,
        after={**InvoiceContent.of(invoice).facts(), "revision": invoice.revision},
        actor=actor,
        at=at,
    )
    return invoice


@transaction.atomic
def change_invoice(
    *, invoice: Invoice, content: InvoiceContent, revision: int, actor: User, at: dt.datetime
) -> Invoice:
    """
    Save what a clerk wrote over the revision she saw.

    Refuses `DocumentHasChanged` when somebody was faster, `CannotChange` when the invoice is on its way, and
    whatever `create_invoice` refuses. Saving what is there already changes nothing and leaves no line.
    """
    invoice = locked(invoice)
    refuse_stale(invoice, revision)
    refuse_settled(invoice)
    series = lock_series(invoice.environment)
    _refuse_saving(content, series, at)
    before = InvoiceContent.of(invoice).facts()
    content.write_on(invoice)
    name_invoice(invoice, number=content.number, reference=content.reference, series=series)
    content = replace(content, number=invoice.number, reference=invoice.reference)
    was, now = changed(before, content.facts())
    if not now:
        return invoice
    invoice.revision += 1
    invoice.save()
    content.write_rows(invoice)
    now["revision"] = invoice.revision
    record(
        verb="invoice.changed",
        subject=invoice,
        creditor_id=invoice.creditor_id,
        before=was,
        after=now,
        actor=actor,
        at=at,
    )
    return invoice


@transaction.atomic
def discard_invoice(*, invoice: Invoice, revision: int, actor: User, at: dt.datetime) -> Invoice:
    """Throw a draft or a rejected invoice away; it stays in the history, and its number stays taken once posted."""
    invoice = locked(invoice)
    refuse_stale(invoice, revision)
    refuse_settled(invoice)
    invoice.discarded_at = at
    invoice.revision += 1
    invoice.save(update_fields=["discarded_at", "revision"])
    after = {"discarded": True, "revision": invoice.revision}
    record(
        verb="invoice.discarded",
        subject=invoice,
        creditor_id=invoice.creditor_id,
        after=after,
        actor=actor,
        at=at,
    )
    return invoice


def copy_invoice(*, invoice: Invoice, actor: User, at: dt.datetime) -> Invoice:
    """Save a new draft with the same debtor and rows, dated today, with a number of its own."""
    environment = invoice.environment
    today = environment.today(at)
    content = replace(
        InvoiceContent.of(invoice),
        number="",
        reference="",
        invoice_date=today,
        due_date=today + dt.timedelta(days=environment.creditor.payment_term_days),
        supply_date=None,
        extras={name: value for name, value in invoice.extras.items() if not _is_dated(name)},
    )
    return create_invoice(environment=environment, content=content, actor=actor, at=at)


def _is_dated(name: str) -> bool:
    """Extras that belong to the days of one invoice."""
    return name.endswith("_date") or name.startswith(
        ("cash_discount", "plan_", "period", "vat_period", "voucher")
    )


def _refuse_saving(content: InvoiceContent, series: CreditorEnvironment, at: dt.datetime) -> None:
    error = refusals.first_or_none(refusals.saving(content, creditor=series.creditor, today=series.today(at)))
    if error:
        raise error
