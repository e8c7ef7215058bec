"""Where a second step is required, nothing opens before it; and support gives back what was lost."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.factors import SESSION_KEY
from ropo_portal.accounts.operations import CannotResetSecondStep, reset_second_step
from ropo_portal.accounts.roles import Role
from ropo_portal.history.models import Entry
from tests import factories
from tests.accounts.second_steps import SECRET, code, is_in, second, set_up, sign_in, with_app

pytestmark = pytest.mark.django_db(transaction=True)
INDEX = "/account/second-step/"
REASON = "Called back on the number we have"


@pytest.fixture(autouse=True)
def required(settings):
    cache.clear()
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def clerk(creditor):
    return factories.make_user("clerk", creditor)


@pytest.fixture
def support(db):
    """Somebody of support who has taken her second step."""
    browser = Client()
    browser.user = with_app(factories.make_user(is_staff=True, is_superuser=True))
    browser.force_login(browser.user)
    session = browser.session
    session[SESSION_KEY] = str(browser.user.pk)
    session.save()
    return browser


def reset_page(user) -> str:
    return reverse("admin:accounts_user_second_step", args=[user.pk])


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_led_to_setting_one_up(creditor, role):
    browser, answer = sign_in(factories.make_user(role, creditor))
    assert answer.status_code == 302
    for name in ("home", "invoices:list", "worklist:notices", "account_change_password", "mfa_list_webauthn"):
        assert browser.get(reverse(name))["Location"] == INDEX, name
    page = browser.get(INDEX)
    assert (page.status_code, "Your role needs a second step" in page.content.decode()) == (200, True)
    assert browser.post(reverse("ui:language"), {"language": "fi", "next": INDEX})["Location"] == INDEX
    assert browser.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in browser.session


def test_support_is_led_there_as_well():
    browser, _answer = sign_in(factories.make_user(is_staff=True, is_superuser=True))
    assert browser.get(reverse("admin:index"))["Location"] == INDEX
    assert browser.get(reverse("parties:creditor-list"))["Location"] == INDEX


def test_nothing_is_written_before_it(clerk, environment):
    browser, _answer = sign_in(clerk)
    answer = browser.post(reverse("ui:focus"), {"environment": str(environment.pk)})
    assert answer["Location"] == INDEX
    assert "environment" not in browser.session
    piece = browser.get(reverse("invoices:list"), headers={"HX-Request": "true"})
    assert (piece.status_code, piece["HX-Redirect"], piece.content) == (200, INDEX, b"")


def test_strangers_and_people_without_a_role_meet_nothing_new(creditor):
    assert Client().get(reverse("account_login")).status_code == 200
    browser, _answer = sign_in(factories.make_user())
    assert browser.get(reverse("worklist:notices")).status_code == 200


def test_setting_one_up_opens_the_rest(clerk):
    browser, _answer = sign_in(clerk)
    assert len(set_up(browser)) == 10
    assert is_in(browser)


def test_a_session_from_before_takes_the_step_first(clerk):
    """One that began before the factor was set up, or in which only the password was given."""
    browser, _answer = sign_in(clerk)
    with_app(clerk)
    answer = browser.get(reverse("invoices:list"))
    again = reverse("mfa_reauthenticate")
    assert answer["Location"] == f"{again}?next=%2Finvoices%2F"
    for name in ("mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "account_reauthenticate"):
        assert browser.get(reverse(name))["Location"].startswith(again), name
    assert second(browser, code(steps=3), "mfa_reauthenticate").status_code == 200
    assert not is_in(browser)
    answer = browser.post(f"{again}?next=/invoices/", {"code": code(), "next": "/invoices/"})
    assert answer["Location"] == "/invoices/"
    assert is_in(browser)


def test_support_enters_by_the_same_door(settings):
    """The admin's own sign-in asks for no second step, so nobody meets it."""
    settings.REQUIRE_SECOND_FACTOR = False
    answer = Client().get(reverse("admin:login"))
    assert answer["Location"].startswith(reverse("account_login"))
    user = factories.make_user(is_staff=True, is_superuser=True)
    browser = Client()
    browser.post(reverse("admin:login"), {"username": user.email, "password": factories.PASSWORD})
    assert "_auth_user_id" not in browser.session


