"""The pages of the outbox: who gets in, what is shown, what an act answers."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment, Membership
from ropo_portal.history.models import Entry
from ropo_portal.submissions.models import SendingSwitch, Submission
from ropo_portal.submissions.operations import set_sending
from tests import factories
from tests.submissions import stages

pytestmark = pytest.mark.django_db
State = Submission.State
HTMX = {"HX-Request": "true"}
PANEL = {**HTMX, "HX-Target": "panel"}
# Name of the act, a role that may, a role that may not, the state it begins in, the form.
ACTS: list[tuple[str, str, str, str, dict[str, str]]] = [
    ("send-now", "sender", "approver", "queued", {}),
    ("withdraw", "administrator", "clerk", "queued", {}),
    ("release", "sender", "administrator", "never", {}),
    ("there", "sender", "clerk", "held", {"proof": "778"}),
    ("propose-resend", "sender", "clerk", "ripe", {"reason": "support says it is not there"}),
    ("confirm-resend", "approver", "sender", "proposed", {}),
    ("withdraw-proposal", "sender", "clerk", "proposed", {}),
    ("write-off", "approver", "sender", "held", {"reason": "paid"}),
    ("reveal", "clerk", "reader", "held", {"reason": "the agency asks"}),
]
AFTER = {
    "send-now": "queued", "withdraw": "cancelled", "release": "queued", "there": "accepted", "propose-resend": "held",
    "confirm-resend": "queued", "withdraw-proposal": "held", "write-off": "held", "reveal": "held",
}  # fmt: skip
LINE_ACTS = [
    ("pause", "sender", "clerk"),
    ("resume", "approver", "sender"),
    ("check-connection", "sender", "reader"),
]


def in_stage(environment: CreditorEnvironment, stage: str) -> Submission:
    now = timezone.now()
    if stage == "never":
        return stages.staged(environment, "held", at=now, changes={"held_reason": "never-sent"})
    if stage in {"ripe", "proposed"}:
        row = stages.ripe(environment, now=now)
        if stage == "proposed":
            row.proposals.create(reason="r", proposed_by=factories.make_user(), proposed_at=now)
        return row
    return stages.staged(environment, stage, at=now)


def act(name: str, row: Any) -> str:
    return reverse(f"submissions:{name}", args=[row.pk])


def page(browser: Any, row: Submission, status: int = 200) -> str:
    answer = browser.get(act("detail", row))
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize(("name", "role", "_other", "stage", "form"), ACTS)
def test_an_act_works_as_a_plain_form(
    signed_in: Any, environment: Any, name: str, role: str, _other: str, stage: str, form: dict[str, str]
) -> None:
    row = in_stage(environment, stage)
    answer = signed_in(role).post(act(name, row), form)
    assert answer.status_code == (200 if name == "reveal" else 303)
    row.refresh_from_db()
    assert row.state == AFTER[name]


@pytest.mark.parametrize(("name", "role", "_other", "stage", "form"), ACTS)
def test_an_act_works_with_htmx(
    signed_in: Any, environment: Any, name: str, role: str, _other: str, stage: str, form: dict[str, str]
) -> None:
    row = in_stage(environment, stage)
    answer = signed_in(role).post(act(name, row), form, headers={**HTMX, "HX-Target": "dossier"})
    assert (answer.status_code, b'id="dossier"' in answer.content, b"<html" in answer.content) == (
        200,
        True,
        False,
    )
    row.refresh_from_db()
    assert row.state == AFTER[name]


@pytest.mark.parametrize(("name", "_role", "other", "stage", "form"), ACTS)
def test_an_act_needs_its_role(
    signed_in: Any, environment: Any, name: str, _role: str, other: str, stage: str, form: dict[str, str]
) -> None:
    row = in_stage(environment, stage)
    assert signed_in(other).post(act(name, row), form).status_code == 403
    assert Submission.objects.get(pk=row.pk).state == row.state


@pytest.mark.parametrize(("name", "role", "_other", "stage", "form"), ACTS)
def test_a_foreign_submission_does_not_exist(
    signed_in: Any, environment: Any, name: str, role: str, _other: str, stage: str, form: dict[str, str]
) -> None:
    foreign = in_stage(factories.make_environment(), stage)
    browser = signed_in(role)
    assert browser.post(act(name, foreign), form).status_code == 404
    assert browser.post(reverse(f"submissions:{name}", args=[uuid.uuid4()]), form).status_code == 404
    assert Submission.objects.get(pk=foreign.pk).state == foreign.state


@pytest.mark.parametrize(("name", "role", "_other", "stage", "form"), ACTS)
def test_the_role_of_another_creditor_opens_nothing(
    signed_in: Any, environment: Any, name: str, role: str, _other: str, stage: str, form: dict[str, str]
) -> None:
    other = factories.make_environment()
    browser = signed_in("reader")
    Membership.objects.create(user=browser.user, creditor=other.creditor, role=role)
    row = in_stage(environment, stage)
    assert browser.post(act(name, row), form).status_code == 403


@pytest.mark.parametrize("name", [one[0] for one in ACTS] + ["look-up"])
def test_an_act_is_a_post_of_somebody(client: Any, signed_in: Any, environment: Any, name: str) -> None:
    row = in_stage(environment, "held")
    assert client.post(act(name, row)).status_code == 302
    both = signed_in("sender")
    Membership.objects.create(user=both.user, creditor=environment.creditor, role="approver")
    assert both.get(act(name, row)).status_code == 405


@pytest.mark.parametrize(("name", "role", "other"), LINE_ACTS)
def test_the_doors_of_a_line(
    signed_in: Any, client: Any, environment: Any, name: str, role: str, other: str
) -> None:
    foreign = factories.make_environment()
    assert client.post(act(name, environment)).status_code == 302
    assert signed_in(other).post(act(name, environment), {"reason": "why"}).status_code == 403
    browser = signed_in(role)
    assert browser.post(act(name, foreign), {"reason": "why"}).status_code == 404
    assert browser.get(act(name, environment)).status_code == 405


@pytest.mark.parametrize("name", ["list", "line"])
def test_the_lists_are_for_readers(signed_in: Any, client: Any, environment: Any, name: str) -> None:
    url = reverse(f"submissions:{name}")
    assert signed_in("reader").get(url).status_code == 200
    assert client.get(url).status_code == 302
    assert signed_in("reader").post(url).status_code == 405
    client.force_login(factories.make_user())
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("name", ["detail", "panel"])
def test_the_page_is_for_readers(signed_in: Any, client: Any, environment: Any, name: str) -> None:
    row = factories.queue(environment)
    assert signed_in("reader").get(act(name, row)).status_code == 200
    assert (
        signed_in("reader").get(act(name, factories.queue(factories.make_environment()))).status_code == 404
    )
    assert client.get(act(name, row)).status_code == 302
    assert signed_in("reader").post(act(name, row)).status_code == 405


def cost(browser: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


def test_the_list_costs_the_same_for_one_and_for_three(signed_in: Any, environment: Any) -> None:
    browser, url = signed_in("reader"), reverse("submissions:list")
    stages.staged(environment, "held")
    before = cost(browser, url)
    for state in ("accepted", "unconfirmed"):
        stages.staged(environment, state)
    assert cost(browser, url) == before <= 14


def test_the_page_costs_the_same_for_more_evidence(signed_in: Any, environment: Any) -> None:
    browser, row = signed_in("approver"), stages.ripe(environment, now=timezone.now())
    before = cost(browser, act("detail", row))
    stages.looked(row, "not-there", at=timezone.now(), number=3)
    stages.staged(environment, "held", at=row.last_activity_at)
    assert cost(browser, act("detail", row)) == before <= 24


def test_the_lines_cost_the_same_for_more_environments(signed_in: Any, creditor: Any) -> None:
    browser, url = signed_in("sender"), reverse("submissions:line")
    before = cost(browser, url)
    factories.make_environment(creditor, "fi-test")
    assert cost(browser, url) == before


def numbers(browser: Any, **query: str) -> list[str]:
    rows = browser.get(reverse("submissions:list"), query).context["page"].rows
    return [row.number for row in rows]


def test_the_list_is_narrowed(signed_in: Any, environment: Any) -> None:
    later = factories.AT + dt.timedelta(days=3)
    one = stages.staged(
        environment, "accepted", number="A-1", person="Anni Mäkelä", changes={"ropo_job_id": "99"}
    )
    stages.staged(environment, "rejected", number="A-2", person="Liisa 100%", at=later)
    stages.staged(factories.make_environment(), "accepted", number="A-3")
    browser = signed_in("reader")
    assert numbers(browser) == ["A-2", "A-1"]
    assert numbers(browser, state="rejected") == ["A-2"]
    assert numbers(browser, q="a-1") == ["A-1"]
    assert numbers(browser, q="liisa") == numbers(browser, q="100%") == ["A-2"]
    assert numbers(browser, q="99") == ["A-1"]
    assert numbers(browser, kind="reminder") == []
    assert numbers(browser, since="2026-11-24") == ["A-2"]
    assert numbers(browser, until="2026-11-23") == ["A-1"]
    assert numbers(browser, who=str(one.posted_by_id)) == ["A-1"]


@pytest.mark.parametrize("query", [
    {"q": "x" * 9999}, {"q": "'\";--%_\x00"}, {"state": "nonsense"}, {"who": "nobody"}, {"since": "31.2.2026"},
    {"cursor": "broken"},
])  # fmt: skip
def test_nonsense_filters_harm_nothing(signed_in: Any, environment: Any, query: dict[str, str]) -> None:
    factories.queue(environment)
    assert signed_in("reader").get(reverse("submissions:list"), query).status_code == 200


def test_pages_of_the_list(signed_in: Any, environment: Any, monkeypatch: Any) -> None:
    for _ in range(52):
        factories.queue(environment, actor=None or factories.make_user())
    browser = signed_in("reader")
    first = browser.get(reverse("submissions:list")).context["page"]
    assert (len(first), len(numbers(browser, cursor=first.next))) == (50, 2)


def test_the_keys_of_the_states(signed_in: Any, environment: Any) -> None:
    stages.staged(environment, "held")
    chips = signed_in("reader").get(reverse("submissions:list")).context["chips"]
    assert [chip["key"] for chip in chips] == list("01234567")
    assert [chip["count"] for chip in chips if chip.get("count")] == [1]


def test_the_sidebar_counts_what_waits(signed_in: Any, environment: Any) -> None:
    stages.staged(environment, "unconfirmed")
    stages.staged(environment, "accepted")
    stages.staged(factories.make_environment(), "held")
    links = signed_in("reader").get(reverse("submissions:list")).context["frame_links"]
    assert [link.count for link in links if link.entry.name == "submissions:list"] == [1]


def test_the_panel_moves_by_itself_until_it_is_settled(signed_in: Any, environment: Any) -> None:
    browser = signed_in("sender")
    moving = browser.get(act("panel", stages.staged(environment, "sending"))).content.decode()
    settled = browser.get(act("panel", stages.staged(environment, "accepted"))).content.decode()
    assert ("every 2s" in moving, "every 2s" in settled) == (True, False)


def test_the_panel_speaks_only_of_changes(signed_in: Any, environment: Any) -> None:
    browser, row = signed_in("sender"), stages.staged(environment, "sending")
    mark = browser.get(act("panel", row)).context["mark"]
    assert browser.get(act("panel", row), {"seen": mark}, headers=PANEL).status_code == 204
    stages.answered(row.attempts.get(), "accepted", at=factories.AT)
    stages.seen(row, "there", at=factories.AT)
    row.move("accepted", at=factories.AT, ropo_job_id="5")
    answer = browser.get(act("panel", row), {"seen": mark}, headers=PANEL)
    assert answer.status_code == 200
    assert "job 5" in answer.headers["HX-Trigger"]
    assert "submission-moved" in answer.headers["HX-Trigger"]


def test_undo_on_the_panel_gives_the_panel_back(signed_in: Any, environment: Any) -> None:
    row = factories.queue(environment)
    answer = signed_in("sender").post(act("withdraw", row), headers=PANEL)
    assert (answer.status_code, b'id="panel"' in answer.content) == (200, True)
    assert "submission-moved" in answer.headers["HX-Trigger"]


@pytest.mark.parametrize("headers", [{}, PANEL, HTMX])
def test_too_late_says_so(signed_in: Any, environment: Any, headers: dict[str, str]) -> None:
    row = stages.staged(environment, "accepted")
    answer = signed_in("sender").post(act("withdraw", row), headers=headers)
    assert answer.status_code == 422
    said = answer.headers.get("HX-Trigger", "") + answer.content.decode()
    assert "Too late" in said


def test_pressing_twice_is_one_act_and_a_friendly_word(signed_in: Any, environment: Any) -> None:
    row, browser = factories.queue(environment), signed_in("sender")
    assert [browser.post(act("withdraw", row)).status_code for _ in range(2)] == [303, 422]
    assert Entry.objects.filter(subject_id=row.pk, verb="submission.withdrawn").count() == 1


def test_hidden_fields_are_not_believed(signed_in: Any, environment: Any) -> None:
    row, browser = factories.queue(environment), signed_in("sender")
    browser.post(
        act("send-now", row), {"state": "accepted", "actor": "1", "at": "2020-01-01", "creditor": "x"}
    )
    row.refresh_from_db()
    assert row.state == State.QUEUED


def test_pausing_needs_a_reason_and_resuming_does_not(signed_in: Any, environment: Any) -> None:
    assert signed_in("sender").post(act("pause", environment), {"reason": " "}).status_code == 422
    assert signed_in("sender").post(act("pause", environment), {"reason": "fire"}).status_code == 303
    environment.refresh_from_db()
    assert (environment.sending_paused, environment.paused_reason) == (True, "fire")
    assert "fire" in page(signed_in("reader"), factories.queue(environment))
    assert signed_in("approver").post(act("resume", environment)).status_code == 303
    environment.refresh_from_db()
    assert environment.sending_paused is False


@pytest.mark.parametrize(("minutes", "word"), [(None, "ever swept"), (9, "9 minutes"), (0, "awake")])
def test_the_lines_tell_whether_the_worker_is_awake(
    signed_in: Any, environment: Any, minutes: int | None, word: str
) -> None:
    last = None if minutes is None else timezone.now() - dt.timedelta(minutes=minutes)
    SendingSwitch.objects.update_or_create(pk=1, defaults={"last_sweep_at": last})
    assert word in signed_in("reader").get(reverse("submissions:line")).content.decode()


def test_the_pause_of_everything_is_said_everywhere(signed_in: Any, environment: Any) -> None:
    set_sending(paused=True, reason="Ropo is down", actor=factories.make_user(), at=timezone.now())
    assert "Ropo is down" in signed_in("reader").get(reverse("submissions:line")).content.decode()
    assert "paused all sending" in page(signed_in("reader"), factories.queue(environment))


def test_next_leads_only_to_our_own_pages(signed_in: Any, environment: Any) -> None:
    browser: Any = signed_in("approver")
    for wish, target in [
        ("https://evil.example/", "/submissions/lines/"),
        ("/parties/creditors/", "/parties/creditors/"),
    ]:
        answer = browser.post(act("resume", environment), {"next": wish})
        assert answer.headers["Location"] == target


def test_a_telephone_shows_the_sum_beside_the_name(signed_in: Any, environment: Any) -> None:
    stages.staged(environment, "held", person="Aino Esimerkki")
    shown = signed_in("reader").get(reverse("submissions:list")).content.decode().split("<tbody>")[1]
    cell = shown.split('class="is-name"')[1].split("</td>")[0]
    assert 'class="is-under only-on-phone nowrap"' in cell
    assert "€" in cell
