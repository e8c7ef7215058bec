"""What tests of the second step share: signing in by the form, and the codes of an app."""

import re
import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse

from tests import factories

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = re.compile(r"<li><samp>(\d{8})</samp></li>")


def code(secret: str = SECRET, steps: int = 0) -> str:
    """Return what the app shows now, or so many steps later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_app(user):
    TOTP.activate(user, SECRET)
    return user


def sign_in(user) -> tuple[Client, object]:
    """Give the password by the form; return the browser and its answer."""
    browser = Client()
    data = {"login": user.email, "password": factories.PASSWORD}
    return browser, browser.post(reverse("account_login"), data)


def second(browser: Client, typed: str, name: str = "mfa_authenticate"):
    return browser.post(reverse(name), {"code": typed})


def is_in(browser: Client) -> bool:
    return browser.get(reverse("invoices:list")).status_code == 200


def set_up(browser: Client) -> list[str]:
    """Set up an app and return the recovery codes."""
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
    return CODES.findall(answer.content.decode())


class NoBackend(BaseEmailBackend):
    """A mail server that takes nothing, and says to whom."""

    def send_messages(self, messages):
        raise OSError(f"550 no such mailbox: {messages[0].to[0]}")
