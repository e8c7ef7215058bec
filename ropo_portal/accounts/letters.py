"""Room: letters about an account: a sentence and a link, nothing of what the account holds."""

import logging

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ropo_portal.accounts.models import User

logger = logging.getLogger(__name__)


def tell_of_reset(user: User) -> bool:
    """Tell somebody that her second step was taken away, so that she notices if it was not she who asked."""
    with translation.override(user.language):
        lines = [
            _("The second step of your sign-in was taken away by support. Sign in here to set up a new one:"),
            address_of(reverse("mfa_index")),
            "",
            _("If you did not ask for that, tell support at once."),
        ]
        return _send(EmailMessage(_("Your second step at sign-in"), "\n".join(lines), to=[user.email]))


def invite(user: User) -> bool:
    """Tell somebody that she may come in: by a link to choose a password, or by the sign-in she has already."""
    with translation.override(user.language):
        if user.has_usable_password():
            lines = [
                _("You were given a role in the portal. Sign in here:"),
                address_of(reverse("account_login")),
            ]
        else:
            lines = [
                _(
                    "You were invited to the portal. Choose a password here; the link works once, for half an hour:"
                ),
                address_of(_way_to_password(user)),
                "",
                _("After that, ask for a new link here, with this address:"),
                address_of(reverse("account_reset_password")),
            ]
        return _send(EmailMessage(_("You are invited to the portal"), "\n".join(lines), to=[user.email]))


def _way_to_password(user: User) -> str:
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)


def address_of(path: str) -> str:
    """Return a link, or only the path where nobody has said under which address the portal is reached."""
    return f"{settings.PORTAL_URL.rstrip('/')}{path}"


def _send(letter: EmailMessage) -> bool:
    """Hand a letter to the mail server; what was done stands whatever the server says."""
    try:
        letter.send()
    except Exception as error:  # noqa: BLE001 (whatever the mail server does, the deed is done)
        # The words of a mail server may hold the address; the kind of error does not.
        logger.warning("a letter about an account was not sent: %s", type(error).__name__)
        return False
    return True
