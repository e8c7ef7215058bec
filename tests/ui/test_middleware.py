"""What every answer carries, and what a request leaves for history."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from ropo_portal.ui import csp, request_context
from ropo_portal.ui.middleware import RequestContextMiddleware, address_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.urls")]


def test_policy_is_strict_on_every_page(client: Client) -> None:
    policy = client.get("/paper")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_policy_can_be_opened_for_one_view_only(client: Client) -> None:
    assert "frame-ancestors 'self'" in client.get("/framed")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/paper")["Content-Security-Policy"]


def test_policy_header_knows_all_kinds_of_values() -> None:
    directives = {"a": ["x", "y"], "b": True, "c": None, "d": "z", "e": False}
    assert csp.header(directives) == "a x y; b; d z"


def test_empty_setting_means_the_strict_policy(settings: object) -> None:
    settings.SECURE_CSP = {}  # type: ignore[attr-defined]
    assert csp.policy() == csp.POLICY


def test_sister_headers(client: Client) -> None:
    answer = client.get("/paper")
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_pages_of_signed_in_people_are_not_kept(client: Client, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("clerk").get("/paper")["Cache-Control"] == "private, no-store"
    assert "no-store" not in client.get("/paper").get("Cache-Control", "")


def test_request_is_named_for_history_and_forgotten_after() -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request_context.current())
        return HttpResponse()

    answer = RequestContextMiddleware(view)(RequestFactory().get("/", REMOTE_ADDR="192.0.2.7"))
    assert seen[0].address == "192.0.2.7"
    assert seen[0].request_id == answer["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", seen[0].request_id)
    assert request_context.current() == request_context.RequestContext()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.7"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.7"),
        (1, "", "192.0.2.7"),
    ],
)
def test_address_believes_our_own_proxies_only(
    settings: object, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == expected


def test_theme_is_right_from_the_first_paint(client: Client) -> None:
    assert 'data-theme="auto"' in client.get("/paper").content.decode()
    assert client.post("/ui/theme", {"theme": "dark", "next": "/paper"})["Location"] == "/paper"
    assert 'data-theme="dark"' in client.get("/paper").content.decode()
    assert client.post("/ui/theme", {"theme": "<script>"}).status_code == 400


def test_language_is_remembered_in_the_account(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("clerk")
    browser.post("/ui/language", {"language": "fi"})
    assert '<html lang="fi"' in browser.get("/paper").content.decode()
    browser.user.refresh_from_db()  # type: ignore[attr-defined]
    assert browser.user.language == "fi"  # type: ignore[attr-defined]
    assert browser.post("/ui/language", {"language": "xx"}).status_code == 400


def test_error_pages_need_no_request(client: Client) -> None:
    from django.template.loader import render_to_string  # noqa: PLC0415 (after Django is ready)

    for status in (400, 403, 404, 500):
        text = render_to_string(f"{status}.html")
        assert str(status) in text
        assert "<style" not in text
        assert " style=" not in text
