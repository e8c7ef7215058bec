"""Room: sending a batch: each invoice by the operation of a single one, in a transaction of its own."""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ropo_portal.accounts.models import User
from ropo_portal.accounts.scope import Scope
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.invoices.models import Approval, Batch, BatchItem, BatchItemQuerySet
from ropo_portal.invoices.operations.approving import ask_approval, withdraw_question
from ropo_portal.invoices.operations.checking import BatchIsSent
from ropo_portal.invoices.operations.posting import ApprovalNeeded, post_invoice, withdraw_invoice
from ropo_portal.invoices.operations.scheduling import refuse_day
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import EnvironmentClosed

logger = logging.getLogger(__name__)
Result = BatchItem.Result
# After so long a silence somebody else goes on; and so long he goes on at a time.
SILENCE = dt.timedelta(seconds=60)
BUDGET = 20.0
AT_A_TIME = 25
FAULT = _("Something went wrong on our side, and nothing was sent. Send it by itself.")
STOPPED = _("Taken back before it was sent.")


class CountDiffers(DomainError):
    """Another number is ready than the one that was typed."""

    def __init__(self, ready: int) -> None:
        text = ngettext_lazy(
            "%(count)s invoice is ready. Type that number to send it.",
            "%(count)s invoices are ready. Type that number to send them.",
            ready,
        )
        super().__init__(text % {"count": ready}, field="count", code="count_differs")


@transaction.atomic
def send_batch(
    *, batch: Batch, count: int, leave_on: dt.date | None = None, actor: User, at: dt.datetime
) -> Batch:
    """
    Freeze the ready ones of a batch for sending; `count` is the number a person typed.

    Refuses `BatchIsSent`, `CountDiffers`, `EnvironmentClosed`, and a day that is no banking day. Nothing has left
    afterwards: `send_next` takes one after the other.
    """
    batch = _locked(batch)
    if batch.sent_at:
        raise BatchIsSent
    if not batch.environment.is_open:
        raise EnvironmentClosed(_("Production is locked for this creditor: nothing was sent."), code="locked")
    ready = batch.items.ready().filter(checked_at__isnull=False)
    if ready.count() != count or not count:
        raise CountDiffers(ready.count())
    if leave_on:
        refuse_day(batch.environment, leave_on, at)
    ready.update(is_chosen=True)
    batch.sent_by, batch.sent_at, batch.sent_count, batch.leave_on = actor, at, count, leave_on
    batch.touched_at = at
    batch.save()
    facts = {"count": count, "leave_on": leave_on.isoformat() if leave_on else ""}
    _tell("sent", batch, facts, actor, at)
    return batch


def send_next(*, batch: Batch, most: int = AT_A_TIME, at: dt.datetime) -> int:
    """Send the next ones of a batch, each in its own transaction; return how many have not had their turn."""
    waiting = BatchItem.objects.filter(batch=batch).to_send().order_by("position")
    for pk in list(waiting.values_list("pk", flat=True)[:most]):
        _take_turn(pk, at)
    Batch.objects.filter(pk=batch.pk).update(touched_at=at)
    return waiting.count()


@transaction.atomic
def withdraw_batch(*, batch: Batch, actor: User, at: dt.datetime) -> Batch:
    """Stop a batch: what has not had its turn stays, and `take_back_next` takes back what still waits."""
    batch = _locked(batch)
    BatchItem.objects.filter(batch=batch).to_send().update(
        result=Result.REFUSED, reason=str(STOPPED), settled_at=at
    )
    if not batch.stopped_at:
        batch.stopped_at, batch.stopped_by, batch.touched_at = at, actor, at
        batch.save(update_fields=["stopped_at", "stopped_by", "touched_at"])
        _tell("withdrawn", batch, {}, actor, at)
    return batch


def take_back_next(*, batch: Batch, most: int = AT_A_TIME, at: dt.datetime) -> int:
    """Take back the next queued ones of a stopped batch; return how many still wait to be taken back."""
    if not batch.stopped_at or batch.stopped_by is None:
        return 0
    for item in list(_queued(batch).select_related("invoice")[:most]):
        _try(lambda item=item: withdraw_invoice(invoice=item.invoice, actor=batch.stopped_by, at=at))  # type: ignore[misc]
    asked = BatchItem.objects.filter(batch=batch, result=Result.ASKED).values("invoice")
    for approval in list(Approval.objects.waiting().filter(invoice__in=asked)[:most]):
        _try(lambda approval=approval: withdraw_question(approval=approval, actor=batch.stopped_by, at=at))  # type: ignore[misc]
    Batch.objects.filter(pk=batch.pk).update(touched_at=at)
    return _queued(batch).count() + Approval.objects.waiting().filter(invoice__in=asked).count()


