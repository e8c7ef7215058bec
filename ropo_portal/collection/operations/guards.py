"""Room: the row locks and the refusals every operation begins with; the claim is always locked first."""

import datetime as dt
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection.models import Step, StepDocument
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.invoices.models import Claim

Document = TypeVar("Document", bound=StepDocument)
ROOM: dict[str, str] = {Step.REMINDER: "reminder", Step.COLLECTION: "collection"}


class CannotChange(DomainError):
    """The document is beyond changing."""


class StepHasChanged(DomainError):
    """Somebody else saved the document meanwhile; `document` is how it stands now."""

    def __init__(self, document: StepDocument) -> None:
        message = _("Somebody has changed this since you opened it. Look again before you save or send it.")
        super().__init__(message, code="document_has_changed")
        self.document = document


def locked_claim(claim: Claim) -> Claim:
    """Lock the claim's row until the transaction ends, so that it is moved one step at a time."""
    # Read after the wait and not with it: joined rows and sums would be as they were before.
    Claim.objects.select_for_update().only("pk").get(pk=claim.pk)
    return Claim.objects.with_parties().get(pk=claim.pk)


def locked(document: Document) -> Document:
    """Lock a document behind its claim, and let it know the claim as it stands."""
    claim = locked_claim(document.claim)
    rows: Any = type(document).objects  # type: ignore[attr-defined]
    found: Document = rows.select_for_update(of=("self",)).select_related("submission").get(pk=document.pk)
    found.claim = claim
    return found


def refuse_stale(document: StepDocument, revision: int) -> None:
    if document.revision != revision:
        raise StepHasChanged(document)


def refuse_settled(document: StepDocument) -> None:
    if not document.is_editable:
        message = _("This can no longer be changed: it was discarded, or it is with Ropo One.")
        raise CannotChange(message, code="cannot_change")


def tell(
    verb: str,
    document: StepDocument,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    actor: User,
    at: dt.datetime,
) -> None:
    """Leave a line about a document; `verb` is without its room."""
    record(
        verb=f"{ROOM[document.step]}.{verb}",
        subject=document,
        creditor_id=document.creditor_id,
        before=before,
        after=after,
        reason=reason,
        actor=actor,
        at=at,
    )
