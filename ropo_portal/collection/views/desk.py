"""Room: what every screen of collection needs: scope, the working environment, the document, and refusals in words."""

import logging
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import Claim
from ropo_portal.ui import htmx
from ropo_portal.ui.access import scoped_object

UNPROCESSABLE = 422
KINDS: dict[str, Any] = {"reminder": Reminder, "case": DebtCollectionCase}
# Names a browser may send beside the fields of a form.
PLUMBING = frozenset({"csrfmiddlewaretoken", "then", "debtor_text", "debtor_choice"})
logger = logging.getLogger(__name__)


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


def claim_for(request: HttpRequest, pk: uuid.UUID, action: str) -> Claim:
    """Give a claim the reader may act on, with what its pages print; a foreign one does not exist."""
    scoped_object(request, Claim, pk, action)
    return Claim.objects.with_parties().get(pk=pk)


def document_for(request: HttpRequest, kind: str, pk: uuid.UUID, action: str) -> Any:
    """Give a reminder or a debt collection the reader may act on, knowing its claim as it stands."""
    if kind not in KINDS:
        raise Http404
    scoped_object(request, KINDS[kind], pk, action)
    document = KINDS[kind].objects.with_claim().get(pk=pk)
    document.claim = Claim.objects.with_parties().get(pk=document.claim_id)
    return document


def back_to(request: HttpRequest, claim: Claim, text: Any, level: str = "success") -> HttpResponse:
    """Go to the claim's page and say something there."""
    return htmx.tell(request, htmx.redirect(request, "collection:claim", claim.pk), text, level)


def refused(request: HttpRequest, claim: Claim, error: DomainError) -> HttpResponse:
    """Go to the claim's page and say why nothing was done."""
    return back_to(request, claim, error.message, "error")


def put(form: Any, error: DomainError) -> None:
    """Put a refusal at its field, or above the form where it has none."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def log_strangers(request: HttpRequest, form: Any) -> None:
    """Note names that no form of ours has; they are never read."""
    strangers = sorted(set(request.POST) - set(form.fields) - PLUMBING)
    if strangers:
        logger.warning("form of collection: ignored fields %r by %s", strangers[:20], request.user.pk)
