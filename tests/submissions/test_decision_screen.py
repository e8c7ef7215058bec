"""The screen on which people decide: what stands there, what is off and why, and what is never shown."""

import datetime as dt
import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment, Membership
from ropo_portal.history.models import Entry
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import propose_resend, write_off
from tests import factories
from tests.submissions import stages

pytestmark = pytest.mark.django_db
State = Submission.State
CODE = factories.NATIONAL_IDS["FI"]
SCRIPT = "<script>alert(1)</script>"


class PersonalMessage(factories.RawMessage):
    """A message that names a person by the identity code, also in a free text."""

    def to_bytes(self) -> bytes:
        message = json.loads(super().to_bytes())
        job = message["datastream"]["dataset"][0]
        job |= {"govid": CODE, "freetext": f"concerns {CODE}"}
        return json.dumps(message).encode()


def page(browser: Any, row: Submission) -> str:
    answer = browser.get(reverse("submissions:detail", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def post(browser: Any, name: str, row: Submission, **form: str) -> Any:
    return browser.post(reverse(f"submissions:{name}", args=[row.pk]), form)


@pytest.fixture
def ripe(environment: CreditorEnvironment) -> Submission:
    return stages.ripe(environment, now=timezone.now())


@pytest.mark.parametrize(("state", "changes", "sentence"), [
    ("queued", {}, "any moment now"),
    ("sending", {}, "on its way to Ropo One right now"),
    ("accepted", {"ropo_job_id": "778"}, "accepted it as job 778"),
    ("rejected", {"trouble": "postcode"}, "rejected it and registered nothing"),
    ("unconfirmed", {"next_look_up_at": factories.AT}, "may already be at Ropo One"),
    ("held", {}, "looking has not settled it"),
    ("held", {"held_reason": "never-sent"}, "refused it unread (401)"),
    ("cancelled", {}, "taken back before it left"),
])  # fmt: skip
def test_one_plain_sentence(
    signed_in: Any, environment: Any, state: str, changes: Any, sentence: str
) -> None:
    row = stages.staged(environment, state, changes=changes, status=401, at=timezone.now())
    assert sentence in page(signed_in("reader"), row)


def test_another_amount_at_ropo_is_said(signed_in: Any, environment: Any) -> None:
    row = stages.staged(environment, "accepted", changes={"ropo_amount": "12.00"})
    assert "answered with another amount" in page(signed_in("reader"), row)


def test_the_hold_counts_down_with_both_buttons(signed_in: Any, environment: Any) -> None:
    environment.creditor.hold_seconds = 600
    environment.creditor.save()
    row = factories.queue(environment, at=timezone.now())
    text = page(signed_in("sender"), row)
    assert all(word in text for word in ("data-countdown", "Send now", "Undo"))
    text = page(signed_in("clerk"), row)
    assert ("Send now" in text, "Undo" in text) == (False, False)


@pytest.mark.parametrize(
    ("state", "word"), [("paused", "paused for this environment"), ("resting", "a rest until")]
)
def test_a_closed_line_is_said(signed_in: Any, environment: Any, state: str, word: str) -> None:
    environment.sending_paused = state == "paused"
    environment.blocked_until = timezone.now() + dt.timedelta(minutes=5)
    environment.save()
    assert word in page(signed_in("reader"), factories.queue(environment))


def test_all_rules_stand_there_in_words(signed_in: Any, ripe: Submission) -> None:
    text = page(signed_in("sender"), ripe)
    for rule in (
        "two other people decide",
        "24 hours have passed",
        "within the last 60 minutes",
        "24 hours apart",
    ):
        assert rule in text
    assert text.count('class="is-met"') == 5
    assert "Propose to send again" in text


def test_a_rule_that_does_not_hold_turns_the_button_off(signed_in: Any, environment: Any) -> None:
    row = stages.staged(environment, "held", at=timezone.now() - dt.timedelta(hours=3))
    text = page(signed_in("sender"), row)
    assert "Too early" in text
    assert "from <time" in text
    answer = post(signed_in("sender"), "propose-resend", row, reason="hurry")
    assert answer.status_code == 422
    assert "Too early" in answer.content.decode()
    assert not row.proposals.exists()


def test_the_sender_reads_why_she_may_not(signed_in: Any, environment: Any) -> None:
    browser = signed_in("sender")
    row = stages.ripe(environment, now=timezone.now(), actor=browser.user)
    assert "You sent it yourself" in page(browser, row)
    assert post(browser, "propose-resend", row, reason="mine").status_code == 422


@pytest.mark.parametrize(("name", "form"), [("propose-resend", {}), ("write-off", {}), ("there", {})])
def test_a_missing_word_is_said_at_its_field(signed_in: Any, ripe: Submission, name: str, form: Any) -> None:
    browser = signed_in("sender")
    Membership.objects.create(user=browser.user, creditor=ripe.creditor, role="approver")
    answer = post(browser, name, ripe, **form)
    assert answer.status_code == 422
    assert "field__errors" in answer.content.decode()
    assert Submission.objects.get(pk=ripe.pk).state == State.HELD


def test_the_proposer_waits_for_another(signed_in: Any, ripe: Submission) -> None:
    browser = signed_in("sender")
    Membership.objects.create(user=browser.user, creditor=ripe.creditor, role="approver")
    post(browser, "propose-resend", ripe, reason="ticket 88121 says no")
    text = page(browser, ripe)
    assert "another person confirms" in text
    assert "ticket 88121 says no" in text
    assert post(browser, "confirm-resend", ripe).status_code == 422
    assert post(signed_in("approver"), "confirm-resend", ripe).status_code == 303
    assert Submission.objects.get(pk=ripe.pk).state == State.QUEUED


def test_an_old_page_after_a_proposal_was_taken_back(signed_in: Any, ripe: Submission) -> None:
    propose_resend(submission=ripe, reason="r", actor=factories.make_user(), at=timezone.now())
    assert post(signed_in("sender"), "withdraw-proposal", ripe).status_code == 303
    assert post(signed_in("approver"), "confirm-resend", ripe).status_code == 422


def test_roles_that_do_not_decide_see_why(signed_in: Any, ripe: Submission) -> None:
    text = page(signed_in("clerk"), ripe)
    assert text.count("Your role does not decide this") >= 3
    assert 'name="proof"' not in text


def test_unconfirmed_waits_for_the_planned_look_ups(signed_in: Any, environment: Any) -> None:
    row = stages.staged(environment, "unconfirmed", changes={"next_look_up_at": timezone.now()})
    text = page(signed_in("approver"), row)
    assert "planned look-ups come first" in text
    assert "Check now" in text
    assert post(signed_in("approver"), "write-off", row, reason="r").status_code == 422


def test_what_was_never_sent_is_released_not_resent(signed_in: Any, environment: Any) -> None:
    row = stages.staged(environment, "held", changes={"held_reason": "never-sent"}, status=401)
    text = page(signed_in("sender"), row)
    assert "nothing was registered" in text
    assert "Release" in text
    assert "send again</h3>" not in text


def test_after_a_write_off_it_is_closed(signed_in: Any, ripe: Submission) -> None:
    write_off(submission=ripe, reason="paid in cash", actor=factories.make_user(), at=timezone.now())
    text = page(signed_in("approver"), ripe)
    assert "It was written off on" in text
    assert "paid in cash" in text
    assert ("resend-title" in text, "write-off-title" in text, "there-title" in text) == (False, False, True)


def test_evidence_stands_round_by_round(signed_in: Any, ripe: Submission) -> None:
    browser = signed_in("reader")
    text = page(browser, ripe)
    rounds = browser.get(reverse("submissions:detail", args=[ripe.pk])).context["rounds"]
    assert [(one.whole.round, len(one.parts)) for one in rounds] == [(2, 3), (1, 3)]
    assert "status updates" in text


def test_earlier_look_ups_are_folded_under_one_line(signed_in: Any, environment: Any) -> None:
    browser, row = signed_in("reader"), stages.staged(environment, "held")
    stages.looked(row, "not-there", at=timezone.now(), number=3)
    assert "earlier look-up" not in page(browser, row)
    for number in (1, 2):
        stages.looked(row, "not-there", at=timezone.now() - dt.timedelta(days=3 - number), number=number)
    text = page(browser, row)
    assert "2 earlier look-ups, all: not found" in text.replace("\n", "")
    folded = text[text.index("2 earlier look-ups") :]
    assert folded.split("</details>")[0].count('class="is-whole"') == 2
    assert text.count('class="is-whole"') == 3


def test_the_machines_english_is_folded_away(signed_in: Any, environment: Any) -> None:
    row = stages.staged(environment, "held")
    raw = "Unclear: no complete answer came (ReadTimeout) (phase reading)"
    Submission.objects.filter(pk=row.pk).update(trouble=raw)
    banner = page(signed_in("reader"), row).split('id="panel"')[1].split("</section>")[0]
    open_words, technical = banner.split("<details", 1)
    assert "gave no complete answer in time" in open_words
    assert "ReadTimeout" not in open_words
    assert f'<span lang="en">{raw}</span>' in technical


def test_others_of_the_same_hour(signed_in: Any, ripe: Submission, environment: Any) -> None:
    near = stages.staged(
        environment, "unconfirmed", at=ripe.last_activity_at + dt.timedelta(minutes=30), number="NEAR"
    )
    stages.staged(environment, "held", at=ripe.last_activity_at + dt.timedelta(hours=2), number="LATE")
    stages.staged(factories.make_environment(), "held", at=ripe.last_activity_at, number="FOREIGN")
    stages.staged(environment, "accepted", at=ripe.last_activity_at, number="FINE")
    answer = signed_in("reader").get(reverse("submissions:detail", args=[ripe.pk]))
    assert answer.context["similar"] == [near]


def test_the_question_to_support_has_every_number(signed_in: Any, ripe: Submission) -> None:
    question = signed_in("reader").get(reverse("submissions:detail", args=[ripe.pk])).context["question"]
    sent = ripe.attempts.get().started_at.astimezone(dt.UTC)
    for word in (
        ripe.environment.cid,
        ripe.number,
        f"{ripe.pk}/1",
        f"{sent:%Y-%m-%d %H:%M:%S} UTC",
        ripe.payload_hash,
    ):
        assert word in question
    assert ripe.recipient not in question


def test_no_identity_code_is_seen(signed_in: Any, environment: Any) -> None:
    body = json.dumps({"error": f"unknown person {CODE}", "ssn": CODE}).encode()
    message = PersonalMessage("P-1")
    first = stages.staged(environment, "rejected", number="P-1", message=message, body=body, status=422)
    row = stages.staged(
        environment,
        "held",
        number="P-1",
        message=message,
        body=body,
        document_id=first.document_id,
        previous=first,
    )
    assert CODE in bytes(row.payload).decode()
    for role in ("reader", "clerk", "approver", "auditor"):
        text = page(signed_in(role), row)
        assert CODE not in text
        assert "••••" in text


def test_everything_is_shown_once_with_a_reason_and_logged(signed_in: Any, environment: Any) -> None:
    row = stages.staged(environment, "held", message=PersonalMessage("P-2"), number="P-2")
    browser = signed_in("clerk")
    answer = post(browser, "reveal", row, reason="no")
    assert (answer.status_code, CODE in answer.content.decode()) == (422, False)
    assert CODE in post(browser, "reveal", row, reason="the agency asks").content.decode()
    assert Entry.objects.filter(subject_id=row.pk, verb="submission.message_revealed").count() == 1
    assert CODE not in page(browser, row)
    assert not Entry.objects.filter(reason__contains=CODE).exists()


@pytest.mark.parametrize("role", ["reader", "auditor", "administrator"])
def test_everything_is_not_for_everybody(signed_in: Any, ripe: Submission, role: str) -> None:
    assert "Show everything" not in page(signed_in(role), ripe)


def test_a_hostile_answer_is_only_text(signed_in: Any, environment: Any) -> None:
    row = stages.staged(
        environment, "rejected", body=SCRIPT.encode(), status=400, person=SCRIPT,
        changes={"trouble": f"{SCRIPT}\n{{{{ settings.SECRET_KEY }}}}"},
    )  # fmt: skip
    stages.seen(row, "differs", at=factories.AT, detail=SCRIPT)
    stages.seen(row, "there", at=factories.AT, kind="person", source=SCRIPT, detail=SCRIPT)
    text = page(signed_in("approver"), row)
    assert SCRIPT not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ settings.SECRET_KEY }}" in text
    assert SCRIPT not in signed_in("reader").get(reverse("submissions:list")).content.decode()


