"""Templates keep the strict content security policy: everything comes from a file of our own."""

import re

import pytest

from tests.architecture import tree

BANS = {
    "a script inside the page": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>",
    "a style inside the page": r"<style\b",
    "a style attribute": r"\sstyle\s*=",
    "an event attribute": r"\son[a-z]+\s*=",
    "an htmx event attribute": r"\s(?:data-)?hx-on",
    "a link that runs code": r"javascript:",
    "markup taken as safe": r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off",
}


@pytest.mark.parametrize("what", BANS)
def test_no_template_holds(what):
    found = [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}"
        for name, text in tree.text_files()
        if name.endswith(".html")
        for match in re.finditer(BANS[what], text, re.IGNORECASE)
    ]
    assert found == []
