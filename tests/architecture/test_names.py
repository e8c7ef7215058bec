"""Names: no drawer that anything may be thrown into, and a sentence at the door of every module."""

import ast

from tests.architecture import tree

DRAWERS = {
    "common", "core", "util", "utils", "helper", "helpers", "misc", "lib", "shared", "service", "services",
    "stuff", "tools", "manager", "managers", "mixins", "general",
}  # fmt: skip


def test_no_file_or_folder_is_a_drawer():
    found = set()
    for path in tree.project_files():
        parts = path.relative_to(tree.ROOT).with_suffix("").parts
        found |= {tree.name_of(path) for part in parts if part.strip("_").lower() in DRAWERS}
    assert found == set()


def test_every_module_says_in_a_sentence_which_room_it_is():
    silent = [
        tree.name_of(path)
        for path in tree.modules()
        if path.stat().st_size  # an empty __init__.py only makes a folder a package
        and not ((ast.get_docstring(tree.parsed(path)) or "").partition("\n")[0].endswith((".", "?")))
    ]
    assert silent == []
