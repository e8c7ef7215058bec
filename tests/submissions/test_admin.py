"""Support sees everything of the outbox but the messages, and acts only by operations."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.submissions.models import SendingSwitch, Submission
from tests import factories
from tests.submissions import stages

pytestmark = pytest.mark.django_db
MODELS = ["submission", "attempt", "evidence", "transition", "resendproposal", "sendingswitch"]
CHANGELIST = "admin:submissions_{}_changelist"


@pytest.fixture
def support(db: None) -> Client:
    browser = Client()
    browser.force_login(factories.make_user(is_staff=True, is_superuser=True))
    return browser


@pytest.fixture
def rows(environment: Any) -> Submission:
    SendingSwitch.objects.get_or_create(pk=1)
    row = stages.staged(environment, "held", body=b"the answer in full", status=500)
    row.proposals.create(reason="r", proposed_by=factories.make_user(), proposed_at=factories.AT)
    return row


def pk_of(name: str, row: Submission) -> Any:
    found = {"submission": row, "attempt": row.attempts.get(), "evidence": row.evidence.get(),
             "transition": row.transitions.first(), "resendproposal": row.proposals.get(),
             "sendingswitch": SendingSwitch.objects.get()}  # fmt: skip
    return found[name].pk


@pytest.mark.parametrize("name", MODELS)
def test_support_reads(support: Client, rows: Submission, name: str) -> None:
    assert support.get(reverse(CHANGELIST.format(name)), {"q": "T1"}).status_code == 200
    answer = support.get(reverse(f"admin:submissions_{name}_change", args=[pk_of(name, rows)]))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert ("the answer in full" in text, "Nuohous" in text, 'name="_save"' in text) == (False, False, False)


@pytest.mark.parametrize("name", MODELS)
def test_support_writes_nothing(support: Client, rows: Submission, name: str) -> None:
    pk = pk_of(name, rows)
    assert support.get(reverse(f"admin:submissions_{name}_add")).status_code == 403
    assert support.post(reverse(f"admin:submissions_{name}_change", args=[pk]), {}).status_code == 403
    assert (
        support.post(reverse(f"admin:submissions_{name}_delete", args=[pk]), {"post": "yes"}).status_code
        == 403
    )


@pytest.mark.parametrize("name", MODELS)
def test_others_stay_out(signed_in: Any, rows: Submission, name: str) -> None:
    assert signed_in("administrator").get(reverse(CHANGELIST.format(name))).status_code == 302


def act(browser: Client, name: str, action: str, pk: Any, **form: str) -> str:
    data = {"action": action, "_selected_action": [str(pk)], **form}
    return browser.post(reverse(CHANGELIST.format(name)), data, follow=True).content.decode()


def test_everything_is_paused_with_a_reason(support: Client, rows: Submission) -> None:
    assert "Give a reason" in act(support, "sendingswitch", "pause_everything", 1)
    assert SendingSwitch.objects.get().paused is False
    act(support, "sendingswitch", "pause_everything", 1, reason="Ropo is down")
    switch = SendingSwitch.objects.get()
    assert (switch.paused, switch.reason) == (True, "Ropo is down")
    act(support, "sendingswitch", "resume_everything", 1, reason="Ropo is up")
    assert SendingSwitch.objects.get().paused is False
    verbs = Entry.objects.filter(creditor_id=None).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["sending.paused", "sending.resumed"]


def test_staff_without_the_right_do_not_pause(rows: Submission) -> None:
    browser = Client()
    browser.force_login(factories.make_user(is_staff=True))
    assert (
        browser.post(reverse(CHANGELIST.format("sendingswitch")), {"action": "pause_everything"}).status_code
        == 403
    )


def test_support_releases_only_what_never_left(support: Client, rows: Submission, environment: Any) -> None:
    never = stages.staged(environment, "held", changes={"held_reason": "never-sent"})
    assert "Too late" in act(support, "submission", "release", rows.pk)
    assert "1 submission done" in act(support, "submission", "release", never.pk)
    states = [Submission.objects.get(pk=row.pk).state for row in (rows, never)]
    assert states == ["held", "queued"]


def test_support_checks_now(support: Client, rows: Submission) -> None:
    """No sandbox runs here: the look-up ends without an answer, and that is what is written down."""
    assert "1 submission done" in act(support, "submission", "check_now", rows.pk)
    assert rows.evidence.filter(source="all", finding="nothing").count() == 1
