"""Decisions: one page each, numbered without a gap, and all of them on the index."""

import re

from tests.architecture import tree

FOLDER = tree.ROOT / "docs" / "decisions"


def test_the_index_lists_every_page():
    pages = sorted(path.name for path in FOLDER.glob("[0-9]*.md"))
    linked = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (FOLDER / "README.md").read_text())
    assert linked == pages
    assert [int(page[:4]) for page in pages] == list(range(1, len(pages) + 1))


def test_every_link_between_pages_leads_somewhere():
    broken = [
        f"{tree.name_of(path)}: {target}"
        for path in tree.files("*.md")
        for target in re.findall(r"\]\((?!\w+:|#)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []
