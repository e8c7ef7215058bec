"""Room: the invoices of a file are asked for, with the count in the clerk's own hand when there are many."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.imports.models import Import, StateHasMoved
from ropo_portal.imports.operations.bringing import ring

TYPED_ABOVE = 20


class CountDiffers(DomainError):
    """The typed count is not the number of invoices that would be created."""


@transaction.atomic
def start_creating(*, batch: Import, typed: str, actor: User, at: dt.datetime) -> int:
    """
    Let a worker create every included invoice without errors; returns how many those are.

    Refuses `CountDiffers` when there are many and their count was not typed, and `StateHasMoved` when somebody
    else was faster.
    """
    if not batch.is_editable:
        raise StateHasMoved
    ready = batch.ready_count
    if not ready:
        raise CountDiffers(_("There is nothing to create."), code="nothing")
    if ready > TYPED_ABOVE and typed.strip() != str(ready):
        message = sentence(
            _("%(count)s invoices would be created. Type %(count)s to confirm it."), count=ready
        )
        raise CountDiffers(message, field="typed", code="count_differs")
    batch.move(Import.State.CREATING, at=at, started_at=at, decided_by=actor)
    record(verb="import.started", subject=batch, creditor_id=batch.creditor_id, label=str(batch.pk),
           after={"invoices": ready}, actor=actor, at=at)  # fmt: skip
    transaction.on_commit(lambda: ring(batch), robust=True)
    return ready
