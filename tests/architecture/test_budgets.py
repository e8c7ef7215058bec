"""Sizes: a budget is met by finding the missing noun, not by cutting at line 300."""

import ast
from pathlib import Path

import pytest

from tests.architecture import tree

FILE, MODELS_FILE, TEST_FILE, FUNCTION, VIEW = 300, 350, 400, 30, 20
ASSETS = {"templates/**/*.html": 120, "static/**/*.js": 80, "static/**/*.css": 150}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count what has to be read to know what it does: signature and docstring are what saves the reading."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_view(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    in_views = path.name == "views.py" or path.parent.name == "views"
    return in_views and bool(function.args.args) and function.args.args[0].arg == "request"


def budget_of(path: Path) -> int:
    if path.is_relative_to(tree.ROOT / "tests"):
        return TEST_FILE  # a litany is read from top to bottom
    return MODELS_FILE if "models" in path.relative_to(tree.ROOT).with_suffix("").parts else FILE


def test_python_files_fit_their_budget():
    python = [path for path in tree.files("*.py") if "migrations" not in path.parts]
    too_long = {tree.name_of(path): lines(path) for path in python if lines(path) > budget_of(path)}
    assert too_long == {}


def test_functions_fit_their_budget():
    too_long = {}
    at_the_top = [path for path in tree.files("*.py") if path.parent == tree.ROOT]
    for path in [*tree.modules(), *at_the_top]:
        for function in tree.functions(path):
            budget = VIEW if is_view(path, function) else FUNCTION
            if length(function) > budget:
                too_long[f"{tree.name_of(path)}: {function.name}"] = f"{length(function)} of {budget}"
    assert too_long == {}


@pytest.mark.parametrize(("pattern", "budget"), ASSETS.items())
def test_templates_styles_and_scripts_fit_their_budget(pattern, budget):
    folder, suffix = pattern.split("/")[0], Path(pattern).suffix
    ours = [path for path in tree.files(f"*{suffix}") if path.is_relative_to(tree.ROOT / folder)]
    assert {tree.name_of(path): lines(path) for path in ours if lines(path) > budget} == {}
