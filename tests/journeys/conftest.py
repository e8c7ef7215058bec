"""What stories share: a creditor whose Ropo One is a sandbox of its own, and a worker that works when told."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import gateway
from ropo_portal.submissions.delivery import deliver
from ropo_portal.submissions.models import SendingSwitch, Submission
from tests import factories

CID, APICODE = "1099001", "Pihlaja-7421"


@pytest.fixture
def creditor(sandbox: Sandbox, transactional_db: None, settings: Any) -> Iterator[Creditor]:
    """A Finnish creditor whose documents wait ten minutes before they leave for the sandbox of this test."""
    settings.SANDBOX_URL = sandbox.url
    settings.SEND_DEADLINE = 5.0
    SendingSwitch.objects.get_or_create(pk=1)
    found = factories.make_creditor("FI", hold_seconds=600)
    factories.make_environment(found, cid=CID, apicode=APICODE, next_number=20260101)
    yield found
    gateway.forget()


@pytest.fixture
def environment(creditor: Creditor) -> CreditorEnvironment:
    return creditor.environments.get()


@pytest.fixture
def worker() -> Callable[[], None]:
    """Deliver everything that is queued, as if its time had come."""

    def work() -> None:
        later = timezone.now() + dt.timedelta(hours=1)
        for submission in Submission.objects.filter(state="queued"):
            deliver(submission.pk, clock=lambda: later)

    return work


@pytest.fixture
def enter(creditor: Creditor) -> Callable[[str], Client]:
    """Sign somebody of that role in."""

    def sign_in(role: str) -> Client:
        browser: Any = Client()
        browser.user = factories.make_user(role, creditor)
        browser.force_login(browser.user)
        return browser

    return sign_in
