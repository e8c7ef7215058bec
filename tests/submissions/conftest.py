"""What tests of the outbox share: an environment that talks to a sandbox, and a clock that can be moved."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import gateway
from ropo_portal.submissions.models import SendingSwitch
from tests import factories

CID, APICODE = "1099001", "Pihlaja-7421"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: dt.datetime = factories.AT

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return self.now

    def pass_by(self, **span: float) -> dt.datetime:
        """Let time go by."""
        self.now += dt.timedelta(**span)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(sandbox: Sandbox, transactional_db: None, settings: object) -> Iterator[CreditorEnvironment]:
    """A Finnish creditor's environment whose Ropo One is the sandbox of this test."""
    settings.SANDBOX_URL = sandbox.url  # type: ignore[attr-defined]
    settings.SEND_DEADLINE = 0.8  # type: ignore[attr-defined]
    SendingSwitch.objects.get_or_create(pk=1)
    yield factories.make_environment(factories.make_creditor(), cid=CID, apicode=APICODE)
    gateway.forget()


@pytest.fixture
def people(line: CreditorEnvironment) -> Callable[[str], object]:
    return lambda role: factories.make_user(role, line.creditor)
