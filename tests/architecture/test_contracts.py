"""Import contracts: the house keeps every one of them, and every one of them bites when it is broken."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture import tree

CONTRACTS = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}
LINT = "import sys; from importlinter.cli import lint_imports_command as run; sys.argv[0] = 'lint-imports'; run()"
SCREENS = ("views", "forms", "admin", "urls")


class Violation(NamedTuple):
    """A line that must not be possible, and the contract that has to say so."""

    contract: str
    file: str
    line: str = ""


VIOLATIONS = [
    Violation("staircase", "invoices/numbering.py", "import ropo_portal.collection.models"),
    Violation("staircase", "submissions/models.py", "import ropo_portal.invoices.models"),
    Violation("staircase", "submissions/models.py", "import ropo_portal.parties.models"),
    Violation("staircase", "history/models.py", "import ropo_portal.accounts.models"),
    Violation("staircase", "errors.py", "import ropo_portal.money"),
    Violation("staircase", "helpers.py"),
    Violation("floors", "invoices/models.py", "import ropo_portal.invoices.operations"),
    Violation("floors", "submissions/delivery.py", "import ropo_portal.submissions.operations"),
    Violation("floors", "submissions/outcomes.py", "import ropo_portal.submissions.gateway"),
    Violation("floors", "parties/services.py"),
    Violation("client", "submissions/delivery.py", "import ropo_portal.ropo_one.client"),
    Violation("errors", "submissions/delivery.py", "import ropo_portal.ropo_one.errors"),
    Violation("messages", "invoices/operations.py", "import ropo_portal.ropo_one.messages"),
    Violation("pure-client", "ropo_one/client.py", "import django.conf"),
    Violation("pure-client", "ropo_one/statuses.py", "import celery"),
    Violation("requests", "submissions/gateway.py", "import requests"),
    Violation("celery", "submissions/operations.py", "import celery"),
    Violation("celery", "submissions/delivery.py", "import celery"),
    Violation("screens", "invoices/views.py", "import ropo_portal.submissions.tasks"),
    Violation("screens", "submissions/views.py", "import ropo_portal.submissions.delivery"),
    Violation("screens", "parties/forms.py", "import ropo_portal.ropo_one.statuses"),
    Violation("screens", "invoices/views.py", "import ropo_portal.history.operations"),
    Violation("machinery", "invoices/operations.py", "import ropo_portal.submissions.delivery"),
    Violation("machinery", "invoices/operations.py", "import ropo_portal.submissions.gateway"),
    Violation("ui", "invoices/operations.py", "import ropo_portal.ui.paging"),
    Violation("circles", "identifiers/references.py", "import ropo_portal.identifiers.bank"),
    Violation("sandbox-alone", "sandbox/tokens.py", "import ropo_portal.money"),
    Violation("sandbox-unknown", "submissions/gateway.py", "import ropo_portal.sandbox"),
    *(
        Violation(contract["id"], "wsgi.py", f"import {contract['protected_modules'][0]}")
        for contract in CONTRACTS
        if contract["id"].endswith("-screens")
    ),
]


def lint(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the contracts over the package in this folder, in a process that has not imported ours."""
    command = [sys.executable, "-c", LINT, "--no-cache", "--no-logo", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """Return a folder with the configuration and the Python files of the package."""
    folder = tmp_path_factory.mktemp("house")
    for path in [tree.ROOT / "pyproject.toml", *tree.files("*.py")]:
        if path.name == "pyproject.toml" or path.is_relative_to(tree.PACKAGE):
            target = folder / path.relative_to(tree.ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder


def test_the_house_keeps_its_contracts():
    returncode, said = lint(tree.ROOT)
    assert returncode == 0, said


@pytest.mark.parametrize(
    "violation", VIOLATIONS, ids=lambda one: f"{one.contract}: {one.file} {one.line}".strip()
)
def test_contract_bites(copy, violation):
    file = copy / "ropo_portal" / violation.file
    before = file.read_text() if file.exists() else None
    file.write_text(f"{before or ''}\n{violation.line}\n")
    try:
        returncode, said = lint(copy, "--contract", violation.contract)
    finally:
        file.unlink() if before is None else file.write_text(before)
    assert (returncode, f"{NAMES[violation.contract]} BROKEN" in said) == (1, True), said


def test_every_contract_has_been_broken_once():
    assert {violation.contract for violation in VIOLATIONS} == set(NAMES)


def test_every_screen_is_private_to_its_room():
    """A room's new forms.py or admin.py has to be named in its contract, or the contract would not see it."""
    listed = {
        module
        for contract in CONTRACTS
        if contract["id"].endswith("-screens")
        for module in contract["protected_modules"]
    }
    rooms = {path.parent for path in tree.modules() if path.stem in SCREENS} - {
        tree.PACKAGE,
        tree.PACKAGE / "ui",
    }
    standing = {
        f"ropo_portal.{room.name}.{screen}"
        for room in rooms
        for screen in SCREENS
        if (room / f"{screen}.py").exists() or (room / screen / "__init__.py").exists()
    }
    assert listed == standing