def test_a_reset_leaves_a_line_and_a_letter(support, clerk, creditor, mailoutbox, settings):
    settings.PORTAL_URL = "https://portal.example"
    browser, _answer = sign_in(with_app(clerk))
    second(browser, code())
    assert is_in(browser)
    assert "totp" not in support.get(reset_page(clerk)).content.decode()
    answer = support.post(reset_page(clerk), {"reason": REASON})
    assert answer["Location"] == reverse("admin:accounts_user_change", args=[clerk.pk])
    assert not Authenticator.objects.filter(user=clerk).exists()
    entry = Entry.objects.get(verb="member.second_step_reset")
    assert (entry.creditor_id, entry.reason, entry.actor) == (creditor.pk, REASON, support.user)
    assert (entry.subject_id, entry.before, SECRET in str(entry.__dict__)) == (
        clerk.pk,
        {"second_step": ["totp"]},
        False,
    )
    (letter,) = mailoutbox
    assert (letter.to, f"https://portal.example{INDEX}" in letter.body) == ([clerk.email], True)
    assert [word for word in (clerk.name, creditor.name, REASON) if word in letter.body] == []
    assert browser.get(reverse("invoices:list"))["Location"] == INDEX, "the session goes no further either"


def test_a_reset_is_told_to_every_creditor_or_to_the_house(support, clerk, at):
    second_one = factories.make_creditor()
    second_one.memberships.create(user=clerk, role="reader")
    reset_second_step(user=with_app(clerk), reason=REASON, actor=support.user, at=at)
    loner = with_app(factories.make_user())
    reset_second_step(user=loner, reason=REASON, actor=support.user, at=at)
    chains = Entry.objects.filter(verb="member.second_step_reset").values_list("creditor_id", flat=True)
    assert set(chains) == {*clerk.memberships.values_list("creditor_id", flat=True), None}


def test_a_letter_that_fails_undoes_nothing(support, clerk, settings, at, caplog):
    settings.EMAIL_BACKEND = "tests.accounts.second_steps.NoBackend"
    settings.MAILERS = {"default": {"BACKEND": settings.EMAIL_BACKEND}}
    reset_second_step(user=with_app(clerk), reason=REASON, actor=support.user, at=at)
    assert not Authenticator.objects.filter(user=clerk).exists()
    assert clerk.email not in caplog.text
    assert "was not sent" in caplog.text


@pytest.mark.parametrize("reason", ["", "   ", "short"])
def test_no_reset_without_a_reason(support, clerk, reason):
    answer = support.post(reset_page(with_app(clerk)), {"reason": reason})
    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"]
    assert Authenticator.objects.filter(user=clerk).exists()
    assert not Entry.objects.exists()


def test_what_cannot_be_reset(support, clerk, at):
    assert "Nothing is set up" in support.post(reset_page(clerk), {"reason": REASON}).content.decode()
    answer = support.post(reset_page(support.user), {"reason": REASON})
    assert "ask another person" in answer.content.decode()
    assert Authenticator.objects.filter(user=support.user).exists()
    with pytest.raises(CannotResetSecondStep):
        reset_second_step(user=clerk, reason=REASON, actor=support.user, at=at)


def test_only_support_resets(support, clerk, creditor, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    with_app(clerk)
    staff = Client()
    staff.force_login(factories.make_user(is_staff=True))
    administrator = Client()
    administrator.force_login(factories.make_user("administrator", creditor))
    for browser, status in ((staff, 403), (administrator, 302), (Client(), 302)):
        assert browser.get(reset_page(clerk)).status_code == status
        assert browser.post(reset_page(clerk), {"reason": REASON}).status_code == status
    assert support.put(reset_page(clerk)).status_code == 405
    assert support.get(reset_page(factories.make_creditor())).status_code == 404
    assert Authenticator.objects.filter(user=clerk).exists()


def test_no_page_of_support_shows_what_it_rests_on(support, clerk):
    with_app(clerk)
    assert support.get("/support/mfa/authenticator/").status_code == 404
    page = support.get(reverse("admin:accounts_user_change", args=[clerk.pk])).content.decode()
    assert reset_page(clerk) in page
    assert Authenticator.objects.get(user=clerk).data["secret"] not in page
