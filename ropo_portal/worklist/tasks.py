"""Room: the doorbells of notices. Losing or repeating one changes nothing."""

from celery import shared_task
from django.utils import timezone

from ropo_portal.worklist import delivery, noticing


@shared_task(name="worklist.notices", ignore_result=True)
def notices(**_unknown: object) -> None:
    """Write down whom to tell of what waits, then send what was written."""
    noticing.write_notices(at=timezone.now())
    delivery.send_notices(clock=timezone.now)
