"""Room: the doorbells. A message carries an id; the row is the work, and losing or repeating a message changes nothing."""

import datetime as dt
import uuid

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from ropo_portal.imports import creating, files, staging, withdrawing
from ropo_portal.imports.models import Import

# Seconds after which a worker that says nothing is taken for dead, and a hard limit for one file.
SILENCE = 120
LIMIT = 6 * 3600


@shared_task(name="imports.stage", ignore_result=True, acks_late=True, time_limit=LIMIT)
def stage(*, batch_id: str, **_unknown: object) -> None:
    """Read one file."""
    staging.stage(uuid.UUID(batch_id), clock=timezone.now)


@shared_task(name="imports.create", ignore_result=True, acks_late=True, time_limit=LIMIT)
def create(*, batch_id: str, **_unknown: object) -> None:
    """Create the invoices of one file."""
    creating.create(uuid.UUID(batch_id), clock=timezone.now)


@shared_task(name="imports.withdraw", ignore_result=True, acks_late=True, time_limit=LIMIT)
def withdraw(*, batch_id: str, **_unknown: object) -> None:
    """Take back what one withdrawn import brought."""
    withdrawing.take_back(uuid.UUID(batch_id), clock=timezone.now)


@shared_task(name="imports.sweep", ignore_result=True)
def sweep(**_unknown: object) -> None:
    """Ring again for imports whose worker died or never heard the bell, and let go what is kept long enough."""
    at = timezone.now()
    for batch in Import.objects.silent(since=at - dt.timedelta(seconds=SILENCE)):
        work = {Import.State.STAGING: stage, Import.State.WITHDRAWN: withdraw}.get(
            Import.State(batch.state), create
        )
        work.apply_async(kwargs={"batch_id": str(batch.pk)}, expires=SILENCE, retry=False)
    clear(at)


def clear(at: dt.datetime) -> None:
    """Let go the lines and bytes of imports that ended long ago; their numbers and the history stay."""
    for batch in Import.objects.finished(before=at - dt.timedelta(days=settings.IMPORT_KEEP_DAYS)):
        files.forget_file(batch)
        files.forget_lines(batch)
        Import.objects.filter(pk=batch.pk).update(is_cleared=True)
