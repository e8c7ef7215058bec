"""What never stands in the source, each with the harm it did elsewhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import tree


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.Call))


def called_name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def place(path: Path, node: ast.AST) -> str:
    return f"{tree.name_of(path)}:{getattr(node, 'lineno', 0)}"


def is_off(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value


def is_glued(part: ast.expr) -> bool:
    by_format = isinstance(part, ast.Call) and called_name(part) == "format"
    return by_format or isinstance(part, ast.JoinedStr | ast.BinOp)


def test_no_task_repeats_by_itself():
    """A read timeout on "start debt collection" would be sent twice."""
    words = {"autoretry_for", "retry_backoff", "max_retries"}  # max_retries=0 says the opposite, and may
    found = [
        place(path, call)
        for path in tree.modules()
        for call in calls(path)
        if called_name(call) == "retry"
        or any(keyword.arg in words and not is_off(keyword.value) for keyword in call.keywords)
    ]
    assert found == []


def test_no_markup_is_trusted_that_was_glued_together():
    """One careless field in an f-string is an injection; format_html escapes."""
    found = [
        place(path, call)
        for path in tree.modules()
        for call in calls(path)
        if called_name(call) in {"mark_safe", "SafeString"} and any(is_glued(part) for part in call.args)
    ]
    assert found == []


def test_no_certificate_goes_unverified():
    found = [
        place(path, call)
        for path in tree.modules()
        for call in calls(path)
        if any(keyword.arg == "verify" and is_off(keyword.value) for keyword in call.keywords)
    ]
    found += [
        place(path, node)
        for path in tree.modules()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Assign)
        and is_off(node.value)
        and any(isinstance(target, ast.Attribute) and target.attr == "verify" for target in node.targets)
    ]
    assert found == []


def test_the_environment_is_read_by_the_frame_alone():
    """A setting is read once, in settings.py, where one can look up what there is to set."""
    frame = {"settings.py", "celery.py", "wsgi.py"}
    found = [
        place(path, node)
        for path in tree.modules()
        if path.name not in frame and "management" not in path.parts and "demo" not in path.parts
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and getattr(node.value, "id", "") == "os"
    ]
    assert found == []
