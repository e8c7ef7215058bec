"""Room: what every screen of imports needs: scope, the working environment, the import, and its next step."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.imports.models import Import, ImportedInvoice
from ropo_portal.ui import htmx
from ropo_portal.ui.access import scoped_object

UNPROCESSABLE = 422
State = Import.State
ORDER = (State.UPLOADED, State.SURVEYED, State.STAGING, State.STAGED, State.CREATING, State.CREATED)


def scope_of(request: HttpRequest) -> Any:
    """Give the request's scope."""
    return request.scope  # type: ignore[attr-defined]


def who(request: HttpRequest) -> dict[str, Any]:
    """Give actor and time, which every operation asks for last."""
    return {"actor": request.user, "at": timezone.now()}


def working_environment(request: HttpRequest, action: str) -> CreditorEnvironment:
    """Give the environment chosen in the frame; 403 where the reader may not do the action for it."""
    environment: CreditorEnvironment | None = scope_of(request).environment
    if environment is None or not scope_of(request).may(action, environment.creditor_id):
        raise PermissionDenied(action)
    return environment


def batch_for(request: HttpRequest, pk: uuid.UUID, action: str) -> Import:
    """Give an import the reader may act on; a foreign one does not exist."""
    scoped_object(request, Import, pk, action)
    return Import.objects.select_related("environment__creditor", "created_by").get(pk=pk)


def imported_for(request: HttpRequest, pk: uuid.UUID, action: str) -> ImportedInvoice:
    """Give a staged invoice the reader may act on, with its import."""
    found = scoped_object(request, ImportedInvoice, pk, action)
    found.batch = batch_for(request, found.batch_id, action)
    return found


def back_to(request: HttpRequest, batch: Import, text: Any = "", level: str = "success") -> HttpResponse:
    """Go to the import's page and say something there."""
    response = htmx.redirect(request, "imports:detail", batch.pk)
    return htmx.tell(request, response, text, level) if text else response


def step_list(batch: Import) -> list[dict[str, Any]]:
    """Say in five steps how far the import is."""
    words = (_("File"), _("Columns"), _("Reading"), _("Result"), _("Invoices"))
    place = {State.UPLOADED: 0, State.SURVEYED: 1, State.STAGING: 2, State.STAGED: 3, State.CREATING: 4}.get(
        State(batch.state), 5 if batch.state == State.CREATED else 3 if batch.staged_at else 1
    )
    stuck = batch.state in {State.FAILED, State.STOPPED, State.WITHDRAWN}
    return [
        {
            "label": word,
            "state": "done" if step < place else "todo" if step > place else "failed" if stuck else "current",
        }
        for step, word in enumerate(words)
    ]
