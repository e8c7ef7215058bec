"""Pages that ask Ropo One while the clerk waits: check now, test the connection; against the sandbox."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import delivery
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import (
    ReadFailed,
    check_connection,
    fetch_image,
    preview,
    send_now,
)
from tests import factories
from tests.submissions.conftest import Clock


def browser_of(people: Any, role: str) -> Client:
    browser = Client()
    browser.force_login(people(role))
    return browser


def lost(line: CreditorEnvironment, sandbox: Sandbox, clock: Clock, fault: str) -> Submission:
    row = factories.queue(line)
    sandbox.plan(fault, path="/jobs")
    delivery.deliver(row.pk, clock=clock)
    return row


def test_checking_now_finds_what_arrived(line: Any, sandbox: Sandbox, clock: Clock, people: Any) -> None:
    row = lost(line, sandbox, clock, "reset-after")
    url = reverse("submissions:look-up", args=[row.pk])
    answer = browser_of(people, "clerk").post(url, headers={"HX-Request": "true", "HX-Target": "panel"})
    assert answer.status_code == 200
    assert "accepted it as job" in answer.content.decode()
    assert "submission-moved" in answer.headers["HX-Trigger"]


def test_checking_now_writes_down_that_nothing_was_found(
    line: Any, sandbox: Sandbox, clock: Clock, people: Any
) -> None:
    row = lost(line, sandbox, clock, "reset-before")
    browser = browser_of(people, "clerk")
    page = browser.post(reverse("submissions:look-up", args=[row.pk]), follow=True).content.decode()
    assert "All sources together" in page
    assert "not found" in page
    assert sandbox.jobs() == []


def test_checking_now_is_for_those_who_may(line: Any, sandbox: Sandbox, clock: Clock, people: Any) -> None:
    row = lost(line, sandbox, clock, "reset-after")
    url = reverse("submissions:look-up", args=[row.pk])
    assert browser_of(people, "reader").post(url).status_code == 403
    foreign = factories.queue(factories.make_environment())
    url = reverse("submissions:look-up", args=[foreign.pk])
    assert browser_of(people, "clerk").post(url).status_code == 404


def test_a_connection_that_works(line: Any, sandbox: Sandbox, people: Any) -> None:
    url = reverse("submissions:check-connection", args=[line.pk])
    answer = browser_of(people, "administrator").post(url, follow=True)
    assert "The connection works" in answer.content.decode()
    line.refresh_from_db()
    assert line.last_check_ok is True


def test_a_connection_that_does_not_work_says_why_without_echo(
    line: Any, sandbox: Sandbox, people: Any
) -> None:
    line.apicode = "wrong-but-secret"
    line.save()
    url = reverse("submissions:check-connection", args=[line.pk])
    answer = browser_of(people, "administrator").post(url)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "does not accept these credentials" in text
    assert "wrong-but-secret" not in text


def test_a_preview_registers_nothing(line: Any, sandbox: Sandbox) -> None:
    assert preview(environment=line, message=factories.RawMessage("V-1")).startswith(b"%PDF")
    assert sandbox.jobs() == []


def test_what_was_hurried_leaves_and_its_document_is_fetched(
    line: Any, sandbox: Sandbox, clock: Clock, people: Any
) -> None:
    line.creditor.hold_seconds = 600
    line.creditor.save()
    row = factories.queue(line)
    send_now(submission=row, actor=people("sender"), at=clock())
    assert delivery.deliver(row.pk, clock=clock) == Submission.State.ACCEPTED
    row.refresh_from_db()
    found = fetch_image(submission=row, original=True)
    assert found is None or found.startswith(b"%PDF")


def test_without_credentials_there_is_nothing_to_check(line: Any, people: Any, clock: Clock) -> None:
    line.cid = ""
    line.save()
    with pytest.raises(ReadFailed) as refused:
        check_connection(environment=line, actor=people("administrator"), at=clock())
    assert refused.value.code == "no-credentials"
    line.refresh_from_db()
    assert line.last_check_ok is False
