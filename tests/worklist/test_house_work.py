"""Today: invoices to approve, batches left half done, and overdue invoices without a claim."""

import datetime as dt

import pytest
from django.urls import reverse

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import BatchItem, Claim, Invoice
from ropo_portal.invoices.operations import ask_approval, post_invoice, send_next, withdraw_batch
from ropo_portal.worklist.models import OpenItem
from tests import factories
from tests.factories import AT
from tests.invoices import batching
from tests.invoices.settling import settle
from tests.worklist.test_today import TODAY, seen

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def strict(environment):
    Creditor.objects.filter(pk=environment.creditor_id).update(approval_rule="all")
    return CreditorEnvironment.objects.select_related("creditor").get(pk=environment.pk)


def asked(environment, actor=None):
    invoice = factories.make_invoice(strict(environment))
    return ask_approval(invoice=invoice, revision=1, actor=actor or factories.make_user(), at=AT)


def test_an_invoice_waits_for_another_person(environment, user_as):
    approver, sender = user_as("approver"), user_as("sender")
    question = asked(environment)
    assert seen(approver) == [("invoice", question.invoice.number)]
    assert seen(sender) == []
    Invoice.objects.filter(pk=question.invoice_id).update(discarded_at=AT)
    assert seen(approver) == []


def test_who_asked_is_not_asked(environment, user_as):
    approver = user_as("approver")
    asked(environment, approver)
    assert seen(approver) == []


def test_who_wrote_the_invoice_is_not_asked(environment, user_as):
    approver = user_as("approver")
    invoice = factories.make_invoice(strict(environment))
    batching.edit(invoice)
    invoice.refresh_from_db()
    ask_approval(invoice=invoice, revision=2, actor=factories.make_user(), at=AT)
    assert [kind for kind, _number in seen(approver)] == ["invoice"]
    writer = Entry.objects.about(invoice).get(verb="invoice.changed").actor
    factories.Membership.objects.create(user=writer, creditor=environment.creditor, role="approver")
    assert seen(writer) == []


def test_a_foreign_invoice_is_not_asked_about(environment, user_as):
    other = factories.make_environment(factories.make_creditor("FI", approval_rule="all"))
    asked(other)
    assert seen(user_as("approver")) == []


def test_the_page_leads_to_the_question(signed_in, environment):
    question = asked(environment)
    text = signed_in("approver").get(TODAY).content.decode()
    assert f'href="{reverse("invoices:approval", args=[question.pk])}?today=' in text


def test_a_batch_that_was_chosen_and_not_sent(environment, user_as):
    sender = user_as("sender")
    batch = batching.checked(environment, batching.drafts(environment, 2))
    assert [kind for kind, _number in seen(sender)] == ["batch-unsent"]
    assert seen(user_as("clerk")) == []
    assert seen(sender, at=AT + dt.timedelta(days=61)) == []
    withdraw_batch(batch=batch, actor=sender, at=AT)
    assert seen(sender) == []


def test_a_batch_whose_invoices_are_gone_is_no_work(environment, user_as):
    batching.checked(environment, batching.drafts(environment, 1))
    Invoice.objects.update(discarded_at=AT)
    assert seen(user_as("sender")) == []


def test_a_batch_that_fell_silent(environment, user_as):
    sender = user_as("sender")
    batch = batching.sent(environment, batching.drafts(environment, 2))
    assert seen(sender, at=AT + 4 * MINUTE) == []
    assert [kind for kind, _number in seen(sender, at=AT + 5 * MINUTE)] == ["batch-halted"]
    send_next(batch=batch, at=AT)
    assert seen(sender, at=AT + 5 * MINUTE) == []


def test_a_stopped_batch_with_something_to_take_back(environment, user_as):
    sender = user_as("sender")
    batch = batching.sent(environment, batching.drafts(environment, 1))
    send_next(batch=batch, at=AT)
    withdraw_batch(batch=batch, actor=sender, at=AT)
    assert [kind for kind, _number in seen(sender, at=AT + 5 * MINUTE)] == ["batch-halted"]


def test_a_batch_with_invoices_that_were_not_sent(environment, user_as):
    sender = user_as("sender")
    batch = batching.sent(environment, batching.drafts(environment, 2))
    Invoice.objects.update(discarded_at=AT)
    send_next(batch=batch, at=AT)
    assert set(batch.items.values_list("result", flat=True)) == {BatchItem.Result.REFUSED}
    assert seen(sender) == []
    Invoice.objects.filter(pk=batch.items.first().invoice_id).update(discarded_at=None)
    assert [kind for kind, _number in seen(sender)] == ["batch-refused"]


def test_an_overdue_invoice_without_a_claim_is_due_for_its_reminder(environment, user_as):
    sender = user_as("sender")
    invoice = factories.make_invoice(environment)
    settle(post_invoice(invoice=invoice, revision=1, actor=sender, at=AT), "accepted")
    assert seen(sender) == []
    later = AT + dt.timedelta(days=40)
    assert seen(sender, at=later) == [("unclaimed", invoice.number)]
    assert not Claim.objects.exists()
    OpenItem.objects.update(amount=0)
    assert seen(sender, at=later) == []


def test_an_overdue_invoice_leads_to_its_claim(signed_in, environment):
    old = AT - dt.timedelta(days=1000)
    invoice = factories.make_invoice(environment)
    settle(post_invoice(invoice=invoice, revision=1, actor=factories.make_user(), at=AT), "accepted")
    OpenItem.objects.update(due_date=old.date())
    browser = signed_in("sender")
    row = browser.get(TODAY).context["rows"][0]
    assert row.url.startswith(reverse("collection:of-invoice", args=[invoice.pk]))
    assert browser.get(row.url).status_code == 200
