"""The stage is built once a module, inside one transaction that is taken back at the end."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from ropo_portal.submissions import gateway
from tests.permissions import stage as building


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[building.Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield building.build()
        transaction.set_rollback(True)


@pytest.fixture
def stage(
    built: building.Stage, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[building.Stage]:
    """The stage; what a test does to it is taken back, and Ropo One is a closed door."""
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(gateway, "_outside_transaction", lambda: None)  # the suite itself is one
    yield built
    gateway.forget()
