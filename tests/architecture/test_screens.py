"""Whoever adds a page adds it to what `python -m tests.screens` looks at, or says why it is no screen."""

import re
from typing import Any

from tests import every_screen
from tests.architecture import tree
from tests.permissions.routes import table, walked
from tests.screens import LOOKS, PICTURES, WIDTHS

OF_SIGN_IN = ("account_", "mfa_")


def answering_to_get() -> set[str]:
    """Return the routes that can be looked at: ours, and the pages of signing in."""
    ours = {route.name for route in table() if "GET" in route.methods}
    return ours | {name for name, _address in walked() if name.startswith(OF_SIGN_IN)}


def routes_looked_at() -> set[str]:
    return {screen.route for screen in every_screen.SCREENS}


def test_every_page_is_looked_at_or_says_why_not() -> None:
    assert answering_to_get() - routes_looked_at() - set(every_screen.NO_SCREENS) == set()


def test_nothing_is_named_that_there_is_not() -> None:
    assert (routes_looked_at() | set(every_screen.NO_SCREENS)) - answering_to_get() == set()


def test_a_screen_is_no_exception() -> None:
    assert routes_looked_at() & set(every_screen.NO_SCREENS) == set()


def test_every_screen_has_a_name_of_its_own() -> None:
    names = [screen.name for screen in every_screen.SCREENS]
    assert sorted(names) == sorted(set(names))


def test_every_screen_has_its_pictures_and_no_other_is_kept() -> None:
    names = {screen.name for screen in every_screen.SCREENS}
    wanted = {f"{name}-{look}-{width}.webp" for name in names for look in LOOKS for width in WIDTHS}
    assert {path.name for path in PICTURES.iterdir()} == wanted


def test_pictures_that_papers_show_are_there() -> None:
    def shown(text: Any) -> list[str]:
        return re.findall(r"docs/screens/([\w.-]+\.\w+)", text)

    papers = [text for name, text in tree.text_files() if name.endswith(".md")]
    assert [name for text in papers for name in shown(text) if not (PICTURES / name).exists()] == []
