"""What the source may never say, each line with the hole it would open. Secrets and TLS have tests in architecture/."""

import ast
import re

import pytest

from tests.architecture import tree
from tests.architecture.test_bans import called_name, calls, is_glued, place

MONEY = ("money.py", "invoices", "documents", "ropo_one", "rules")
RAW = {"raw", "extra", "RawSQL", "execute", "executemany"}
TEMPLATES = {
    "markup is taken as it is": r"\|\s*safe\b|\bsafeseq\b",
    "escaping is off": r"autoescape\s+off",
    "a script stands in the page": r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>|\son[a-z]+\s*=|\bhx-on",
    "a style stands in the page": r"<style\b|\sstyle\s*=",
    "text is evaluated": r"hx-vals=['\"]js:|hx-headers=['\"]js:|javascript:",
}
# Statements put together from words of the module, of a migration or of Django's compiler alone: no value ever comes in.
OWN_WORDS = {"ropo_portal/sandbox", "ropo_portal/demo/measuring/book.py", "ropo_portal/worklist/lines.py"}


def python() -> list:
    return [path for path in tree.modules() if "migrations" not in path.parts]


@pytest.mark.parametrize("what", TEMPLATES)
def test_no_template_where(what):
    found = [
        f"{tree.name_of(path)}: {match[0].strip()}"
        for path in tree.files("*.html")
        for match in re.finditer(TEMPLATES[what], path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("markup is taken as it is", "{{ name|safe }}"),
        ("escaping is off", "{% autoescape off %}"),
        ("a script stands in the page", "<script>go()</script>"),
        ("a script stands in the page", '<a onclick="go()">'),
        ("a style stands in the page", '<p style="color: red">'),
        ("text is evaluated", '<a href="javascript:go()">'),
    ],
)
def test_a_planted_hole_is_found(what, planted):
    assert re.search(TEMPLATES[what], planted)


def test_no_markup_is_made_of_text():
    """Only `format_html` and its sisters, and marked constants."""
    found = [
        place(path, call)
        for path in python()
        for call in calls(path)
        if called_name(call) in {"mark_safe", "SafeString", "html_safe"}
        and not all(isinstance(part, ast.Constant) for part in call.args)
    ]
    assert [spot for spot in found if not spot.startswith(MARKED)] == []


# The icon set is files of a package; a widget's template and the rows of a list escape what they are given.
MARKED = (
    "ropo_portal/ui/templatetags/ui.py",
    "ropo_portal/ui/templatetags/rows.py",
    "ropo_portal/ui/widgets.py",
)


def test_no_sql_is_glued_together():
    found = [
        place(path, call)
        for path in python()
        if not tree.name_of(path).startswith(tuple(OWN_WORDS))
        for call in calls(path)
        if called_name(call) in RAW
        and any(is_glued(part) for part in [*call.args, *(word.value for word in call.keywords)])
    ]
    assert found == []


def test_no_line_goes_to_a_shell():
    found = [
        place(path, call)
        for path in python()
        for call in calls(path)
        if any(
            word.arg == "shell" and not (isinstance(word.value, ast.Constant) and not word.value.value)
            for word in call.keywords
        )
        or called_name(call) in {"system", "popen", "eval", "exec", "loads_unsafe"}
    ]
    assert found == []


def test_nothing_is_unpickled():
    names = {"pickle", "marshal", "shelve", "dill"}
    found = [
        place(path, node)
        for path in python()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and names & {*(alias.name for alias in node.names), getattr(node, "module", "") or ""}
    ]
    assert found == []


def test_money_is_never_a_float():
    """0.1 + 0.2 is not 0.3, and an invoice must be."""
    found = [
        place(path, call)
        for path in python()
        if set(path.relative_to(tree.PACKAGE).parts) & set(MONEY)
        for call in calls(path)
        if called_name(call) == "float" and isinstance(call.func, ast.Name)
    ]
    assert [spot for spot in found if not spot.startswith(NO_MONEY)] == []


# Seconds and millimeters, not money.
NO_MONEY = (
    "ropo_portal/ropo_one/transport.py",
    "ropo_portal/ropo_one/auth.py",
    "ropo_portal/ropo_one/answers.py",
)


def test_no_view_escapes_the_token():
    found = [
        tree.name_of(path)
        for path in python()
        for node in ast.walk(tree.parsed(path))
        if "csrf_exempt" in {getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", "")}
    ]
    # Ropo One pushes its events without a browser, and shows credentials of its own.
    machines = {"ropo_portal/submissions/views/events.py"}
    assert [
        name for name in found if not name.startswith("ropo_portal/sandbox/") and name not in machines
    ] == []
