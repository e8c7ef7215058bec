"""Room: whether documents leave, as plain numbers for whoever watches over the servers; nothing of anybody."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ropo_portal.submissions.models import SendingSwitch, Submission
from ropo_portal.ui.access import public

UNAVAILABLE = 503


# Public: a watching machine has no name; it learns numbers of the whole house and nothing else.
@public
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Tell how long the oldest due document waits; 503 when that is too long, or when the database does not answer."""
    try:
        told = _numbers()
    except DatabaseError:
        told = {"database": 0}
    is_well = told["database"] and told["oldest_seconds"] <= settings.HEALTH_QUEUE_LIMIT
    status = 200 if is_well else UNAVAILABLE
    return JsonResponse(told, status=status, headers={"Cache-Control": "no-store"})


def _numbers() -> dict[str, int]:
    """Count what may leave and does not; where sending is paused on purpose nothing is late."""
    at = timezone.now()
    switch = SendingSwitch.objects.filter(pk=1).first() or SendingSwitch()
    due = Submission.objects.none() if switch.paused else Submission.objects.due(at=at)
    oldest = due.order_by("due_at").values_list("due_at", flat=True).first()
    return {
        "database": 1,
        "oldest_seconds": int((at - oldest).total_seconds()) if oldest else 0,
        "oldest_limit_seconds": settings.HEALTH_QUEUE_LIMIT,
        "unconfirmed": Submission.objects.filter(state=Submission.State.UNCONFIRMED).count(),
    }
