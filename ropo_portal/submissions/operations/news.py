"""Room: news from Ropo: keeping what is pushed, the secret it is pushed with, a look at one claim, ending an alarm."""

import datetime as dt
import hashlib
import logging

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.submissions import callers, refreshing, tasks
from ropo_portal.submissions.models import Channel, StatusLine, StatusPage, Submission
from ropo_portal.submissions.operations.reads import SENTENCES, ReadFailed
from ropo_portal.submissions.points import point

logger = logging.getLogger(__name__)


def receive_events(*, line: StatusLine, body: bytes, at: dt.datetime) -> StatusPage:
    """Keep a pushed batch as it came; it is read later. Committed when this returns."""
    with transaction.atomic(durable=True):
        page = StatusPage.objects.create(
            environment=line.environment,
            source=Channel.EVENT,
            received_at=at,
            sha256=hashlib.sha256(body).hexdigest(),
            body=body,
        )
        StatusLine.objects.filter(pk=line.pk).update(last_event_at=at)
    point("K16")
    _ring()
    return page


def _ring() -> None:
    try:
        tasks.take_in.apply_async(expires=600, retry=False)
    except Exception as error:  # noqa: BLE001 -- kombu raises many kinds; the page is safe and the next poll reads it
        logger.warning("bell for pushed events did not ring: %s", type(error).__name__)


@transaction.atomic
def set_webhook_secret(
    *, environment: CreditorEnvironment, actor: User, at: dt.datetime
) -> callers.NewSecret:
    """Make a new secret for pushed events and return it, for once; the old one and its tokens end now."""
    StatusLine.objects.get_or_create(environment=environment)
    line = StatusLine.objects.select_for_update().get(environment=environment)
    before = line.webhook_set_at
    pair = callers.new_pair(line)
    line.webhook_set_at = at
    line.save(update_fields=["webhook_name", "webhook_hash", "webhook_set_at"])
    line.tokens.all().delete()
    record(
        verb="environment.webhook_set",
        subject=environment,
        creditor_id=environment.creditor_id,
        before={"set": before is not None},
        after={"set": True, "name": pair.name},
        actor=actor,
        at=at,
    )
    return pair


@transaction.atomic
def clear_alarm(*, environment: CreditorEnvironment, reason: str, actor: User, at: dt.datetime) -> None:
    """Say that the alarm was looked into; the incidents stay."""
    line = StatusLine.objects.select_for_update().get(environment=environment)
    before, line.alarm, line.alarmed_at = line.alarm, "", None
    line.save(update_fields=["alarm", "alarmed_at"])
    record(
        verb="environment.alarm_cleared",
        subject=environment,
        creditor_id=environment.creditor_id,
        before={"alarm": before},
        reason=reason,
        actor=actor,
        at=at,
    )


def refresh_status(*, submission: Submission, at: dt.datetime) -> Submission:
    """Ask Ropo now where a claim stands and when it moves on. Refuses with `ReadFailed`."""
    if not submission.ropo_job_id:
        raise DomainError(_("Ropo One has not given this a job number yet."), code="no-job")
    trouble = refreshing.refresh(submission, clock=lambda: at)
    if trouble:
        raise ReadFailed(SENTENCES.get(trouble) or SENTENCES["unclear"], code=trouble)
    return submission
