"""Signing in and out, and what a request says about itself that nobody should believe."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.ui.middleware import address_of
from tests import factories
from tests.permissions.stage import Person, Stage, is_door

pytestmark = pytest.mark.django_db
AWAY = (
    "https://evil.example/", "//evil.example/", "///evil.example", "https:evil.example", "http:///evil.example",
    "\\\\evil.example", "/\\evil.example", "javascript:alert(1)", "data:text/html,x", "https://testserver@evil.example/",
    "https://testserver.evil.example/", "\t//evil.example", "/%09/evil.example/../..//evil.example", "ftp://testserver/",
)  # fmt: skip


def target(answer) -> str:
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""


def leads_away(answer) -> bool:
    place = target(answer)
    return not place.startswith("/") or place.startswith(("//", "/\\"))


def test_the_session_gets_a_new_key_at_sign_in(db):
    user, browser = factories.make_user(), Client()
    browser.get(reverse("account_login"))
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    answer = browser.post(reverse("account_login"), {"login": user.email, "password": factories.PASSWORD})
    assert answer.status_code == 302
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != session.session_key
    replayed = Client()
    replayed.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert is_door(replayed.get(reverse("invoices:list")))


def test_signing_out_ends_the_session_on_the_server(stage: Stage):
    person = stage.people["clerk"]
    browser = person.browser()
    assert browser.get(reverse("invoices:list")).status_code == 200
    assert browser.get(reverse("account_logout")).status_code == 200, "a link alone signs nobody out"
    assert browser.get(reverse("invoices:list")).status_code == 200
    browser.post(reverse("account_logout"))
    assert is_door(person.browser().get(reverse("invoices:list"))), "the old cookie opens nothing"


@pytest.mark.parametrize("place", AWAY)
def test_no_next_leads_away(stage: Stage, allrounder: Person, place):
    browser, ids = allrounder.browser(), stage.home.ids
    posts = {
        reverse("ui:theme"): {"theme": "dark"},
        reverse("ui:language"): {"language": "en"},
        reverse("ui:focus"): {"environment": str(ids["environment"])},
        reverse("submissions:pause", args=[ids["environment"]]): {"reason": "a test"},
        reverse("submissions:resume", args=[ids["environment"]]): {},
    }
    for address, data in posts.items():
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.post(address, data | {"next": place}, headers=headers)
            assert target(answer), address
            assert not leads_away(answer), (address, target(answer))


@pytest.mark.parametrize("place", AWAY)
def test_signing_in_leads_nowhere_else(db, place):
    user = factories.make_user()
    data = {"login": user.email, "password": factories.PASSWORD, "next": place}
    answer = Client().post(f"{reverse('account_login')}", data, query_params={"next": place})
    assert answer.status_code in {200, 302}
    assert answer.status_code == 200 or not leads_away(answer)


def test_a_local_next_is_followed(stage: Stage):
    """So that the tests above would notice a way out."""
    answer = (
        stage.people["clerk"].browser().post(reverse("ui:theme"), {"theme": "dark", "next": "/history/?x=1"})
    )
    assert target(answer) == "/history/?x=1"


def test_a_forged_host_is_refused(stage: Stage):
    browser = stage.people["clerk"].browser()
    assert browser.get(reverse("invoices:list"), headers={"Host": "evil.example"}).status_code == 400
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "444"}
    answer = browser.get(reverse("invoices:list"), headers=forged)
    assert (answer.status_code, b"evil.example" in answer.content) == (200, False)
    assert not answer.wsgi_request.is_secure()
    assert answer.wsgi_request.get_host() == "testserver"


def test_a_reset_mail_names_our_own_host(db, mailoutbox):
    user = factories.make_user()
    answer = Client().post(
        reverse("account_reset_password"), {"email": user.email}, headers={"X-Forwarded-Host": "evil.example"}
    )
    assert answer.status_code == 302
    assert all("evil.example" not in mail.body for mail in mailoutbox)
    assert (
        Client()
        .post(reverse("account_reset_password"), {"email": user.email}, headers={"Host": "evil.example"})
        .status_code
        == 400
    )


def test_the_history_believes_no_forged_address(stage: Stage):
    browser = stage.people["clerk"].browser()
    address = reverse("parties:debtor-reveal", args=[stage.home.ids["debtor"]])
    browser.post(
        address, {"reason": "a call"}, headers={"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9"}
    )
    entry = Entry.objects.filter(verb="debtor.national_id_revealed").latest("at")
    assert entry.address == "127.0.0.1"


def test_only_as_many_hops_are_believed_as_there_are_proxies_of_ours(rf, settings):
    settings.TRUSTED_PROXIES = 1
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert address_of(request) == "198.51.100.7"
