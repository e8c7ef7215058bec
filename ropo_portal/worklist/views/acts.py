"""Room: taking a row of the work list, taking it over from somebody by name, and giving it back."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ropo_portal.errors import DomainError
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires
from ropo_portal.worklist import operations
from ropo_portal.worklist.kinds import KINDS, Kind
from ropo_portal.worklist.models import WorkClaim
from ropo_portal.worklist.views.desk import desk_of, scope_of


@requires("work.take")
@require_POST
def take(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Take a row; with `from` it is taken over from exactly the person the reader saw."""
    subject, creditor_id = _subject(request, kind, pk)
    try:
        operations.take_work(
            kind=kind,
            subject=subject,
            creditor_id=creditor_id,
            taken_from=_person(request),
            actor=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )
    except DomainError as refusal:
        return _back(request, refusal.message, "warning")
    return _back(request, _("It is yours now."))


@requires("work.take")
@require_POST
def release(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Give a row back."""
    creditor_id = _subject(request, kind, pk)[1]
    claim = (
        WorkClaim.objects.visible_to(scope_of(request)).filter(subject_id=pk, creditor_id=creditor_id).first()
    )
    if claim is None:
        return _back(request, _("Nobody had it."), "info")
    try:
        operations.release_work(claim=claim, actor=request.user, at=timezone.now())  # type: ignore[arg-type]
    except DomainError as refusal:
        return _back(request, refusal.message, "warning")
    return _back(request, _("Given back."))


def _subject(request: HttpRequest, name: str, pk: uuid.UUID) -> tuple[Any, uuid.UUID]:
    """Give the waiting row and its creditor: 404 where the reader sees none, 403 where she may not take it."""
    kind: Kind | None = next((one for one in KINDS if one.name == name and one.can_be_taken), None)
    if kind is None:
        raise Http404
    desk = desk_of(request, everywhere=True)
    subject: Any = get_object_or_404(kind.waiting(desk), pk=pk)
    row = kind.show(desk, type(subject).objects.filter(pk=pk))[0]
    if row.environment is None or not desk.scope.may("work.take", row.environment.creditor_id):
        raise PermissionDenied("work.take")
    return subject, row.environment.creditor_id


def _person(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("from", ""))
    except ValueError:
        return None


def _back(request: HttpRequest, words: Any, level: str = "success") -> HttpResponse:
    wish = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure())
    to = wish if wish and is_ours else reverse("worklist:today")
    return htmx.tell(request, htmx.redirect(request, to), words, level)
