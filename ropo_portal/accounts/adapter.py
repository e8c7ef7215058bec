"""Room: how allauth behaves here: people are invited, and what their second step rests on is sealed."""

from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ropo_portal.encryption import decrypt, encrypt

# allauth asks for a text to be sealed without saying whose it is, so the row cannot be part of it.
CONTEXT = "mfa.authenticator:secret"
BY_PASSWORD = "reauthenticate"  # noqa: S105 (the name of a way)
WAYS = {
    "mfa_reauthenticate": _("Use the code of an app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class ClosedSignUpAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed, and a password alone confirms nobody who has a second step."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        """Refuse every sign-up."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer the password only to who has nothing better."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        named = [{**way, "description": WAYS.get(way["id"], way["description"])} for way in ways]
        return [way for way in named if way["id"] != BY_PASSWORD] or named


class SealedFactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of apps and seeds of recovery codes lie sealed in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, was used already or is too old. Type the one shown now."),
    }

    def encrypt(self, text: str) -> str:
        """Seal with the portal's own keys."""
        return encrypt(text.encode(), CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what was sealed."""
        return decrypt(encrypted_text, CONTEXT).decode()

    def build_totp_svg(self, url: str) -> str:
        """Draw the code that an app reads."""
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, dark="#000", light="#fff", xmldecl=False)
        return drawn.getvalue().decode()
