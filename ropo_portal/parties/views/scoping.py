"""Room: for which creditor a page works, and how an operation's refusal comes back to the form."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from ropo_portal.accounts import factors
from ropo_portal.accounts.models import LANGUAGES, Creditor
from ropo_portal.errors import DomainError
from ropo_portal.parties.forms.fields import CheckedForm

Result = TypeVar("Result")
View = Callable[..., HttpResponseBase]


def scope_of(request: HttpRequest) -> Any:
    """Give the request's scope."""
    return request.scope  # type: ignore[attr-defined]


def confirmed_lately(view: View) -> View:
    """Where a second step is required, ask for it again before what gives power to others; what was typed is kept."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.REQUIRE_SECOND_FACTOR and not factors.is_fresh(request, at=timezone.now()):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded


def working_creditor(request: HttpRequest, action: str) -> Creditor:
    """Give the creditor chosen in the frame; 403 where the reader may not do the action for it."""
    creditor: Creditor | None = scope_of(request).creditor
    if creditor is None or not scope_of(request).may(action, creditor.pk):
        raise PermissionDenied(action)
    return creditor


def allows_test_ids(request: HttpRequest, creditor: Creditor) -> bool:
    """Tell whether artificial identity codes pass: never once the creditor sends real letters to real people."""
    environments = [one for one in scope_of(request).environments if one.creditor_id == creditor.pk]
    is_real = any(one.is_live and one.stage == "production" for one in environments)
    chosen = scope_of(request).environment
    return not is_real and (chosen is None or chosen.allows_test_ids)


def home_of(request: HttpRequest) -> dict[str, str]:
    """Say where a new debtor most likely lives: in the country of the environment one works in."""
    country = scope_of(request).environment.country
    return {"country": country, "language": LANGUAGES[country]}


def posted(request: HttpRequest) -> Any:
    """Give what was posted, or nothing for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def done(form: CheckedForm, act: Callable[[], Result]) -> Result | None:
    """Run an operation; put its refusal into the form and give nothing."""
    try:
        return act()
    except DomainError as refusal:
        form.refuse(refusal)
        return None
