"""Lists that were never filled lead on to the first invoice; lists emptied by a filter offer to clear it."""

import pytest
from django.urls import reverse

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, Membership, User
from ropo_portal.accounts.scope import Scope
from ropo_portal.invoices.operations import post_invoice
from ropo_portal.worklist.beginning import Beginning, first_steps
from tests import factories
from tests.factories import AT
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
EMPTY = {
    "parties:debtor-list": "A debtor is a company or a person who owes this creditor money.",
    "invoices:list": "Invoices stand here from draft to accepted.",
    "imports:list": "The files you bring stand here",
    "collection:list": "What you follow up after its due date stands here.",
    "submissions:list": "When an invoice is sent, its way to Ropo One is followed here",
    "invoices:payments": "Claims appear here as soon as",
}
FILTERED = {
    "parties:debtor-list": "?q=nobody",
    "invoices:list": "?q=nobody",
    "collection:list": "?q=nobody",
    "submissions:list": "?q=nobody",
    "invoices:payments": "?q=nobody",
}
STEP = "The next step to the first invoice at Ropo One:"


def ready(environment):
    """Let everything but debtor and invoice be done."""
    CreditorEnvironment.objects.filter(pk=environment.pk).update(last_check_ok=True)


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_list_says_what_it_will_hold_and_the_next_step(environment, signed_in, name):
    ready(environment)
    page = signed_in("sender").get(reverse(name)).content.decode()
    assert EMPTY[name] in page
    assert page.count(STEP) == 1
    assert f'href="{reverse("parties:debtor-create")}"' in page.partition(STEP)[2][:200]
    assert 'href="/practice/"' in page.partition(STEP)[2]


@pytest.mark.parametrize("name", FILTERED)
def test_a_list_emptied_by_filters_offers_to_clear_them(environment, signed_in, name):
    page = signed_in("sender").get(reverse(name) + FILTERED[name]).content.decode()
    assert "Clear the filters" in page
    assert STEP not in page


def test_the_next_step_is_one_that_the_reader_can_do(environment, user_as):
    boss, clerk, reader = (user_as(role) for role in ("administrator", "clerk", "reader"))
    CreditorEnvironment.objects.filter(pk=environment.pk).update(cid="", apicode="")

    def next_of(user):
        step = Beginning(first_steps(Scope(user))).next
        return step.name if step else ""

    assert [next_of(one) for one in (boss, clerk, reader)] == ["credentials", "debtor", ""]
    factories.make_invoice(environment)
    # A letter cannot be looked at without credentials, so the clerk waits for the administrator.
    assert [next_of(one) for one in (boss, clerk, reader)] == ["credentials", "", ""]
    waiting = Beginning(first_steps(Scope(clerk))).waits_for
    assert (waiting.name, waiting.ask) == ("people", "Nobody here may do this yet: ask support.")


def test_who_can_do_nothing_is_told_who_can(environment, signed_in, user_as):
    user_as("sender")
    User.objects.create_superuser("house@example.com", "x" * 12, name="Sampo Tuki")
    ready(environment)
    factories.make_debtor(environment.creditor)
    page = signed_in("auditor").get(reverse("invoices:list")).content.decode()
    assert "First somebody else has a step to take: Write the first invoice." in page
    assert "You may not do this. Ask" in page


def test_once_ropo_has_accepted_one_lists_have_their_own_button(environment, signed_in):
    browser = signed_in("sender")
    invoice = factories.make_invoice(environment)
    settle(post_invoice(invoice=invoice, revision=1, actor=browser.user, at=AT), "accepted")
    page = browser.get(reverse("collection:list")).content.decode()
    assert STEP not in page
    assert "Claim invoiced elsewhere" in page.partition('class="empty"')[2]


def test_support_begins_with_the_first_creditor(db, client):
    support = User.objects.create_superuser("house@example.com", "x" * 12, name="Sampo Tuki")
    client.force_login(support)
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [(reverse("parties:creditor-list"), 302)]
    assert "No creditor yet" in answer.content.decode()
    assert client.get(reverse("parties:creditor-create")).status_code == 200
    assert client.get(reverse("invoices:list")).status_code == 403
    creditor = factories.make_creditor()
    Membership.objects.create(user=support, creditor=creditor, role="administrator")
    factories.make_environment(creditor)
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [(reverse("worklist:today"), 302)]
    assert (
        f"/support/accounts/membership/add/?creditor={creditor.pk}&amp;role=sender" in answer.content.decode()
    )


@pytest.mark.parametrize("changes", [{"is_superuser": False}, {"is_active": False}])
def test_nobody_else_begins(db, client, changes):
    user = User.objects.create_superuser("house@example.com", "x" * 12, name="Sampo Tuki")
    User.objects.filter(pk=user.pk).update(**changes)
    client.force_login(user)
    assert client.get(reverse("parties:creditor-list")).status_code in {302, 403}
    assert client.post(reverse("parties:creditor-create")).status_code in {302, 403}
    assert Creditor.objects.count() == 0
