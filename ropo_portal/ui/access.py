"""The doors: which action a view needs, and which views need none."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, resolve_url

View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=Model)


def requires(action: str) -> Callable[[View], View]:
    """Let in those who may do the action for at least one creditor; rows stay scoped by their querysets."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not request.scope.may(action):  # type: ignore[attr-defined]
                raise PermissionDenied(action)
            return view(request, *args, **kwargs)

        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Let in everybody who is signed in: only for a person's own settings, never for a creditor's rows."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.required_action = "signed_in"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Mark a view that strangers may see, so that a test can tell intention from forgetfulness."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def scoped_object(request: HttpRequest, model: type[Row], pk: Any, action: str, *, rows: Any = None) -> Row:
    """
    Give a row the reader may act on: 404 for foreign ones, 403 without the role; the page then speaks for it.

    `rows` are the rows of the model with what the page prints of other tables.
    """
    scope: Any = request.scope  # type: ignore[attr-defined]
    known: Any = model.objects if rows is None else rows  # type: ignore[attr-defined]
    row: Row = get_object_or_404(known.visible_to(scope), pk=pk)
    creditor_id = getattr(row, "creditor_id", row.pk)
    if not scope.may(action, creditor_id):
        raise PermissionDenied(action)
    _speak_for(scope, row, creditor_id)
    return row


def _speak_for(scope: Any, row: Model, creditor_id: Any) -> None:
    """Focus the row's own environment, else keep the chosen one, else take the first of the row's creditor."""
    own = getattr(row, "environment_id", None)
    candidates = [found for found in scope.environments if found.creditor_id == creditor_id]
    ids = [found.pk for found in candidates]
    if own or row.pk in ids:
        scope.focus(own or row.pk)
    elif ids and scope.environment.pk not in ids:
        scope.focus(ids[0])


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    here = htmx.current_url_abs_path or "/"
    answer = HttpResponse()
    answer["HX-Redirect"] = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': here})}"
    return answer
