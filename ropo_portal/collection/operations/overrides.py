"""Room: acting before the legal day: one person says why, another agrees."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection.models import Override, Step
from ropo_portal.collection.operations.guards import locked_claim
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.identifiers import check_text
from ropo_portal.invoices.models import Claim

LONGEST_REASON = 1000


class OverrideRefused(DomainError):
    """A rule of the two people stands in the way."""


@transaction.atomic
def propose_override(*, claim: Claim, step: str, reason: str, actor: User, at: dt.datetime) -> Override:
    """Propose to take a step of a claim before its day; refuses without a reason, and when one stands already."""
    reason = check_text(reason, LONGEST_REASON, lines=True, field="reason").strip()
    if not reason:
        message = _("Say why the claim should be moved on before its day.")
        raise OverrideRefused(message, field="reason", code="no_reason")
    claim = locked_claim(claim)
    try:
        with transaction.atomic():
            override = Override.objects.create(
                claim=claim, step=Step(step), reason=reason, proposed_by=actor, proposed_at=at
            )
    except IntegrityError as error:
        message = _("Somebody has already proposed this.")
        raise OverrideRefused(message, code="proposed_already") from error
    _tell("override.proposed", override, actor, at)
    return override


@transaction.atomic
def confirm_override(*, override: Override, actor: User, at: dt.datetime) -> Override:
    """Agree as the second person; refuses the proposer, and what is confirmed or taken back already."""
    row = _open(override)
    if row.proposed_by_id == actor.pk:
        raise OverrideRefused(_("You proposed it; another person confirms."), code="same_person")
    row.confirmed_by, row.confirmed_at = actor, at
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    _tell("override.confirmed", row, actor, at)
    return row


@transaction.atomic
def withdraw_override(*, override: Override, actor: User, at: dt.datetime) -> Override:
    """Take a proposal back that nobody has confirmed."""
    row = _open(override)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _tell("override.withdrawn", row, actor, at)
    return row


def _open(override: Override) -> Override:
    locked_claim(override.claim)
    row = Override.objects.select_for_update(of=("self",)).select_related("claim").get(pk=override.pk)
    if row.confirmed_at or row.withdrawn_at:
        raise OverrideRefused(_("Too late: this was confirmed or taken back already."), code="too_late")
    return row


def _tell(verb: str, override: Override, actor: User, at: dt.datetime) -> None:
    """Leave the line at the claim, where everybody looks for it."""
    record(
        verb=verb,
        subject=override.claim,
        creditor_id=override.creditor_id,
        after={"step": override.step},
        reason=override.reason,
        actor=actor,
        at=at,
    )
