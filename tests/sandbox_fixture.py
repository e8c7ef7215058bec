"""The fixture `sandbox`: a stand-in Ropo One on a free port with a ledger of its own, for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ropo_portal.sandbox.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ropo_portal.sandbox.server import Sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with running(ledger=tmp_path / "sandbox.sqlite3") as served:
        yield served
