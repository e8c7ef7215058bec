"""Nobody gets in by the side: strangers, guessed ids, roles that were taken away, the neighbors' rows."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.models import Membership, User
from ropo_portal.accounts.roles import MAY, Role
from tests import factories
from tests.permissions import routes
from tests.permissions.stage import Person, Stage, ask, is_door
from tests.security.conftest import person_with

pytestmark = pytest.mark.django_db
ROUTES = routes.table()
READ = [route for route in ROUTES if "GET" in route.methods]
# Answers a stranger gets from rooms of others: the way in, and nothing behind it.
FOR_STRANGERS = {
    "account_login",
    "account_signup",  # says that sign-up is closed
    "account_inactive",
    "account_reset_password",
    "account_confirm_email",  # says that the link is not valid
    "account_email_verification_sent",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "doors:health",  # numbers for a watchdog, of nobody
}
NATIONAL_ID = factories.NATIONAL_IDS["FI"]


def arguments(pattern: str) -> dict[str, str]:
    if "app_label" in pattern:
        return {"app_label": "accounts"}
    values = {"uuid": "00000000-0000-7000-8000-000000000000", "int": "1", "str": "x", "path": "x"}
    kinds = {name: values.get(kind, "x") for kind, name in re.findall(r"<(\w+):(\w+)>", pattern)}
    return kinds | dict.fromkeys(re.findall(r"\(\?P<(\w+)>", pattern), "x") | dict.fromkeys(
        re.findall(r"<(\w+)>", pattern.replace("?P", "")), "x"
    )  # fmt: skip


def whole(answer) -> bytes:
    """Return all that came, of a file that is written while it is read, too."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_strangers_find_the_entrance_alone(db):
    """Every address there is, the support site's and those of sign-in included."""
    open_doors = set()
    for name, pattern in routes.walked():
        if not name or name == "admin:":
            continue
        address = reverse(name, kwargs=arguments(pattern))
        if Client().get(address).status_code == 200:
            open_doors.add(name)
    assert open_doors - {"admin:login", "ui:gallery_options"} <= FOR_STRANGERS


def test_addresses_hold_random_ids_only():
    """A number that counts up invites to count."""
    counted = [
        address
        for name, address in routes.walked()
        if name in routes.ours()
        and re.search(r"<(?!uuid:|str:kind>|str:step>|slug:kind>|slug:lesson>)", address)
    ]
    assert counted == []


@pytest.mark.parametrize("role", list(Role))
def test_the_identity_code_is_shown_to_nobody_in_passing(stage: Stage, role):
    """On no page, in no fragment, in no list and in no form; the one door is asked for with a reason."""
    person = stage.people[role.value]
    for route in READ:
        for headers in ({}, {"HX-Request": "true"}, {"Accept": "application/json"}):
            assert NATIONAL_ID.encode() not in whole(ask(stage, person, route, "GET", **headers)), route.name


@pytest.mark.parametrize("role", sorted(set(Role) - MAY["debtor.view_national_id"]))
def test_the_identity_code_is_hidden_from_roles_that_may_not(stage: Stage, role):
    address = reverse("parties:debtor-reveal", args=[stage.home.ids["debtor"]])
    answer = stage.people[role].browser().post(address, {"reason": "curious"})
    assert (answer.status_code, NATIONAL_ID.encode() in answer.content) == (403, False)


def test_the_identity_code_is_shown_to_roles_that_may(stage: Stage):
    """So that the tests above would notice it."""
    address = reverse("parties:debtor-reveal", args=[stage.home.ids["debtor"]])
    answer = stage.people["clerk"].browser().post(address, {"reason": "a call from the debtor"})
    assert NATIONAL_ID.encode() in answer.content


@pytest.mark.parametrize("verb", ["options", "debtors"])
def test_the_identity_code_is_not_echoed_by_a_search(stage: Stage, verb):
    name = {"options": "parties:debtor-options", "debtors": "parties:debtor-list"}[verb]
    answer = (
        stage.people["reader"]
        .browser()
        .get(reverse(name), {"q": NATIONAL_ID}, headers={"Accept": "application/json"})
    )
    assert answer.status_code == 200
    if verb == "options":
        assert NATIONAL_ID.encode() not in answer.content


def test_a_role_taken_away_is_gone_at_the_next_request(stage: Stage):
    person = person_with(stage, Role.SENDER)
    browser, address = person.browser(), reverse("invoices:send", args=[stage.home.ids["invoice"]])
    assert browser.get(address).status_code == 200
    Membership.objects.filter(user=person.user).update(role=Role.READER)
    assert browser.get(address).status_code == 403
    Membership.objects.filter(user=person.user).delete()
    assert browser.get(reverse("invoices:detail", args=[stage.home.ids["invoice"]])).status_code == 403


def test_a_switched_off_user_is_out_at_the_next_request(stage: Stage):
    person = person_with(stage, Role.SENDER)
    browser, address = person.browser(), reverse("invoices:list")
    assert browser.get(address).status_code == 200
    User.objects.filter(pk=person.user.pk).update(is_active=False)
    assert is_door(browser.get(address))
    assert is_door(browser.post(reverse("invoices:send", args=[stage.home.ids["invoice"]])))


def test_a_new_creditor_sees_nothing_of_the_others(stage: Stage):
    """Every page of an empty tenant: lists, counters, filters, choices."""
    creditor = factories.make_creditor("FI", name="Uusi Oy")
    factories.make_environment(creditor)
    user = factories.make_user()
    for role in Role:
        Membership.objects.create(user=user, creditor=creditor, role=role)
    browser = Client()
    browser.force_login(user)
    others = _words_of_others(stage)
    for route in [route for route in READ if not route.names_a_row and not route.house]:
        answer = browser.get(reverse(route.name, kwargs=route.words), follow=True)
        assert answer.status_code == 200, route.name
        text = whole(answer).decode(errors="replace")
        assert [word for word in others if word in text] == [], route.name


def _words_of_others(stage: Stage) -> list[str]:
    # The rules are the whole house's.
    words = [
        str(key)
        for estate in (stage.home, stage.foreign)
        for kind, key in estate.ids.items()
        if kind != "rule"
    ]
    words += [estate.creditor.name for estate in (stage.home, stage.foreign)]
    words += list(
        User.objects.filter(memberships__isnull=False)
        .exclude(memberships__creditor__name="Uusi Oy")
        .values_list("email", flat=True)
    )
    return [word for word in words if word]


def test_ids_in_the_body_and_in_the_query_are_scoped_too(stage: Stage, allrounder: Person):
    foreign, home, browser = stage.foreign.ids, stage.home.ids, allrounder.browser()
    create = reverse("invoices:create")
    assert browser.get(create, {"debtor": foreign["debtor"]}).status_code == 404
    refused = browser.post(
        create, {"debtor": str(foreign["debtor"]), "rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}
    )
    assert (refused.status_code, "debtor" in refused.context["form"].errors) == (422, True)
    assert (
        browser.post(reverse("invoices:draft-image"), {"invoice": str(foreign["invoice"])}).status_code == 404
    )
    mixed = reverse("invoices:detach", args=[home["invoice"], foreign["attachment"]])
    assert browser.post(mixed).status_code == 404
    listed = browser.get(reverse("invoices:list"), {"debtor": foreign["debtor"]})
    assert (listed.status_code, str(foreign["invoice"]) in listed.content.decode()) == (200, False)
