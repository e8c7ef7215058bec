"""Room: writing reminders and debt collections: start, change, discard."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection import refusals
from ropo_portal.collection.models import DebtCollectionCase, Reminder, StepDocument
from ropo_portal.collection.obstacles import obstacles
from ropo_portal.collection.operations.guards import (
    CannotChange,
    Document,
    StepHasChanged,
    locked,
    locked_claim,
    refuse_settled,
    refuse_stale,
    tell,
)
from ropo_portal.identifiers import check_text
from ropo_portal.invoices.models import Claim
from ropo_portal.parties.models import Channel, Debtor

LONGEST_TEXT, LONGEST_ADDRESS, LONGEST_PAYMENT_ID = 2000, 200, 35


@transaction.atomic
def start_reminder(
    *,
    claim: Claim,
    channel: str = "",
    einvoice_payment_id: str = "",
    free_text: str = "",
    is_written: bool = False,
    actor: User,
    at: dt.datetime,
) -> Reminder:
    """
    Begin a reminder of what is open, or give back the draft that was begun already.

    Refuses (`CannotMove`) what is not due, too early by the legal clock, paid, or with Ropo One already; what
    `is_written`, a filled form, refuses a draft of somebody faster too (`StepHasChanged`).
    """
    claim = locked_claim(claim)
    begun = _begun(Reminder, claim)
    if begun is not None:
        return _given_back(begun, is_written=is_written)
    values = _reminder_values(channel or _usual_channel(claim.debtor), einvoice_payment_id, free_text)
    return _start(Reminder(claim=claim, **values), actor, at)


@transaction.atomic
def start_case(
    *,
    claim: Claim,
    notice_date: dt.date | None = None,
    notice_channel: str = "",
    notice_address: str = "",
    is_written: bool = False,
    actor: User,
    at: dt.datetime,
) -> DebtCollectionCase:
    """
    Begin a debt collection of what is open, or give back the draft that was begun already.

    Refuses (`CannotMove`, `StepHasChanged`) as `start_reminder` does, by the clock of collection, and a reminder
    before the due date or in the future.
    """
    claim = locked_claim(claim)
    begun = _begun(DebtCollectionCase, claim)
    if begun is not None:
        return _given_back(begun, is_written=is_written)
    case = DebtCollectionCase(claim=claim, **_case_values(notice_date, notice_channel, notice_address))
    for error in refusals.saving_case(case, today=claim.environment.today(at)):
        raise error
    return _start(case, actor, at)


@transaction.atomic
def change_reminder(
    *,
    reminder: Reminder,
    channel: str,
    einvoice_payment_id: str = "",
    free_text: str = "",
    revision: int,
    actor: User,
    at: dt.datetime,
) -> Reminder:
    """
    Save what a clerk wrote over the revision she saw, with the amount that is open now.

    Refuses `StepHasChanged`, `CannotChange`, and texts that cannot be printed. What is the same leaves no line.
    """
    values = _reminder_values(channel, einvoice_payment_id, free_text)
    reminder = locked(reminder)
    refuse_stale(reminder, revision)
    refuse_settled(reminder)
    _write(reminder, values, actor, at)
    return reminder


@transaction.atomic
def change_case(
    *,
    case: DebtCollectionCase,
    notice_date: dt.date | None,
    notice_channel: str = "",
    notice_address: str = "",
    revision: int,
    actor: User,
    at: dt.datetime,
) -> DebtCollectionCase:
    """
    Save when and where the debtor was reminded, with the amount that is open now; any approval is void.

    Refuses `StepHasChanged`, `CannotChange`, and a reminder before the due date or in the future.
    """
    values = _case_values(notice_date, notice_channel, notice_address)
    case = locked(case)
    refuse_stale(case, revision)
    refuse_settled(case)
    if not _write(case, values, actor, at):
        return case
    for error in refusals.saving_case(case, today=case.environment.today(at)):
        raise error
    return case


@transaction.atomic
def discard_reminder(*, reminder: Reminder, revision: int, actor: User, at: dt.datetime) -> Reminder:
    """Throw a reminder away that is not with Ropo One; it stays in the history."""
    return _discard(reminder, revision, actor, at)


@transaction.atomic
def discard_case(
    *, case: DebtCollectionCase, revision: int, actor: User, at: dt.datetime
) -> DebtCollectionCase:
    """Throw a debt collection away that is not with Ropo One; it stays in the history."""
    return _discard(case, revision, actor, at)


def _reminder_values(channel: str, einvoice_payment_id: str, free_text: str) -> dict[str, Any]:
    if channel not in Channel.values:
        raise CannotChange(_("Choose the channel from the list."), field="channel", code="channel_unknown")
    payment_id = check_text(einvoice_payment_id, LONGEST_PAYMENT_ID, field="einvoice_payment_id")
    text = check_text(free_text, LONGEST_TEXT, lines=True, field="free_text")
    return {"channel": channel, "einvoice_payment_id": payment_id, "free_text": text}


def _case_values(notice_date: dt.date | None, notice_channel: str, notice_address: str) -> dict[str, Any]:
    if notice_channel and notice_channel not in DebtCollectionCase.NoticeChannel.values:
        raise CannotChange(_("Choose the way from the list."), field="notice_channel", code="channel_unknown")
    address = check_text(notice_address, LONGEST_ADDRESS, field="notice_address")
    return {"notice_date": notice_date, "notice_channel": notice_channel, "notice_address": address}


def _given_back(begun: Document, *, is_written: bool) -> Document:
    if is_written:
        raise StepHasChanged(begun)
    return begun


def _begun(model: type[Document], claim: Claim) -> Document | None:
    rows: Any = model.objects  # type: ignore[attr-defined]
    found: Document | None = rows.kept().filter(claim=claim).select_related("submission").first()
    if found is None or not found.is_editable:
        return None
    found.claim = claim
    return found


def _start(document: Document, actor: User, at: dt.datetime) -> Document:
    claim = document.claim
    for obstacle in obstacles(claim, document.step, today=claim.environment.today(at)):
        raise obstacle
    document.amount, document.created_at = claim.open_amount, at
    document.save(force_insert=True)
    tell("started", document, after=_facts(document), actor=actor, at=at)
    return document


def _usual_channel(debtor: Debtor) -> str:
    return debtor.channel


def _write(document: Any, values: dict[str, Any], actor: User, at: dt.datetime) -> bool:
    """Set what differs, and the amount with it; tell whether anything did."""
    before = _facts(document)
    for name, value in values.items():
        setattr(document, name, value)
    document.amount = document.claim.open_amount or document.amount
    after = _facts(document)
    names = [name for name in after if after[name] != before[name]]
    if not names:
        return False
    touch(document)
    now = {name: after[name] for name in names} | {"revision": document.revision}
    tell("changed", document, before={name: before[name] for name in names}, after=now, actor=actor, at=at)
    return True


def touch(document: StepDocument) -> None:
    """Save under a new revision; what somebody approved is no longer what stands here."""
    document.revision += 1
    if isinstance(document, DebtCollectionCase):
        document.void_approval()
    document.save()


def _discard(document: Document, revision: int, actor: User, at: dt.datetime) -> Document:
    document = locked(document)
    refuse_stale(document, revision)
    refuse_settled(document)
    document.discarded_at = at
    touch(document)
    tell("discarded", document, after={"discarded": True, "revision": document.revision}, actor=actor, at=at)
    return document


FACTS: dict[type[StepDocument], tuple[str, ...]] = {
    Reminder: ("amount", "channel", "einvoice_payment_id", "free_text"),
    DebtCollectionCase: ("amount", "notice_date", "notice_channel", "notice_address"),
}


def _facts(document: StepDocument) -> dict[str, str]:
    """Business fields as the history keeps them."""
    values = {name: getattr(document, name) for name in FACTS[type(document)]}
    return {
        name: str(value) if isinstance(value, Decimal | dt.date) else value or ""
        for name, value in values.items()
    }
