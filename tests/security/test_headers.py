"""What every answer carries, whatever it is: pages, pieces, files, pictures, refusals."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ropo_portal.parties.models import Debtor
from tests import factories
from tests.permissions import routes
from tests.permissions.stage import Person, Stage, ask

pytestmark = pytest.mark.django_db
ROUTES = routes.table()
HTMX = {"HX-Request": "true"}
DIRECTIVES = {"default-src": "'none'", "object-src": "'none'", "base-uri": "'none'", "form-action": "'self'"}
# Our own letters are shown in a frame of our own page.
FRAMED = {"invoices:draft", "invoices:preview"}


def directives(answer) -> dict[str, str]:
    policy = answer["Content-Security-Policy"]
    return {
        name: value for name, _space, value in (part.strip().partition(" ") for part in policy.split(";"))
    }


def missing(answer, *, framed: bool | None = False) -> list[str]:
    """Return what a good answer would have and this one lacks."""
    found = directives(answer)
    wanted = DIRECTIVES if "script-src" in found else {"default-src": "'none'"}
    lacks = [name for name, value in wanted.items() if found.get(name) != value]
    lacks += ["unsafe" for value in found.values() if "unsafe" in value or "*" in value or "http:" in value]
    ancestors = "'self'" if framed else "'none'"
    if framed is not None:  # None: an empty answer in which nothing can be framed
        lacks += [] if found.get("frame-ancestors") == ancestors else ["frame-ancestors"]
    exact = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "SAMEORIGIN" if framed else "DENY",
    }
    if framed is None:
        del exact["X-Frame-Options"]
    lacks += [name for name, value in exact.items() if answer.headers.get(name) != value]
    return lacks + [name for name in ("Permissions-Policy", "X-Request-ID") if not answer.headers.get(name)]


def is_letter(answer) -> bool:
    return answer.get("Content-Type") == "application/pdf" and "inline" in answer["Content-Disposition"]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_answer_to_somebody_is_guarded_and_kept_by_nobody(stage: Stage, allrounder: Person, route):
    for method in ("GET", "POST"):  # one of them may be 405, which is an answer too
        for headers in ({}, HTMX):
            answer = ask(stage, allrounder, route, method, **headers)
            empty = route.name in FRAMED and answer.status_code < 400 and not is_letter(answer)
            framed = None if empty else is_letter(answer)
            assert missing(answer, framed=framed) == [], (method, answer.status_code)
            assert "no-store" in answer.headers.get("Cache-Control", ""), (method, answer.status_code)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_refusal_is_guarded(stage: Stage, route):
    for name in ("anonymous", "user without any role", "member of another creditor"):
        for method in route.methods:
            answer = ask(stage, stage.people[name], route, method)
            assert missing(answer) == []


@pytest.mark.parametrize(
    "path", ["/nothing/here", "/account/login/", "/support/", "/invoices/%00", "/%E0%A4%A"]
)
def test_pages_of_nobody_are_guarded(db, path):
    assert missing(Client().get(path)) == []


def test_a_bad_host_and_a_missing_token_are_guarded(db):
    assert missing(Client().get("/account/login/", headers={"Host": "evil.example"})) == []
    answer = Client(enforce_csrf_checks=True).post("/account/login/")
    assert (answer.status_code, missing(answer)) == (403, [])


def test_a_file_is_a_download_in_a_sandbox(stage: Stage, allrounder: Person):
    address = reverse("documents:document", args=[stage.home.ids["document"]])
    answer = allrounder.browser().get(address)
    assert directives(answer)["default-src"] == "'none'"
    assert "sandbox" in directives(answer)
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Type"] == "application/pdf"
    inline = allrounder.browser().get(address, {"inline": "1"})
    assert directives(inline)["frame-ancestors"] == "'self'"
    assert (inline["Cache-Control"], inline["X-Content-Type-Options"]) == ("private, no-store", "nosniff")


def test_cookies_are_out_of_reach_of_scripts(stage: Stage, allrounder: Person):
    browser = Client()
    pair = {"login": allrounder.user.email, "password": factories.PASSWORD}
    cookie = browser.post(reverse("account_login"), pair).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_addresses_and_titles_name_nobody(stage: Stage, allrounder: Person):
    """A title stays in the history of the browser and in the bar of a shared screen."""
    Debtor.objects.filter(pk=stage.home.ids["debtor"]).update(name="Xaver Zabrinsky")
    for route in [route for route in ROUTES if "GET" in route.methods]:
        answer = ask(stage, allrounder, route, "GET")
        if "text/html" not in answer.get("Content-Type", ""):
            continue
        text = answer.content.decode()
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert "Zabrinsky" not in title, route.name
        links = [
            part.partition('"')[0]
            for name in ("href", "action", "src", "hx-get", "hx-post")
            for part in text.split(f'{name}="')[1:]
        ]
        assert [link for link in links if "Zabrinsky" in link or "131052" in link] == [], route.name
