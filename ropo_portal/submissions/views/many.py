"""Room: taking several submissions back at once; each is told by itself."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ropo_portal.errors import DomainError
from ropo_portal.submissions import operations
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.views import answers
from ropo_portal.ui.access import requires

MOST = 200


@requires("invoice.withdraw")
@require_POST
def withdraw_many(request: HttpRequest) -> HttpResponse:
    """Take the marked ones back that have not left, and say of each what came of it."""
    scope: Any = request.scope  # type: ignore[attr-defined]
    allowed = scope.creditor_ids_for("invoice.withdraw")
    rows = Submission.objects.filter(pk__in=_ids(request), creditor_id__in=allowed).defer("payload")
    results = [(row, *_taken_back(request, row)) for row in rows.order_by("-queued_at", "-id")]
    context = {"results": results, "done": sum(1 for _row, is_back, _why in results if is_back)}
    return render(request, "submissions/withdraw_results.html", context)


def _taken_back(request: HttpRequest, row: Submission) -> tuple[bool, str]:
    """Return whether it was taken back, and in words what came of it."""
    try:
        operations.withdraw(submission=row, **answers.who(request))
    except DomainError as error:
        return False, str(error)
    return True, _("Taken back. Nothing was sent.")


def _ids(request: HttpRequest) -> list[uuid.UUID]:
    found = []
    for text in request.POST.getlist("submission")[:MOST]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
