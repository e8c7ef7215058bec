"""Room: the doorbells. A message carries an id; the row is the work; losing or repeating a message changes nothing."""

import time
import uuid

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.submissions import belief, delivery, intake, interpretation, polling, refreshing
from ropo_portal.submissions.hooks import AFTER_INTAKE, run_after_intake
from ropo_portal.submissions.models import SendingSwitch

__all__ = ["AFTER_INTAKE"]

# Seconds a sweep goes on starting sends, and rows it takes at a time.
BUDGET = 25.0
BATCH = 200
# Seconds between two looks at single jobs: one or two calls a second are polite.
REFRESH_PAUSE = 0.5
REFRESH_BUDGET = 60.0


@shared_task(name="submissions.deliver", ignore_result=True)
def deliver_submission(*, submission_id: str, **_unknown: object) -> None:
    """Send one submission if it is due."""
    delivery.deliver(uuid.UUID(submission_id), clock=timezone.now)


@shared_task(name="submissions.sweep", ignore_result=True)
def sweep(**_unknown: object) -> None:
    """Find what the bells missed: silent attempts, old rows, due submissions, promised look-ups."""
    at = timezone.now()
    intake.give_up_silent(at=at)
    intake.set_aside_expired(at=at)
    end = time.monotonic() + BUDGET
    while (ids := delivery.due_ids(at=timezone.now(), limit=BATCH)) and time.monotonic() < end:
        if not sum(_sent(submission_id, end) for submission_id in ids):
            break
    for submission in intake.promised_look_ups(at=timezone.now(), limit=BATCH):
        intake.look_up(submission, clock=timezone.now)
        if time.monotonic() > end:
            break
    SendingSwitch.objects.update(last_sweep_at=timezone.now())


def _sent(submission_id: uuid.UUID, end: float) -> bool:
    return time.monotonic() < end and delivery.deliver(submission_id, clock=timezone.now) is not None


@shared_task(name="submissions.poll", ignore_result=True)
def poll(**_unknown: object) -> None:
    """Ring once for every environment that can be asked."""
    for environment in polling.polled_environments(at=timezone.now()):
        poll_environment.apply_async(
            kwargs={"environment_id": str(environment.pk)}, expires=settings.POLL_INTERVAL, retry=False
        )


@shared_task(name="submissions.replay", ignore_result=True)
def replay(**_unknown: object) -> None:
    """Ask for the last seven days again, once a week for thirty: what a lost page held is found here."""
    for environment in polling.polled_environments(at=timezone.now()):
        polling.owe(environment, at=timezone.now())
    poll()


@shared_task(name="submissions.poll_environment", ignore_result=True)
def poll_environment(*, environment_id: str, **_unknown: object) -> None:
    """Read one environment's news to its end, and take it in."""
    environment = CreditorEnvironment.objects.select_related("creditor").get(pk=environment_id)
    polling.poll(environment, clock=timezone.now)
    take_in()


@shared_task(name="submissions.take_in", ignore_result=True)
def take_in(**_unknown: object) -> None:
    """Write kept pages into the journal, weigh what they prove, and let the rooms above take their part."""
    end = time.monotonic() + BUDGET
    while (pages := interpretation.unread_pages(limit=BATCH)) and time.monotonic() < end:
        for page in pages:
            interpretation.interpret_or_set_aside(page, at=timezone.now())
    interpretation.attach_late(at=timezone.now())
    belief.weigh(at=timezone.now())
    run_after_intake(clock=timezone.now)


@shared_task(name="submissions.refresh", ignore_result=True)
def refresh(**_unknown: object) -> None:
    """Look where the claims stand that are about to move, one after the other."""
    end = time.monotonic() + REFRESH_BUDGET
    for submission in refreshing.due(at=timezone.now(), limit=settings.REFRESH_LIMIT):
        refreshing.refresh(submission, clock=timezone.now)
        if time.monotonic() > end:
            break
        time.sleep(REFRESH_PAUSE)
