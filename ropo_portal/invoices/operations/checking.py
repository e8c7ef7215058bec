"""Room: many invoices at once: choose them, look at each with the eyes of a single sending, look again."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.invoices import refusals
from ropo_portal.invoices.causes import GONE, causes_of
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.doubts import doubts
from ropo_portal.invoices.models import Batch, BatchItem, Invoice
from ropo_portal.invoices.operations.posting import checked_reason, refuse_unexplained
from ropo_portal.invoices.paper import fingerprint_of, message_of
from ropo_portal.parties.flags import PRINT, among

MOST = 2000
CHECKED = ["revision", "fingerprint", "checked_at", "causes", "doubts", "is_ready"]
RELATED = ("invoice__environment__creditor", "invoice__debtor__creditor", "invoice__submission")


class CannotChoose(DomainError):
    """These invoices cannot be sent together."""


class BatchIsSent(DomainError):
    """The batch was sent already, and stays as it was."""

    def __init__(self) -> None:
        super().__init__(_("These invoices were sent already; see what came of each."), code="batch_sent")


@transaction.atomic
def choose_invoices(
    *, environment: CreditorEnvironment, ids: Sequence[uuid.UUID], actor: User, at: dt.datetime
) -> Batch:
    """Keep a choice of one environment's invoices, in this order; refuses none, too many, and strangers."""
    ids = list(dict.fromkeys(ids))
    if not ids:
        raise CannotChoose(_("Mark at least one invoice."), code="none")
    if len(ids) > MOST:
        text = _("At most %(most)s invoices are sent together; these are more. Narrow the list.")
        raise CannotChoose(sentence(text, most=MOST), code="too_many")
    found = Invoice.objects.filter(environment=environment).in_bulk(ids)
    if len(found) != len(ids):
        raise CannotChoose(_("One of these invoices was not found."), code="not_found")
    batch = Batch.objects.create(
        creditor_id=environment.creditor_id, environment=environment, made_by=actor, made_at=at, touched_at=at
    )
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, invoice_id=pk, position=place, revision=found[pk].revision)
        for place, pk in enumerate(ids, start=1)
    )
    after = {"count": len(ids)}
    record(verb="batch.chosen", subject=batch, creditor_id=batch.creditor_id, after=after, actor=actor, at=at)
    return batch


@transaction.atomic
def check_batch(*, batch: Batch, most: int, at: dt.datetime) -> int:
    """Look at those of a batch nobody has looked at, so many at a time; return how many are left."""
    refuse_sent(batch)
    left = batch.items.unchecked()
    items = list(
        left.select_related(*RELATED).prefetch_related(
            "invoice__rows", "invoice__attachments", "invoice__debtor__flags"
        )[:most]
    )
    for item in items:
        # One row for all, so that what is usual in it is asked once.
        item.invoice.environment = batch.environment
        _look_at(item, at)
    BatchItem.objects.bulk_update(items, CHECKED, batch_size=100)
    return int(left.count())


@transaction.atomic
def look_again(*, batch: Batch, changed: Collection[uuid.UUID], at: dt.datetime) -> None:
    """Look again at the invoices that were mended, or whose debtor was, and at no others."""
    refuse_sent(batch)
    mended = Q(invoice_id__in=changed) | Q(invoice__debtor_id__in=changed)
    pks = list(batch.items.filter(mended).values_list("pk", flat=True))
    BatchItem.objects.filter(pk__in=pks).update(checked_at=None)
    check_batch(batch=batch, most=len(pks), at=at)


@transaction.atomic
def confirm_doubts(
    *, item: BatchItem, codes: Collection[str], reason: str = "", actor: User, at: dt.datetime
) -> BatchItem:
    """
    Let the named doubts of one invoice stand; whoever looked at them answers for it.

    Refuses `ReasonMissing` where one of them takes a `reason` and none was ever given.
    """
    reason = checked_reason(reason)
    refuse_sent(item.batch)
    row = BatchItem.objects.select_for_update(of=("self",)).select_related("invoice").get(pk=item.pk)
    known = [doubt[0] for doubt in row.doubts if doubt[0] in codes]
    row.confirmed, row.confirmed_reason = known, reason or row.confirmed_reason
    refuse_unexplained(known, row.confirmed_reason)
    row.is_ready = not row.causes and not row.open_doubts and bool(row.fingerprint)
    row.save(update_fields=["confirmed", "confirmed_reason", "is_ready"])
    record(
        verb="invoice.doubts_confirmed",
        subject=row.invoice,
        creditor_id=row.invoice.creditor_id,
        after={"confirmed": known},
        reason=reason,
        actor=actor,
        at=at,
    )
    return row


def refuse_sent(batch: Batch) -> None:
    """Lock the batch and refuse when it was sent."""
    if Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk).sent_at:
        raise BatchIsSent


def _look_at(item: BatchItem, at: dt.datetime) -> None:
    """Ask of one invoice everything that its own page asks before it is sent."""
    invoice = item.invoice
    item.revision, item.checked_at = invoice.revision, at
    item.fingerprint, item.doubts, item.is_ready = "", [], False
    item.causes = _gone(invoice)
    if item.causes:
        return
    content, environment = InvoiceContent.of(invoice), invoice.environment
    today = environment.today(at)
    found = [
        *refusals.saving(content, creditor=environment.creditor, today=today),
        *refusals.posting(content),
        *refusals.person(content.debtor, environment),
        *among(content.debtor.flags.all(), PRINT, today=today),
    ]
    try:
        refusals.check_sums(content, total=invoice.total_amount, currency=invoice.currency)
        item.fingerprint = "" if found else fingerprint_of(message_of(invoice))
    except DomainError as error:
        found.append(error)
    item.causes = causes_of(invoice, found)
    item.doubts = [
        [one.code, one.message, str(one.invoice.pk) if one.invoice else ""]
        for one in doubts(content, environment=environment, today=today, invoice=invoice)
    ]
    item.is_ready = not item.causes and not item.open_doubts and bool(item.fingerprint)


def _gone(invoice: Invoice) -> list[list[str]]:
    if invoice.discarded_at:
        return [["discarded", str(_("This invoice was discarded."))]]
    if invoice.submission and invoice.submission.is_live:
        return [[GONE, str(_("It has already been sent."))]]
    return []
