"""Every public operation leaves a line in the history, or stands in history_free.txt with the reason why not."""

import ast
import functools
from pathlib import Path

from tests.architecture import tree

LIST = Path(__file__).with_name("history_free.txt")
RECORDS = {f"ropo_portal.history.operations.{name}" for name in ("record", "record_many")}


def module_name(path: Path) -> str:
    parts = path.relative_to(tree.ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported_names(path: Path) -> dict[str, str]:
    """Return what each imported name of this module stands for, in full."""
    names = {}
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
    return names


def full_name(callee: ast.expr, module: str, names: dict[str, str]) -> str:
    if isinstance(callee, ast.Name):
        return names.get(callee.id, f"{module}.{callee.id}")
    if isinstance(callee, ast.Attribute) and isinstance(callee.value, ast.Name) and callee.value.id in names:
        return f"{names[callee.value.id]}.{callee.attr}"
    return ""


@functools.cache
def reexports() -> dict[str, str]:
    """Return, for each name a package passes on, where it is really defined."""
    passed_on = {}
    for path in tree.modules():
        if path.name == "__init__.py":
            package = module_name(path)
            passed_on |= {f"{package}.{name}": target for name, target in imported_names(path).items()}
    return passed_on


@functools.cache
def call_graph() -> dict[str, set[str]]:
    """Return, for each function of the application, the functions it calls by name."""
    graph: dict[str, set[str]] = {}
    for path in tree.modules():
        module, names = module_name(path), imported_names(path)
        for function in tree.functions(path):
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            called = {full_name(call.func, module, names) for call in calls}
            called = {reexports().get(name, name) for name in called}
            graph.setdefault(f"{module}.{function.name}", set()).update(called)
    return graph


def leaves_a_line(function: str, seen: frozenset[str] = frozenset()) -> bool:
    graph = call_graph()
    called = graph.get(function, set())
    return bool(RECORDS & called) or any(
        leaves_a_line(name, seen | {function}) for name in called if name in graph and name not in seen
    )


def operations() -> set[str]:
    """Return every public function of every room's operations, history's own apart."""
    found = set()
    for path in tree.modules():
        if path.stem == "operations":
            functions = [node for node in tree.parsed(path).body if isinstance(node, ast.FunctionDef)]
            found |= {
                f"{module_name(path)}.{node.name}" for node in functions if not node.name.startswith("_")
            }
        elif path.name == "__init__.py" and path.parent.name == "operations":
            found |= {target for target in imported_names(path).values() if target in call_graph()}
    return {name for name in found if not name.startswith("ropo_portal.history.")}


def excused() -> dict[str, str]:
    lines = [line for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return {
        f"ropo_portal.{name}": reason.strip() for name, _, reason in (line.partition(" ") for line in lines)
    }


def test_every_operation_leaves_a_line_or_is_excused():
    silent = {name for name in operations() if not leaves_a_line(name)}
    assert silent == set(excused())


def test_every_excuse_has_a_reason():
    assert [name for name, reason in excused().items() if not reason] == []


def test_every_operation_is_called_by_a_test():
    """A name no test speaks has never run."""
    spoken = "\n".join(path.read_text() for path in tree.files("*.py") if "tests" in path.parts)
    assert [name for name in sorted(operations()) if name.rpartition(".")[2] not in spoken] == []
