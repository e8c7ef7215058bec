"""The second step at sign-in: set up, taken, refused, lost, and reset."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.accounts.second_steps import CODES, code, is_in, second, set_up, sign_in, with_app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def forgetful():
    cache.clear()


@pytest.fixture
def clerk(creditor):
    return factories.make_user("clerk", creditor)


def test_without_a_factor_the_password_is_enough_where_none_is_required(clerk):
    browser, answer = sign_in(clerk)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(browser)


def test_with_a_factor_the_password_alone_opens_nothing(clerk):
    browser, answer = sign_in(with_app(clerk))
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(browser)
    assert second(browser, code()).status_code == 302
    assert is_in(browser)


def test_a_wrong_code_opens_nothing(clerk):
    browser, _answer = sign_in(with_app(clerk))
    answer = second(browser, code(steps=1))
    assert (answer.status_code, "This code is wrong" in answer.content.decode()) == (200, True)
    assert not is_in(browser)


@pytest.mark.parametrize("forgets", [False, True])
def test_a_code_opens_once(clerk, forgets):
    """Also when the cache that allauth remembers used codes in was emptied, or belongs to another process."""
    typed = code()
    browser, _answer = sign_in(with_app(clerk))
    second(browser, typed)
    assert is_in(browser)
    if forgets:
        cache.clear()
    other, _answer = sign_in(clerk)
    assert typed == code(), "the test was slower than half a minute"
    assert second(other, typed).status_code == 200
    assert not is_in(other)


def test_wrong_codes_are_counted(clerk):
    browser, _answer = sign_in(with_app(clerk))
    answers = [second(browser, code(steps=5)) for _try in range(6)]
    assert "This code is wrong" in answers[0].content.decode()
    assert "Too many failed" in answers[-1].content.decode()
    assert not is_in(browser)
    second(browser, code())
    assert not is_in(browser), "the right one comes too late as well"


def test_setting_up_and_the_codes_for_a_bad_day(clerk):
    browser, _answer = sign_in(clerk)
    codes = set_up(browser)
    assert len(codes) == len(set(codes)) == 10
    again = browser.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert CODES.findall(again) == []
    assert "shown once" in again
    assert browser.get(reverse("mfa_download_recovery_codes")).status_code == 403
    other, _answer = sign_in(clerk)
    second(other, codes[0])
    assert is_in(other)
    third, _answer = sign_in(clerk)
    assert second(third, codes[0]).status_code == 200, "it opens once"
    second(third, codes[1])
    assert is_in(third)


def test_the_codes_come_as_a_text_file_with_the_page_itself(clerk):
    browser, _answer = sign_in(clerk)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    page = browser.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True).content.decode()
    link = re.search(r'download="recovery-codes.txt" href="data:text/plain;charset=utf-8,([^"]*)"', page)
    assert link[1].split("%0A")[:-1] == CODES.findall(page)


def test_new_codes_end_the_old_ones(clerk):
    browser, _answer = sign_in(clerk)
    old = set_up(browser)
    page = browser.post(reverse("mfa_generate_recovery_codes"), follow=True)
    fresh = CODES.findall(page.content.decode())
    assert len(fresh) == 10
    assert not set(old) & set(fresh)
    other, _answer = sign_in(clerk)
    assert second(other, old[0]).status_code == 200


def test_the_code_that_set_up_the_app_opens_nothing_else(clerk):
    browser, _answer = sign_in(clerk)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    typed = code(browser.get(reverse("mfa_activate_totp")).context["form"].secret)
    browser.post(reverse("mfa_activate_totp"), {"code": typed})
    other, _answer = sign_in(clerk)
    assert second(other, typed).status_code == 200
    assert not is_in(other)


def test_a_wrong_first_code_sets_up_nothing_and_keeps_the_picture(clerk):
    browser, _answer = sign_in(clerk)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code(secret, 7)})
    assert answer.context["form"].secret == secret
    assert not Authenticator.objects.exists()
    browser.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert Authenticator.objects.filter(type="totp").exists()


def test_what_it_rests_on_lies_sealed(clerk):
    browser, _answer = sign_in(clerk)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    assert browser.session[SECRET_SESSION_KEY].startswith("v1.")
    browser.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert SECRET_SESSION_KEY not in browser.session
    stored = {one.type: one.data for one in Authenticator.objects.all()}
    assert stored["totp"]["secret"].startswith("v1.")
    assert stored["recovery_codes"]["seed"].startswith("v1.")
    assert secret not in str(stored)


def test_a_new_password_by_mail_does_not_go_round_the_second_step(clerk, mailoutbox):
    with_app(clerk)
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": clerk.email})
    address = re.search(r"http://testserver(/\S+)", mailoutbox[0].body)[1]
    page = browser.get(address, follow=True)
    fresh = "another long pass phrase"
    answer = browser.post(page.redirect_chain[-1][0], {"password1": fresh, "password2": fresh})
    assert (answer.status_code, is_in(browser)) == (302, False)
    answer = browser.post(reverse("account_login"), {"login": clerk.email, "password": fresh})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(browser)
    used = Client().get(address, follow=True)
    assert "used already" in used.content.decode(), "the link works once"


def test_who_has_a_second_step_confirms_with_it_and_not_with_the_password(clerk):
    browser, _answer = sign_in(with_app(clerk))
    second(browser, code())
    answer = browser.get(reverse("account_reauthenticate"))
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    answer = browser.post(reverse("mfa_deactivate_totp"))
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Authenticator.objects.filter(user=clerk, type="totp").exists()


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_list_webauthn"]
)
def test_strangers_are_led_to_the_door(db, name):
    assert Client().get(reverse(name))["Location"].startswith(reverse("account_login"))


def test_a_passkey_of_somebody_else_does_not_exist(clerk, creditor):
    other = factories.make_user("clerk", creditor)
    theirs = Authenticator.objects.create(user=other, type="webauthn", data={"name": "x", "credential": {}})
    browser, _answer = sign_in(clerk)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert browser.get(reverse(name, args=[theirs.pk])).status_code == 404
        assert browser.post(reverse(name, args=[theirs.pk]), {"name": "mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()
