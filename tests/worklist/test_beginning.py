"""The first steps: each is ticked by what was really done, leads there, and names whom to ask."""

import pytest
from django.urls import reverse

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.accounts.scope import Scope
from ropo_portal.history.operations import record
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import post_invoice
from ropo_portal.worklist.beginning import STEPS, first_steps
from tests import factories
from tests.factories import AT
from tests.invoices.settling import settle
from tests.worklist.test_today import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(user_as, creditor):
    found = user_as("administrator")
    factories.Membership.objects.create(user=found, creditor=creditor, role="sender")
    return found


def done(user):
    return [step.name for step in first_steps(Scope(user)) if step.is_done]


def test_each_step_is_ticked_by_the_database(environment, boss):
    rows = CreditorEnvironment.objects.filter(pk=environment.pk)
    Creditor.objects.update(iban="")
    rows.update(cid="", apicode="")
    assert done(boss) == ["people"]
    Creditor.objects.update(iban="FI2112345600000785")
    assert done(boss) == ["facts", "people"]
    row = rows.get()
    row.cid, row.apicode = "1", "secret"
    row.save()
    assert done(boss)[-1] == "credentials"
    rows.update(last_check_ok=False)
    assert done(boss)[-1] == "credentials"
    rows.update(last_check_ok=True)
    assert done(boss)[-1] == "connection"
    debtor = factories.make_debtor(environment.creditor)
    assert done(boss)[-1] == "debtor"
    invoice = factories.make_invoice(environment, debtor)
    assert done(boss)[-1] == "invoice"
    record(
        verb="invoice.previewed",
        subject=invoice,
        creditor_id=environment.creditor_id,
        after={},
        actor=boss,
        at=AT,
    )
    assert done(boss)[-1] == "preview"
    submission = post_invoice(invoice=invoice, revision=1, actor=boss, at=AT)
    assert done(boss) == list(STEPS)
    assert submission.state == "queued"
    settle(submission, "accepted")
    assert first_steps(Scope(boss)) == []


def test_what_was_thrown_away_ticks_nothing(environment, boss):
    factories.make_invoice(environment)
    Invoice.objects.update(discarded_at=AT)
    assert "invoice" not in done(boss)


def test_the_next_step_leads_to_its_page(environment, boss, client):
    factories.make_invoice(environment)
    client.force_login(boss)
    for step in first_steps(Scope(boss)):
        assert bool(step.url) is not step.is_done
        assert not step.url or client.get(step.url).status_code == 200
    assert [step.name for step in first_steps(Scope(boss)) if step.is_next] == ["connection"]


def test_who_may_not_is_told_whom_to_ask(environment, user_as):
    clerk = user_as("clerk")
    steps = {step.name: step for step in first_steps(Scope(clerk))}
    assert steps["connection"].ask == "Nobody here may do this yet: ask support."
    assert steps["debtor"].url == reverse("parties:debtor-create")
    boss, _other = user_as("administrator"), factories.make_user("administrator", factories.make_creditor())
    steps = {step.name: step for step in first_steps(Scope(clerk))}
    assert steps["connection"].ask == f"You may not do this. Ask {boss.name}."
    assert steps["connection"].url == ""
    assert steps["debtor"].ask == ""


def test_today_shows_the_steps_until_something_was_accepted(signed_in, environment):
    browser = signed_in("sender")
    assert "First steps" in browser.get(TODAY).content.decode()
    invoice = factories.make_invoice(environment)
    settle(post_invoice(invoice=invoice, revision=1, actor=browser.user, at=AT), "accepted")
    assert "First steps" not in browser.get(TODAY).content.decode()
