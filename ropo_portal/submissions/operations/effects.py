"""Room: what Ropo's own news proves about a payment or a credit whose answer was lost."""

import datetime as dt

from django.db import transaction

from ropo_portal.submissions.models import SETTLING, Attempt, Evidence, StatusUpdate, Submission
from ropo_portal.submissions.operations.queueing import locked, witness

State = Submission.State


@transaction.atomic
def confirm_by_news(*, submission: Submission, update: StatusUpdate, at: dt.datetime) -> bool:
    """Accept a payment or credit that may have arrived, because an update tells of it; return whether it moved."""
    row = locked(submission)
    if row.kind not in SETTLING or not row.may_have_arrived or row.state == State.SENDING:
        return False
    before = row.state
    Evidence.objects.create(
        submission=row,
        kind=Evidence.Kind.EVENT,
        source=f"{update.source} {update.update_id}"[:60],
        finding=Evidence.Finding.THERE,
        detail=update.job_id,
        at=at,
    )
    row.attempts.filter(outcome=Attempt.Outcome.UNKNOWN).update(outcome=Attempt.Outcome.ACCEPTED)
    job = row.ropo_job_id or update.job_id
    row.move(State.ACCEPTED, at=at, ropo_job_id=job, settled_at=at, next_look_up_at=None, trouble="")
    witness("submission.accepted", row, before, None, at, update=update.update_id)
    return True
