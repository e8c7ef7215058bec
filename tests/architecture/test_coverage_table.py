"""The table of what the portal uses of Ropo's contract is whole, and everything it points to exists."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
import yaml

from tests.architecture.tree import ROOT

PAPERS = ROOT / "docs" / "ropo-one"
USES = ("used", "shown only", "not used")


class Row(NamedTuple):
    """One line of the table."""

    name: str
    use: str
    module: str
    proof: str


@cache
def table() -> tuple[Row, ...]:
    lines = (PAPERS / "coverage.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines]
    return tuple(Row(*each) for each in cells if len(each) == len(Row._fields) and each[1] in USES)


@cache
def contract() -> Any:
    return yaml.safe_load((PAPERS / "openapi.yaml").read_text(encoding="utf-8"))


def members(schema: Any, path: str) -> Iterator[str]:
    """Yield every property of a schema, those of inner objects with their way."""
    if not isinstance(schema, dict):
        return
    for name, inner in (schema.get("properties") or {}).items():
        yield f"{path}.{name}"
        yield from members(inner, f"{path}.{name}")
    parts = [
        schema.get("items"),
        *(part for key in ("allOf", "anyOf", "oneOf") for part in schema.get(key) or []),
    ]
    for part in parts:
        yield from members(part, path)


def doors() -> Iterator[str]:
    """Yield every endpoint and webhook of the contract."""
    for path, methods in contract()["paths"].items():
        yield from (f"{method.upper()} {path}" for method in methods)
    yield from (f"webhook {name}" for name in contract()["webhooks"])


def test_every_member_and_endpoint_has_exactly_one_row():
    named = Counter(row.name for row in table())
    schemas = contract()["components"]["schemas"]
    wanted = {name for title, schema in schemas.items() for name in members(schema, title)} | set(doors())
    assert wanted - set(named) == set()
    assert {name for name in named if "." in name and " " not in name} <= wanted
    assert [name for name, count in named.items() if count > 1] == []


def test_every_parameter_of_a_call_is_named():
    told = " ".join(row.name for row in table() if "(" in row.name)
    for path in ("/jobs", "/jobs/pdf", "/jobs/statusupdates"):
        for method in contract()["paths"][path].values():
            for parameter in method.get("parameters", []):
                assert re.search(rf"\b{parameter['name']}\b", told), parameter["name"]


@pytest.mark.parametrize("use", USES)
def test_the_counts_at_the_top_are_right(use):
    text = (PAPERS / "coverage.md").read_text(encoding="utf-8")
    counted = sum(row.use == use for row in table())
    assert f"| {use} | {counted} |" in text
    assert f"| all | {len(table())} |" in text


def test_what_is_used_names_a_module_that_exists():
    named = {row.module for row in table() if row.use != "not used"}
    assert [name for name in sorted(named) if not (ROOT / name).is_file() or not name.endswith(".py")] == []


def test_what_is_used_names_a_test_that_exists():
    missing = [row for row in table() if row.use != "not used" and not _exists(row.proof)]
    assert missing == []


def test_what_is_not_used_says_why():
    silent = [row for row in table() if row.use == "not used" and not row.proof.endswith(".")]
    assert silent == []


def _exists(proof: str) -> bool:
    path, _, name = proof.partition("::")
    return name in _tests_of(path)


@cache
def _tests_of(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))