def test_an_answer_that_is_no_text_is_shown_all_the_same(signed_in: Any, environment: Any) -> None:
    row = stages.staged(environment, "unconfirmed", body=b"\xff\x00\xfe<b>", status=200)
    assert "\ufffd" in page(signed_in("reader"), row)


def test_the_change_since_the_former_posting(signed_in: Any, environment: Any) -> None:
    former = stages.staged(environment, "rejected", number="C-1", person="Old Name")
    row = factories.queue(
        environment, number="C-1", person="New Name", document_id=former.document_id, previous=former
    )
    changes = signed_in("reader").get(reverse("submissions:detail", args=[row.pk])).context["changes"]
    assert [(one.field, one.before, one.after) for one in changes] == [("person", "Old Name", "New Name")]


def test_a_hidden_change_is_said_without_being_shown(signed_in: Any, environment: Any) -> None:
    class Corrected(PersonalMessage):
        def to_bytes(self) -> bytes:
            return super().to_bytes().replace(CODE.encode(), b"010594Y9032")

    former = stages.staged(environment, "rejected", number="C-2", message=PersonalMessage("C-2"))
    row = factories.queue(
        environment, number="C-2", message=Corrected("C-2"), document_id=former.document_id, previous=former
    )
    text = page(signed_in("reader"), row)
    assert "identity code or a file was changed" in text
    assert "010594Y9032" not in text


def test_the_document_is_one_click_away(signed_in: Any, ripe: Submission) -> None:
    assert f"/invoices/{ripe.document_id}" in page(signed_in("reader"), ripe)
