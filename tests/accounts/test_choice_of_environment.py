"""Choosing where to work: only among one's own, and nothing more than the choice is taken."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.middleware import SESSION_KEY
from tests.factories import make_creditor, make_environment

pytestmark = pytest.mark.django_db
FOCUS = "ui:focus"


def test_the_choice_is_remembered(signed_in, creditor):
    other = make_environment(creditor, "fi-test")
    browser = signed_in("reader")
    page = browser.post(reverse(FOCUS), {"environment": other.pk, "next": "/parties/debtors/"})
    assert page["Location"] == "/parties/debtors/"
    assert browser.session[SESSION_KEY] == str(other.pk)
    assert browser.get("/parties/debtors/").wsgi_request.scope.environment == other


@pytest.mark.parametrize("which", ["foreign", "unknown", "nonsense"])
def test_a_foreign_environment_does_not_exist(signed_in, creditor, which):
    foreign = make_environment(make_creditor())
    wish = {"foreign": foreign.pk, "unknown": uuid.uuid4(), "nonsense": "'; --"}[which]
    browser = signed_in("reader")
    assert browser.post(reverse(FOCUS), {"environment": wish}).status_code == 404
    assert SESSION_KEY not in browser.session


def test_the_choice_leads_nowhere_else(signed_in, environment):
    page = signed_in("reader").post(
        reverse(FOCUS), {"environment": environment.pk, "next": "https://evil.example"}
    )
    assert page["Location"] == "/"


def test_only_by_post_and_only_signed_in(signed_in, environment):
    assert signed_in("reader").get(reverse(FOCUS)).status_code == 405
    assert Client().post(reverse(FOCUS), {"environment": environment.pk}).status_code == 302


def test_a_choice_that_was_taken_away_falls_back(signed_in, environment):
    browser = signed_in("reader")
    session = browser.session
    session[SESSION_KEY] = str(make_environment(make_creditor()).pk)
    session.save()
    assert browser.get("/parties/debtors/").wsgi_request.scope.environment == environment


def test_a_role_taken_away_works_on_the_next_request(signed_in, environment):
    browser = signed_in("reader")
    assert browser.get("/parties/debtors/").status_code == 200
    browser.user.memberships.all().delete()
    assert browser.get("/parties/debtors/").status_code == 403
