"""Doors: strangers go to the sign-in page, the wrong role is refused, the right one comes in."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.views.decorators.http import require_POST

from ropo_portal.ui import access

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.urls")]
HTMX = {"HX-Request": "true"}


def test_stranger_is_sent_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/guarded?state=held")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/guarded%3Fstate%3Dheld"


def test_stranger_asking_for_a_piece_leaves_the_whole_page(client: Client) -> None:
    answer = client.get("/guarded", headers={**HTMX, "HX-Current-URL": "http://testserver/invoices/?q=1"})
    assert answer["HX-Redirect"] == "/account/login/?next=%2Finvoices%2F%3Fq%3D1"
    assert answer.content == b""


def test_page_to_return_to_is_never_a_foreign_one(client: Client) -> None:
    answer = client.get("/guarded", headers={**HTMX, "HX-Current-URL": "https://evil.example/x"})
    assert answer["HX-Redirect"].endswith("?next=%2F")


@pytest.mark.parametrize(
    ("role", "status"), [("sender", 200), ("clerk", 403), ("auditor", 403), ("reader", 403)]
)
def test_role_decides(signed_in: Callable[[str], Client], role: str, status: int) -> None:
    assert signed_in(role).get("/guarded").status_code == status


def test_refusal_says_why_in_words(signed_in: Callable[[str], Client]) -> None:
    assert "Your role does not allow this" in signed_in("reader").get("/guarded").content.decode()


def test_marks_survive_other_decorators() -> None:
    @require_POST
    @access.requires("invoice.send")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert view.required_action == "invoice.send"
    assert access.public(lambda _request: HttpResponse()).is_public  # type: ignore[attr-defined]


def test_focus_on_a_foreign_environment_does_not_exist(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("clerk")
    assert (
        browser.post("/ui/focus", {"environment": "0192f0c1-0000-7000-8000-000000000000"}).status_code == 404
    )
    assert browser.post("/ui/focus", {"environment": "nonsense"}).status_code == 404


def test_focus_is_kept_in_the_session(signed_in: Callable[[str], Client], environment: object) -> None:
    browser = signed_in("clerk")
    answer = browser.post("/ui/focus", {"environment": str(environment.pk), "next": "https://evil.example"})  # type: ignore[attr-defined]
    assert answer["Location"] == "/"
    assert browser.session["environment"] == str(environment.pk)  # type: ignore[attr-defined]
