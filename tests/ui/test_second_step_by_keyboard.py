"""Setting up a second step and taking it, by keyboard alone, in a real browser under the real policy."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from tests import factories
from tests.ui.keyboard import give, go, sign_in, sound, walk_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def required(settings):
    cache.clear()
    settings.REQUIRE_SECOND_FACTOR = True
    settings.ALLOWED_HOSTS = ["localhost"]


@pytest.fixture
def clerk(creditor):
    return factories.make_user("clerk", creditor)


def test_an_app_by_keyboard(page, clerk):
    sign_in(page, clerk)
    sound(page, "Sign-in and security")
    go(page, "Set up an app")
    sound(page, "Is it still you?")
    page.focus("#id_password")
    give(page, factories.PASSWORD)
    sound(page, "Set up an app")
    secret = page.inner_text(".ways__secret")
    give(page, format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    sound(page, "Recovery codes")
    codes = re.findall(r"\d{8}", page.inner_text(".ways__codes"))
    walk_to(page, "Take them away as a text file")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.path().read_text().split() == codes
    assert taken.value.suggested_filename == "recovery-codes.txt"
    go(page, "I have kept them")
    sound(page, "Sign-in and security")
    page.context.clear_cookies()
    sign_in(page, clerk)
    sound(page, "The second step")
    give(page, "000000")
    assert "This code is wrong" in page.inner_text("main")
    page.focus("#id_code")
    give(page, codes[0])
    assert page.url.endswith("/today/")


def test_a_passkey_by_keyboard(page, clerk):
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, clerk)
    go(page, "Add a passkey")
    page.focus("#id_password")
    give(page, factories.PASSWORD)
    sound(page, "Add a passkey")
    go(page, "Add a passkey")
    sound(page, "Recovery codes")
    assert Authenticator.objects.filter(user=clerk, type="webauthn").count() == 1
    page.context.clear_cookies()
    sign_in(page, clerk)
    sound(page, "The second step")
    go(page, "Use a passkey")
    assert page.url.endswith("/today/")
    page.goto("/account/second-step/webauthn/")
    sound(page, "Passkeys")
    go(page, "Rename")
    sound(page, "Is it still you?")
    go(page, "Use a passkey")
    sound(page, "Is it still you?")
    go(page, "Use a passkey")
    sound(page, "Rename the passkey")
    page.fill("#id_name", "")
    page.focus("#id_name")
    give(page, "Desk")
    assert page.inner_text(".ways__one h2").strip() == "Desk"
    go(page, "Take it away")
    sound(page, "Take the passkey away")
    go(page, "Take it away")
    assert not Authenticator.objects.filter(user=clerk).exists()
    sound(page, "Sign-in and security")