def resume_batches(*, at: dt.datetime) -> None:
    """Go on with batches that fell silent, as their senders, while those may still send; safe to repeat."""
    end = time.monotonic() + BUDGET
    silent = Batch.objects.filter(sent_at__isnull=False, touched_at__lt=at - SILENCE)
    for batch in silent.filter(pk__in=_unfinished()).select_related("sent_by", "stopped_by"):
        while time.monotonic() < end and _go_on(batch, at):
            pass


def _go_on(batch: Batch, at: dt.datetime) -> int:
    if batch.stopped_at:
        return take_back_next(batch=batch, at=at)
    if batch.sent_by is None or not Scope(batch.sent_by).may("invoice.send", batch.creditor_id):
        return 0
    return send_next(batch=batch, at=at)


def _unfinished() -> set[uuid.UUID]:
    """Return the batches with something to send, and those stopped ones with something to take back."""
    going = BatchItem.objects.to_send().values_list("batch_id", flat=True)
    stopped = BatchItem.objects.filter(
        batch__stopped_at__isnull=False, submission__state=Submission.State.QUEUED
    )
    return {*going.distinct(), *stopped.values_list("batch_id", flat=True).distinct()}


@transaction.atomic
def _take_turn(pk: uuid.UUID, at: dt.datetime) -> None:
    """Post one invoice and write down what came of it, both or neither; whoever is later finds nothing to do."""
    skips = connection.features.has_select_for_update_skip_locked
    rows = BatchItem.objects.select_for_update(of=("self",) if skips else (), skip_locked=skips)
    item = rows.select_related("batch__sent_by", "invoice").filter(pk=pk, is_chosen=True, result="").first()
    if item is None or item.batch.sent_by is None:
        return
    item.result, item.reason, item.submission = _posted(item, item.batch.sent_by, at)
    item.settled_at = at
    item.save(update_fields=["result", "reason", "submission", "settled_at"])


def _posted(item: BatchItem, actor: User, at: dt.datetime) -> tuple[str, str, Submission | None]:
    seen = {"revision": item.revision, "fingerprint": item.fingerprint, "confirmed": item.confirmed}
    seen["reason"] = item.confirmed_reason
    whole = {**seen, "invoice": item.invoice, "leave_on": item.batch.leave_on, "actor": actor, "at": at}
    try:
        with transaction.atomic():
            return Result.QUEUED, "", post_invoice(**whole)
    except ApprovalNeeded:
        return _asked(whole)
    except DomainError as error:
        return Result.REFUSED, str(error), None
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("invoice %s of batch %s was not posted", item.invoice_id, item.batch_id)
        return Result.REFUSED, str(FAULT), None


def _asked(whole: dict[str, object]) -> tuple[str, str, None]:
    try:
        with transaction.atomic():
            ask_approval(**whole)  # type: ignore[arg-type]
    except DomainError as error:
        return Result.REFUSED, str(error), None
    return Result.ASKED, "", None


def _queued(batch: Batch) -> BatchItemQuerySet:
    return BatchItem.objects.filter(
        batch=batch, result=Result.QUEUED, submission__state=Submission.State.QUEUED
    ).order_by("position")


def _try(act: Callable[[], object]) -> None:
    """One that is too late keeps none of the others."""
    try:
        act()
    except DomainError as error:
        logger.info("not taken back: %s", error.code)


def _locked(batch: Batch) -> Batch:
    rows = Batch.objects.select_for_update(of=("self",)).select_related("environment__creditor")
    return rows.get(pk=batch.pk)


def _tell(what: str, batch: Batch, after: dict[str, object], actor: User, at: dt.datetime) -> None:
    record(
        verb=f"batch.{what}", subject=batch, creditor_id=batch.creditor_id, after=after, actor=actor, at=at
    )
