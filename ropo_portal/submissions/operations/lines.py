"""Room: the kill switches: one environment's line, and everything."""

import datetime as dt

from django.db import transaction

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.history.operations import record
from ropo_portal.submissions.models import SendingSwitch


@transaction.atomic
def pause_environment(
    *, environment: CreditorEnvironment, reason: str, actor: User, at: dt.datetime
) -> CreditorEnvironment:
    """Stop every send of one environment from the next first byte on; look-ups go on."""
    row = CreditorEnvironment.objects.select_for_update().get(pk=environment.pk)
    row.sending_paused, row.paused_reason = True, reason[:200]
    row.save(update_fields=["sending_paused", "paused_reason"])
    _witness_line("environment.paused", row, reason, actor, at)
    return row


@transaction.atomic
def resume_environment(
    *, environment: CreditorEnvironment, actor: User, at: dt.datetime
) -> CreditorEnvironment:
    """Let an environment send again."""
    row = CreditorEnvironment.objects.select_for_update().get(pk=environment.pk)
    row.sending_paused, row.paused_reason, row.blocked_until = False, "", None
    row.save(update_fields=["sending_paused", "paused_reason", "blocked_until"])
    _witness_line("environment.resumed", row, "", actor, at)
    return row


def _witness_line(
    verb: str, environment: CreditorEnvironment, reason: str, actor: User, at: dt.datetime
) -> None:
    paused = environment.sending_paused
    record(
        verb=verb,
        subject=environment,
        creditor_id=environment.creditor_id,
        before={"paused": not paused},
        after={"paused": paused},
        reason=reason,
        actor=actor,
        at=at,
    )


@transaction.atomic
def set_sending(*, paused: bool, reason: str, actor: User, at: dt.datetime) -> SendingSwitch:
    """Stop, or open, the sending of everything."""
    SendingSwitch.objects.get_or_create(pk=1)
    row = SendingSwitch.objects.select_for_update().get(pk=1)
    before, row.paused, row.reason = row.paused, paused, reason[:200]
    row.save(update_fields=["paused", "reason"])
    record(
        verb="sending.paused" if paused else "sending.resumed",
        subject=actor,
        creditor_id=None,
        before={"paused": before},
        after={"paused": paused},
        reason=reason,
        actor=actor,
        at=at,
    )
    return row
