"""Many hands at once, on the database that can lock one row: one wins, the others get a friendly sentence."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as portal
from django.db import connection
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.models import CreditorEnvironment, Membership
from ropo_portal.accounts.roles import Role
from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import post_invoice, withdraw_invoice
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import delivery, tasks
from ropo_portal.submissions.models import Attempt, Submission
from ropo_portal.submissions.operations import pause_environment, withdraw
from tests import factories
from tests.submissions.conftest import line

__all__ = ["line"]
pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
CLERKS, ROUNDS = 20, 50


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Start everything at the same moment; give results, and refusals in their place."""
    start, ends = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait()
            ends[place] = acts[place]()
        except DomainError as refusal:
            ends[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.deliver_submission, "apply_async", lambda **_facts: None)


def sessions(environment: CreditorEnvironment, number: int) -> list[str]:
    """Sign senders in and give their keys."""
    keys = []
    for _ in range(number):
        user = factories.make_user()
        Membership.objects.create(user=user, creditor=environment.creditor, role=Role.SENDER)
        browser = Client()
        browser.force_login(user)
        keys.append(browser.cookies[portal.SESSION_COOKIE_NAME].value)
    return keys


def press(key: str, address: str, data: dict[str, Any]) -> Callable[[], Any]:
    def act() -> Any:
        browser = Client()
        browser.cookies[portal.SESSION_COOKIE_NAME] = key
        return browser.post(address, data, follow=True)

    return act


def test_twenty_clerks_press_send_at_once(line: CreditorEnvironment):
    """Over the screens: one submission, and everybody is led to the invoice, most with a notice."""
    today = line.today(dt.datetime.now(dt.UTC))
    invoice = factories.make_invoice(line, invoice_date=today, due_date=today + dt.timedelta(days=14))
    address = reverse("invoices:send", args=[invoice.pk])
    doubts = Client()
    doubts.cookies[portal.SESSION_COOKIE_NAME] = sessions(line, 1)[0]
    look = doubts.get(address).context["look"]
    codes = [doubt.code for doubt in look.doubts]
    data = {"revision": str(invoice.revision), "confirmed": codes, "fingerprint": look.fingerprint}
    answers = at_once(*[press(key, address, data) for key in sessions(line, CLERKS)])
    home = reverse("invoices:detail", args=[invoice.pk])
    assert Counter((answer.status_code, *answer.redirect_chain) for answer in answers) == {
        (200, (home, 303)): CLERKS
    }
    notices = sum(b"already been sent" in answer.content for answer in answers)
    assert (Submission.objects.count(), notices) == (1, CLERKS - 1)
    assert Entry.objects.filter(verb="invoice.posted").count() == 1
    assert Entry.objects.first_broken(line.creditor_id) is None


def test_two_invoices_with_one_number(line: CreditorEnvironment):
    """Whatever the forms let through, the outbox takes one."""
    actor = factories.make_user()
    ends = at_once(*[lambda: factories.queue(line, number="2026-7", actor=actor)] * 8)
    assert Counter(type(end).__name__ for end in ends) == {"Submission": 1, "NumberAlreadyLive": 7}
    assert Submission.objects.count() == 1


def test_two_clerks_write_one_number(line: CreditorEnvironment):
    debtor = factories.make_debtor(line.creditor)
    ends = at_once(*[lambda: factories.make_invoice(line, debtor, number="2026-8") for _ in range(4)])
    assert Invoice.objects.filter(number="2026-8").count() == 1
    assert sum(isinstance(end, DomainError) for end in ends) == 3, ends


def test_send_and_withdraw_at_once(line: CreditorEnvironment, sandbox: Sandbox):
    """Fifty times: what is cancelled is not in the ledger, what is in the ledger is not cancelled."""
    actor, seen = factories.make_user(), Counter()
    for _ in range(ROUNDS):
        row = factories.queue(line, actor=actor)
        at_once(
            lambda row=row: delivery.deliver(row.pk, clock=lambda: factories.AT),
            lambda row=row: withdraw(submission=row, actor=actor, at=factories.AT),
        )
        row.refresh_from_db()
        booked = len(sandbox.jobs(billnum=row.number))
        assert (row.state, booked) in {("accepted", 1), ("cancelled", 0)}
        assert row.state != "cancelled" or not row.attempts.exists()
        seen[row.state] += 1
    assert sum(seen.values()) == ROUNDS


def test_post_and_withdraw_an_invoice_at_once(line: CreditorEnvironment):
    """An invoice never points to a submission that is not its newest."""
    actor = factories.make_user()
    for _ in range(10):
        invoice = factories.make_invoice(line)
        post = {"invoice": invoice, "revision": invoice.revision, "actor": actor, "at": factories.AT}
        post_invoice(**post)
        at_once(
            lambda post=post: post_invoice(**post),
            lambda invoice=invoice: withdraw_invoice(invoice=invoice, actor=actor, at=factories.AT),
        )
        newest = Submission.objects.filter(document_id=invoice.pk).order_by("-sequence").first()
        assert Invoice.objects.get(pk=invoice.pk).submission_id == newest.pk
        assert Submission.objects.filter(document_id=invoice.pk).exclude(state="cancelled").count() <= 1


def test_pause_and_claim_at_once(line: CreditorEnvironment, sandbox: Sandbox):
    """What was claimed after the pause was committed never left; what is queued waits."""
    actor = factories.make_user()
    for _ in range(15):
        row = factories.queue(line, actor=actor)
        CreditorEnvironment.objects.filter(pk=line.pk).update(sending_paused=False)
        at_once(
            lambda row=row: delivery.deliver(row.pk, clock=lambda: factories.AT),
            lambda: pause_environment(environment=line, reason="a test", actor=actor, at=factories.AT),
        )
        row.refresh_from_db()
        assert (row.state, len(sandbox.jobs(billnum=row.number))) in {("accepted", 1), ("queued", 0)}
        assert delivery.deliver(row.pk, clock=lambda: factories.AT) is None, "paused"
    assert Attempt.objects.exclude(outcome="accepted").count() == 0
    assert Entry.objects.first_broken(line.creditor_id) is None
