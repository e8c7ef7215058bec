"""Production on the creditor's page: proposed by one, confirmed by another, closed by anybody who sends."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment, LiveSwitch
from ropo_portal.accounts.operations import propose_live
from tests.factories import make_environment, make_live, make_user

pytestmark = pytest.mark.django_db
REASON = {"reason": "the contract begins"}


def url(name, *args):
    return reverse(f"parties:{name}", args=args)


@pytest.fixture
def production(creditor):
    return make_environment(creditor, "fi-production", last_checked_at=timezone.now(), last_check_ok=True)


@pytest.fixture
def proposal(production, user_as):
    return propose_live(
        environment=production, reason="we begin", actor=user_as("administrator"), at=timezone.now()
    )


def is_live(environment):
    return CreditorEnvironment.objects.get(pk=environment.pk).is_live


def test_two_people_and_then_one(signed_in, production):
    boss, other = signed_in("administrator"), signed_in("approver")
    detail = url("creditor-detail", production.creditor_id)
    assert "Switch production live" in boss.get(detail).content.decode()
    assert boss.get(url("live-propose", production.pk)).status_code == 200
    assert boss.post(url("live-propose", production.pk), REASON).status_code == 303
    switch = LiveSwitch.objects.get()
    own = boss.post(url("live-confirm", switch.pk), follow=True).content.decode()
    assert ("another person confirms" in own, is_live(production)) == (True, False)
    assert "the contract begins" in other.get(detail).content.decode()
    done = other.post(url("live-confirm", switch.pk), follow=True).content.decode()
    assert ("reaches real people" in done, "Live since" in done, is_live(production)) == (True, True, True)
    sender = signed_in("sender")
    assert sender.get(url("live-off", production.pk)).status_code == 200
    assert sender.post(url("live-off", production.pk), REASON).status_code == 303
    assert not is_live(production)
    assert "Lock production" in sender.post(url("live-off", production.pk), REASON).content.decode()


def test_without_a_test_the_page_says_why(signed_in, creditor):
    production = make_environment(creditor, "fi-production")
    page = signed_in("administrator").get(url("live-propose", production.pk)).content.decode()
    assert "Test the connection first" in page
    answer = signed_in("administrator").post(url("live-propose", production.pk), REASON)
    assert (answer.status_code, LiveSwitch.objects.count()) == (422, 0)


@pytest.mark.parametrize("bad", ["", "  ", "x" * 201])
def test_a_reason_is_needed(signed_in, production, bad):
    answer = signed_in("administrator").post(url("live-propose", production.pk), {"reason": bad})
    assert (answer.status_code, LiveSwitch.objects.count()) == (422, 0)


def test_a_proposal_is_taken_back(signed_in, proposal):
    browser = signed_in("approver")
    browser.post(url("live-withdraw", proposal.pk))
    proposal.refresh_from_db()
    assert proposal.ended_at
    assert "settled already" in browser.post(url("live-withdraw", proposal.pk), follow=True).content.decode()


@pytest.mark.parametrize("role", ["reader", "clerk", "auditor"])
def test_others_only_look(signed_in, proposal, role):
    browser, environment = signed_in(role), proposal.environment
    closed = [url("live-propose", environment.pk), url("live-off", environment.pk)]
    acts = [url("live-confirm", proposal.pk), url("live-withdraw", proposal.pk)]
    assert {browser.get(one).status_code for one in closed} == {403}
    assert {browser.post(one, REASON).status_code for one in [*closed, *acts]} == {403}
    page = browser.get(url("creditor-detail", environment.creditor_id)).content.decode()
    assert ("we begin" in page, "live-switches" in page) == (True, False)


def test_foreign_and_invented_rows_do_not_exist(signed_in, proposal, stranger):
    browser = Client()
    browser.force_login(make_user("administrator", stranger))
    for name, pk in (("live-confirm", proposal.pk), ("live-withdraw", proposal.pk), ("live-propose", proposal.environment_id),
                     ("live-off", proposal.environment_id), ("live-confirm", uuid.uuid4())):  # fmt: skip
        assert browser.post(url(name, pk), REASON).status_code == 404


def test_nothing_is_done_by_looking(signed_in, proposal):
    browser = signed_in("administrator")
    assert {
        browser.get(url(name, proposal.pk)).status_code for name in ("live-confirm", "live-withdraw")
    } == {405}


def test_strangers_are_sent_to_the_door(proposal):
    assert Client().post(url("live-confirm", proposal.pk)).status_code == 302


def test_the_page_costs_the_same_with_two_lines_open(signed_in, production, django_assert_max_num_queries):
    make_live(production, at=timezone.now())
    browser = signed_in("administrator")
    with django_assert_max_num_queries(14):
        browser.get(url("creditor-detail", production.creditor_id))
