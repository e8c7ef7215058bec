"""Room: letters about an account: a sentence and a link, nothing of what the account holds."""

import logging

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
