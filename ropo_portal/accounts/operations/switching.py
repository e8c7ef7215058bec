"""Room: the lock of production: two people open it, one closes it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, LiveSwitch, User
from ropo_portal.accounts.obstacles import why_not_live
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record


class CannotSwitch(DomainError):
    """Production stays as it is; the sentence says why."""


@transaction.atomic
def propose_live(
    *, environment: CreditorEnvironment, reason: str, actor: User, at: dt.datetime
) -> LiveSwitch:
    """Propose to let an environment write to real people; nothing is open until somebody else confirms."""
    row = _locked(environment)
    if row.is_live:
        raise CannotSwitch(_("It is switched live already."), code="live")
    if row.live_switches.waiting().exists():
        raise CannotSwitch(_("It has been proposed already; another person confirms."), code="proposed")
    if not reason.strip():
        raise CannotSwitch(_("Say why it is switched live now."), field="reason", code="no-reason")
    _refuse_obstacle(row, at)
    switch = LiveSwitch.objects.create(
        environment=row, cid=row.cid, reason=reason.strip()[:200], proposed_by=actor, proposed_at=at
    )
    _witness("environment.live_proposed", row, switch.reason, actor, at)
    return switch


@transaction.atomic
def confirm_live(*, switch: LiveSwitch, actor: User, at: dt.datetime) -> CreditorEnvironment:
    """Agree, as the second person: from now on documents leave for real people."""
    row = _locked(switch.environment)
    switch = LiveSwitch.objects.select_for_update().get(pk=switch.pk)
    if switch.confirmed_at or switch.ended_at:
        raise CannotSwitch(_("This proposal has been settled already."), code="settled")
    if switch.proposed_by_id == actor.pk:
        raise CannotSwitch(_("You proposed it; another person confirms."), code="same-person")
    if switch.cid != row.cid:
        raise CannotSwitch(_("The credentials were changed since; propose it again."), code="changed")
    _refuse_obstacle(row, at)
    switch.confirmed_by, switch.confirmed_at = actor, at
    switch.save(update_fields=["confirmed_by", "confirmed_at"])
    row.is_live = True
    row.save(update_fields=["is_live"])
    _witness("environment.live", row, "", actor, at)
    return row


@transaction.atomic
def withdraw_live(*, switch: LiveSwitch, actor: User, at: dt.datetime) -> None:
    """Take a proposal back that nobody has confirmed."""
    row = _locked(switch.environment)
    if not row.live_switches.waiting().filter(pk=switch.pk).exists():
        raise CannotSwitch(_("This proposal has been settled already."), code="settled")
    end_switch(environment=row, reason="", actor=actor, at=at)


@transaction.atomic
def switch_off(
    *, environment: CreditorEnvironment, reason: str, actor: User, at: dt.datetime
) -> CreditorEnvironment:
    """Lock production again, at once and by one person; what is queued waits behind the lock."""
    row = _locked(environment)
    if not row.is_live:
        raise CannotSwitch(_("It is not switched live."), code="not-live")
    end_switch(environment=row, reason=reason, actor=actor, at=at)
    row.is_live = False
    return row


def end_switch(*, environment: CreditorEnvironment, reason: str, actor: User, at: dt.datetime) -> None:
    """End the environment's standing switch or open proposal, whatever there is; the environment is locked."""
    was_live = environment.is_live
    CreditorEnvironment.objects.filter(pk=environment.pk).update(is_live=False)
    ended = environment.live_switches.filter(ended_at=None).update(
        ended_by=actor, ended_at=at, ended_reason=reason.strip()[:200]
    )
    if ended:
        verb = "environment.locked" if was_live else "environment.live_withdrawn"
        _witness(verb, environment, reason, actor, at, was_live=was_live)


def _locked(environment: CreditorEnvironment) -> CreditorEnvironment:
    rows = CreditorEnvironment.objects.select_for_update(of=("self",)).select_related("creditor")
    return rows.get(pk=environment.pk)


def _refuse_obstacle(environment: CreditorEnvironment, at: dt.datetime) -> None:
    if why := why_not_live(environment, at=at):
        raise CannotSwitch(why, code="not-ready")


def _witness(
    verb: str,
    environment: CreditorEnvironment,
    reason: str,
    actor: User,
    at: dt.datetime,
    *,
    was_live: bool = False,
) -> None:
    record(
        verb=verb,
        subject=environment,
        creditor_id=environment.creditor_id,
        before={"is_live": was_live},
        after={"is_live": verb == "environment.live", "cid": environment.cid},
        reason=reason,
        actor=actor,
        at=at,
    )
