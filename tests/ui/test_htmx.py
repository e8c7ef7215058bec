"""Pieces for htmx, whole pages for everybody else."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.urls")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("clerk")


def test_piece_is_drawn_for_htmx(browser: Client) -> None:
    answer = browser.get("/piece", headers=HTMX)
    assert answer.status_code == 422
    assert answer.content.decode().strip() == '<span class="keys"><kbd>g</kbd><kbd>å</kbd></span>'
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize(
    "extra", [{}, {**HTMX, "HX-History-Restore-Request": "true"}, {**HTMX, "HX-Boosted": "true"}]
)
def test_page_is_drawn_otherwise(browser: Client, extra: dict[str, str]) -> None:
    answer = browser.get("/piece", headers=extra)
    assert "<!doctype html>" in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_toast_travels_in_a_header_that_is_plain_ascii(browser: Client) -> None:
    header = browser.get("/piece", headers=HTMX)["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {"ropo:toast": {"text": "Tallennettu – sparat ✓", "level": "success"}}


def test_message_waits_for_the_next_page_without_htmx(browser: Client) -> None:
    answer = browser.get("/piece")
    assert "HX-Trigger" not in answer
    assert "Tallennettu" in browser.get("/paper").content.decode()


def test_redirect_takes_the_whole_browser(client: Client) -> None:
    assert client.get("/moved", headers=HTMX)["HX-Redirect"] == "/piece"
    answer = client.get("/moved")
    assert (answer.status_code, answer["Location"]) == (303, "/piece")
