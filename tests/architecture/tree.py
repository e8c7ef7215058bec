"""The project's files as the architecture tests read them."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ropo_portal"
NOT_OURS = {".git", ".venv", "__pycache__", "var", "static_root", "node_modules"}
TEXT = {
    ".py", ".html", ".css", ".js", ".md", ".toml", ".yml", ".yaml", ".txt", ".in", ".lock", ".json", ".sql",
    ".typ", ".svg", ".po", ".sh", ".cfg", ".ini", ".example", "",
}  # fmt: skip


@functools.cache
def project_files() -> tuple[Path, ...]:
    """Return every file that is, or is about to be, part of the project."""
    question = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(question, capture_output=True, check=False)
    if answer.returncode == 0 and answer.stdout:
        paths = [ROOT / name for name in answer.stdout.decode().split("\0") if name]
    else:  # an unpacked archive, or a clone that belongs to somebody else
        paths = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
        paths = [path for path in paths if not any(part.endswith("_cache") for part in path.parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def text_files() -> Iterator[tuple[str, str]]:
    """Yield name and text of every file that holds text."""
    for path in project_files():
        if path.suffix in TEXT:
            yield name_of(path), path.read_text(encoding="utf-8")


@functools.cache
def files(pattern: str) -> list[Path]:
    return [path for path in project_files() if path.relative_to(ROOT).match(pattern)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def modules() -> list[Path]:
    """Return the hand-written Python files of the application."""
    return [path for path in files("*.py") if path.is_relative_to(PACKAGE) and "migrations" not in path.parts]


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
