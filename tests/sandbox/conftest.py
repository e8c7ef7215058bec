"""What the tests of the stand-in share; they need no database and no Django."""

from collections.abc import Iterator

import pytest

from ropo_portal.sandbox.server import Sandbox, running
from tests.sandbox.caller import Caller
from tests.sandbox_fixture import sandbox

__all__ = ["caller", "sandbox", "shared", "shared_caller"]


@pytest.fixture
def caller(sandbox: Sandbox) -> Iterator[Caller]:
    """A Finnish client of the function's own stand-in."""
    with Caller(sandbox) as calling:
        yield calling


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One stand-in for a whole module, where tests tell their jobs apart by number."""
    with running(ledger=tmp_path_factory.mktemp("shared") / "sandbox.sqlite3") as served:
        yield served


@pytest.fixture(scope="module")
def shared_caller(shared: Sandbox) -> Iterator[Caller]:
    with Caller(shared) as calling:
        yield calling
