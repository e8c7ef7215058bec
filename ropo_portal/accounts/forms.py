"""Room: the codes a person types, at sign-in and when she sets up an app."""

import datetime as dt
from typing import Any

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TYPED = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
}


class SetUpAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app; until it is right its secret waits in the session, sealed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        waiting = session.pop(SECRET_SESSION_KEY, "")
        if waiting:
            session[SECRET_SESSION_KEY] = get_adapter().decrypt(waiting)
        super().__init__(*args, **kwargs)
        session[SECRET_SESSION_KEY] = get_adapter().encrypt(self.secret)
        _dress(self, _("Code shown by the app"))


class _OnceOnly:
    """A code of the app opens once, whatever the cache forgets: its time step is kept with the factor."""

    user: Any
    authenticator: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, _("Code of the app, or a recovery code"))

    def clean_code(self) -> str:
        with transaction.atomic():
            apps = Authenticator.objects.select_for_update().filter(
                user=self.user, type=Authenticator.Type.TOTP
            )
            last_used = {app.pk: app.last_used_at for app in apps}
            code: str = super().clean_code()  # type: ignore[misc]
            if _step(last_used.get(self.authenticator.pk)) == _step(timezone.now()):
                raise get_adapter().validation_error("incorrect_code")
            self.authenticator.record_usage()
        return code


class SecondStepForm(_OnceOnly, AuthenticateForm):  # type: ignore[misc]
    """The second step at sign-in."""


class SecondStepAgainForm(_OnceOnly, ReauthenticateForm):  # type: ignore[misc]
    """The second step once more, before something that matters."""


def _step(moment: dt.datetime | None) -> int | None:
    """Return the number of the stretch of time for which one code holds."""
    return int(moment.timestamp()) // int(app_settings.TOTP_PERIOD) if moment else None


def _dress(form: Any, label: Any) -> None:
    field = form.fields["code"]
    field.label = label
    field.widget.attrs = {**TYPED, "autofocus": True}
