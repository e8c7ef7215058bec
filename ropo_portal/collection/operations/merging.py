"""Room: two rows of one debtor become one: what is still to come turns to the kept one, what was sent stays."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection.operations.flags import take_back
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.invoices.models import Invoice, InvoiceQuerySet
from ropo_portal.parties.models import Debtor, Flag
from ropo_portal.parties.operations import FlagRefused
from ropo_portal.parties.operations.flags import reason_of
from ropo_portal.submissions.models import Submission

ENDED = (Submission.State.REJECTED, Submission.State.CANCELLED)


class CannotMerge(DomainError):
    """These two cannot become one."""


@dataclass(frozen=True)
class Moving:
    """What a merge would do; `differing` names the verified ids that contradict each other."""

    drafts: list[Invoice]
    flags: list[Flag]
    claims: int
    differing: bool


def moving(double: Debtor, kept: Debtor, *, today: dt.date) -> Moving:
    """Look at what would move, and what would stay."""
    known = Flag.objects.filter(debtor=kept).standing(on=today).values("kind")
    flags = Flag.objects.filter(debtor=double).standing(on=today).exclude(kind__in=known)
    return Moving(list(_drafts(double)), list(flags), double.claims.count(), _differ(double, kept))


@transaction.atomic
def merge_debtors(
    *,
    double: Debtor,
    kept: Debtor,
    reason: str,
    confirms_ids: bool,
    today: dt.date,
    actor: User,
    at: dt.datetime,
) -> Debtor:
    """
    Turn drafts and standing flags of the double to the kept debtor, and mark the double; return the kept one.

    Refuses (`CannotMerge`) strangers, a company with a person, what was merged already, and different verified
    ids unless an approver `confirms_ids`. What was sent, claims and history stay with the double, whole.
    """
    try:
        reason = reason_of(reason)
    except FlagRefused as refusal:
        raise CannotMerge(refusal.message, field="reason", code="no_reason") from refusal
    # Documents are locked before debtors, as posting does, so that two never wait for each other.
    list(_drafts(double).select_for_update(of=("self",)))
    rows = Debtor.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[double.pk, kept.pk])
    locked = {row.pk: row for row in rows.order_by("pk")}
    double, kept = locked[double.pk], locked[kept.pk]
    _refuse(double, kept, confirms_ids=confirms_ids)
    found = moving(double, kept, today=today)
    _turn(found, kept, actor, at)
    for other in Debtor.objects.filter(merged_into=double):
        _point(other, kept, at)
    _point(double, kept, at)
    facts = {"drafts": len(found.drafts), "flags": [flag.kind for flag in found.flags]}
    for verb, row, other in (("debtor.merged", double, kept), ("debtor.absorbed", kept, double)):
        record(
            verb=verb, subject=row, creditor_id=row.creditor_id, after={**facts, "other": str(other.pk)}, reason=reason,
            actor=actor, at=at,
        )  # fmt: skip
    return kept


def _refuse(double: Debtor, kept: Debtor, *, confirms_ids: bool) -> None:
    if double.pk == kept.pk or double.creditor_id != kept.creditor_id:
        raise CannotMerge(_("Choose another debtor of the same creditor."), code="stranger")
    if double.merged_into_id or kept.merged_into_id:
        raise CannotMerge(_("One of them was merged already."), code="merged_already")
    if double.kind != kept.kind:
        raise CannotMerge(_("A company and a private person are never one debtor."), code="kind")
    if _differ(double, kept) and not confirms_ids:
        message = _(
            "They have different identifiers. Only an approver may say that they are one all the same."
        )
        raise CannotMerge(message, code="different_ids")


def _differ(double: Debtor, kept: Debtor) -> bool:
    pairs = ((double.national_id_hash, kept.national_id_hash), (double.business_id, kept.business_id))
    return any(one and other and one != other for one, other in pairs)


def _drafts(double: Debtor) -> InvoiceQuerySet:
    """Return what has not gone out and may still change."""
    unsent = Q(submission=None) | Q(submission__state__in=ENDED)
    return Invoice.objects.filter(unsent, debtor=double, discarded_at=None, claim=None).order_by("pk")


def _turn(found: Moving, kept: Debtor, actor: User, at: dt.datetime) -> None:
    for invoice in found.drafts:
        before = {"debtor": str(invoice.debtor_id)}
        invoice.debtor, invoice.revision = kept, invoice.revision + 1
        invoice.save(update_fields=["debtor", "revision"])
        record(
            verb="invoice.changed", subject=invoice, creditor_id=invoice.creditor_id, before=before,
            after={"debtor": str(kept.pk), "revision": invoice.revision}, actor=actor, at=at,
        )  # fmt: skip
    for flag in found.flags:
        turned = Flag.objects.create(
            debtor=kept, kind=flag.kind, reason=flag.reason, begin_date=flag.begin_date, end_date=flag.end_date,
            frees_at=flag.frees_at, set_by=flag.set_by, set_at=at,
        )  # fmt: skip
        take_back(turned, actor, at)


def _point(double: Debtor, kept: Debtor, at: dt.datetime) -> None:
    double.merged_into, double.merged_at = kept, double.merged_at or at
    double.save(update_fields=["merged_into", "merged_at"])
