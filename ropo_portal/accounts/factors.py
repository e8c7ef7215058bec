"""Room: the second step at sign-in: who needs one, who has one, and whether this session took it."""

import datetime as dt
from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone

from ropo_portal.accounts.models import User
from ropo_portal.accounts.scope import Scope

SESSION_KEY = "second_step"
TIME_KEY = "second_step_at"
# How long the step counts for what gives power to others.
FRESH = dt.timedelta(minutes=5)
# What opens the door; codes on paper only stand in for one of these.
TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_needed_by(scope: Scope) -> bool:
    """Whether a person may see anything at all that a second step protects: any role, or support."""
    user: Any = scope.user
    return scope.is_support or bool(user.is_staff) or bool(scope.roles)


def has_factor(user: User) -> bool:
    """Whether somebody has set up an app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=TYPES).exists())


def is_taken(request: HttpRequest) -> bool:
    """Whether the second step was taken in this very session, and by the person it belongs to now."""
    return bool(request.session.get(SESSION_KEY) == str(request.user.pk))


def is_fresh(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Whether the step was taken in this session a moment ago."""
    return is_taken(request) and at.timestamp() - request.session.get(TIME_KEY, 0) <= FRESH.total_seconds()


def note_taken(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    """Remember in the session that a code or a key was right."""
    request.session[SESSION_KEY] = str(user.pk)
    request.session[TIME_KEY] = int(timezone.now().timestamp())


def note_added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """A factor is set up by using it: that counts as the step, and its code is used up."""
    if authenticator.type in TYPES:
        Authenticator.objects.filter(pk=authenticator.pk).update(last_used_at=timezone.now())
        note_taken(request=request, user=user)


def listen() -> None:
    """Hear from allauth whenever a factor is used or set up."""
    signals.authenticator_used.connect(note_taken, dispatch_uid="accounts.second_step_taken")
    signals.authenticator_added.connect(note_added, dispatch_uid="accounts.second_step_added")
