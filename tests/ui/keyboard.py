"""What stories by keyboard share: walking, typing, and a page that is sound."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests import factories

FOCUSED = "document.activeElement.matches('a, button, summary') ? document.activeElement.innerText : ''"


def walk_to(page: Any, words: str) -> None:
    """Press Tab until the focus stands on a link or a button that says so."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            return
    raise AssertionError(words)


def go(page: Any, words: str) -> None:
    walk_to(page, words)
    press(page, "Enter")


def press(page: Any, key: str) -> None:
    """Press a key that leads to a page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def give(page: Any, text: str) -> None:
    """Type into the field that has the focus, and press Enter."""
    page.keyboard.type(text)
    press(page, "Enter")


def sign_in(page: Any, user: Any) -> None:
    page.goto("/account/login/")
    page.focus("#id_login")
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    give(page, factories.PASSWORD)


def sound(page: Any, title: str) -> None:
    """The page has this heading, breaks no rule of access, and fits its window."""
    assert page.inner_text("h1").strip() == title
    options = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, options=options).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
