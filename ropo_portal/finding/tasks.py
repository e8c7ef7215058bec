"""Room: the doorbell of large files. A message carries an id; the row is the work."""

import uuid

from celery import shared_task
from django.urls import get_resolver
from django.utils import timezone

from ropo_portal.finding.files import write_export
from ropo_portal.finding.models import Export


@shared_task(name="finding.export", ignore_result=True)
def export(*, export_id: str, **_unknown: object) -> None:
    """Write one file; the screens are loaded first, as they tell of their lists."""
    get_resolver().url_patterns  # noqa: B018 (asking loads them)
    row = (
        Export.objects.select_related("environment__creditor", "requested_by")
        .filter(pk=uuid.UUID(export_id))
        .first()
    )
    if row is not None:
        write_export(export=row, clock=timezone.now)
