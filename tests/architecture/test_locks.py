"""Requirements: floors in .in files, hashed locks, and the same direct list in pyproject.toml."""

import re
import tomllib

import pytest

from tests.architecture import tree

LEVELS = ("runtime", "dev", "lint")
FOLDER = tree.ROOT / "requirements"


def direct(level: str) -> list[str]:
    lines = (FOLDER / f"{level}.in").read_text().split("\n")
    return [line.strip() for line in lines if line.strip() and not line.startswith(("-r", "#"))]


def pinned(level: str) -> set[tuple[str, str]]:
    lock = (FOLDER / f"{level}.lock").read_text()
    return set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", lock, flags=re.MULTILINE))


def test_pyproject_names_the_same_runtime_requirements():
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())["project"]
    assert sorted(project["dependencies"]) == sorted(direct("runtime"))


@pytest.mark.parametrize("level", LEVELS)
def test_every_direct_requirement_has_a_floor(level):
    assert [line for line in direct(level) if ">=" not in line] == []


@pytest.mark.parametrize("level", LEVELS)
def test_every_direct_requirement_is_locked(level):
    locked = {name for name, _ in pinned(level)}
    assert {re.split(r"[\[>]", line)[0] for line in direct(level)} <= locked


@pytest.mark.parametrize("level", LEVELS)
def test_every_locked_package_has_a_hash(level):
    blocks = re.split(r"\n(?=\S)", (FOLDER / f"{level}.lock").read_text().strip())
    assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(("lower", "higher"), [("runtime", "dev"), ("dev", "lint")])
def test_a_higher_lock_contains_the_lower_one(lower, higher):
    """An environment made from the higher lock then also serves the lower word."""
    assert pinned(lower) - pinned(higher) == set()
