"""Room: showing what is masked, once, to somebody who says why."""

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.submissions.models import Submission

SHORTEST_REASON = 5


class ReasonMissing(DomainError):
    """Personal identity codes are shown to nobody without a reason."""


@transaction.atomic
def reveal_message(*, submission: Submission, reason: str, actor: models.Model, at: dt.datetime) -> bytes:
    """Return the frozen bytes with everything in them and write down who looked and why. Refuses `ReasonMissing`."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(_("Write in a few words why you need to see everything."), field="reason")
    record(
        verb="submission.message_revealed",
        subject=submission,
        creditor_id=submission.creditor_id,
        reason=reason,
        actor=actor,
        at=at,
    )
    return bytes(submission.payload)
