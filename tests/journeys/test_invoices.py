"""Stories of invoices, from the form to Ropo One and back, over real HTTP."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.documents.models import StoredDocument
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import post_invoice
from ropo_portal.submissions.models import Submission
from tests import factories
from tests.journeys.conftest import APICODE, CID


def address(name, *args):
    return reverse(f"invoices:{name}", args=args)


def sheet(browser, url, **changes):
    """Return the form of a page as the browser would send it, with changes."""
    page = browser.get(url).context["sheet"]
    fields = {name: page.head[name].value() for name in page.head.fields}
    form = {name: "" if value in (None, False) else value for name, value in fields.items()}
    form |= {name: value.isoformat() for name, value in form.items() if hasattr(value, "isoformat")}
    form |= {f"rows-{name}": 0 for name in ("INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    for row in page.rows.forms:
        form |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    return form | {"rows-TOTAL_FORMS": len(page.rows.forms)} | changes


ROW = {
    "rows-0-description": "Nuohous",
    "rows-0-quantity": "1",
    "rows-0-unit_price": "100,00",
    "rows-0-vat_rate": "25,5",
}


def write(browser, debtor):
    answer = browser.post(
        address("create"), sheet(browser, address("create"), debtor=debtor.pk, then="send", **ROW)
    )
    assert answer.status_code == 303
    return Invoice.objects.latest("pk")


def send(browser, invoice):
    invoice.refresh_from_db()
    return browser.post(address("send", invoice.pk), seen(browser, invoice), follow=True)


def seen(browser, invoice):
    """Return what the confirm page gives to somebody who looks at it now."""
    look = browser.get(address("send", invoice.pk)).context["look"]
    return {"revision": invoice.revision, "fingerprint": look.fingerprint}


def said(browser, invoice):
    return browser.get(address("detail", invoice.pk)).context["fate"]


def test_posting_an_invoice(enter, environment, worker):
    browser = enter("sender")
    invoice = write(browser, factories.make_debtor(environment.creditor))
    before = browser.get(address("send", invoice.pk)).content.decode()
    assert "It waits 10 minutes" in before
    assert "receives nothing" in before
    send(browser, invoice)
    assert said(browser, invoice).state == "queued"
    worker()
    fate = said(browser, invoice)
    assert fate.state == "accepted"
    assert Submission.objects.get().ropo_job_id in str(fate.sentence)
    assert Submission.objects.get().ropo_amount in (None, invoice.total_amount)


def test_taken_back_in_time(enter, environment, worker):
    browser = enter("sender")
    invoice = write(browser, factories.make_debtor(environment.creditor))
    send(browser, invoice)
    browser.post(address("withdraw", invoice.pk))
    worker()
    assert said(browser, invoice).state == "draft"
    assert Submission.objects.get().attempts.count() == 0


def test_hurried_out_of_the_hold(enter, environment):
    browser = enter("sender")
    invoice = write(browser, factories.make_debtor(environment.creditor))
    send(browser, invoice)
    browser.post(address("send-now", invoice.pk))
    submission = Submission.objects.get()
    assert submission.due_at < submission.queued_at + (submission.expires_at - submission.queued_at)
    assert Entry.objects.filter(verb="submission.hurried").exists()


def test_refused_then_corrected(enter, environment, worker):
    """Ropo does not finance a debtor without a valid business id; the form opens at the finance."""
    browser = enter("sender")
    debtor = factories.make_debtor(environment.creditor, business_id="12345")
    invoice = factories.make_invoice(environment, debtor, extras={"finance": "1"})
    send(browser, invoice)
    worker()
    assert said(browser, invoice).state == "rejected"
    page = browser.get(address("edit", invoice.pk))
    assert "Rahoitus" in page.context["trouble"]
    assert page.context["blamed"] == "finance"
    form = sheet(browser, address("edit", invoice.pk), finance="", then="send")
    assert browser.post(address("edit", invoice.pk), form).status_code == 303
    send(browser, invoice)
    worker()
    assert said(browser, invoice).state == "accepted"
    first, second = Submission.objects.filter(document_id=invoice.pk).order_by("sequence")
    assert (first.state, second.state, second.previous) == ("rejected", "accepted", first)
    shown = browser.get(address("detail", invoice.pk)).content.decode()
    assert reverse("submissions:detail", args=[first.pk]) in shown


def test_a_number_that_ropo_knows_is_no_plain_refusal(enter, environment, worker):
    """It may be our own letter that arrived before, so people look before anything is sent again."""
    CreditorEnvironment.objects.filter(pk=environment.pk).update(cid="1")
    outside = factories.make_environment(
        factories.make_creditor("FI", hold_seconds=0), cid=CID, apicode=APICODE
    )
    elsewhere = factories.make_invoice(outside, number="20260101")
    post_invoice(invoice=elsewhere, revision=1, actor=factories.make_user(), at=timezone.now())
    worker()
    CreditorEnvironment.objects.filter(pk=outside.pk).update(cid="2")
    CreditorEnvironment.objects.filter(pk=environment.pk).update(cid=CID)
    browser = enter("sender")
    invoice = write(browser, factories.make_debtor(environment.creditor))
    send(browser, invoice)
    worker()
    assert said(browser, invoice).state == "unconfirmed"
    shown = browser.get(address("detail", invoice.pk)).content.decode()
    assert reverse("submissions:detail", args=[Submission.objects.get(document_id=invoice.pk).pk]) in shown
    assert browser.get(address("edit", invoice.pk)).status_code == 303


def test_two_clerks_write_at_once(enter, environment):
    one, other = enter("clerk"), enter("clerk")
    invoice = factories.make_invoice(environment)
    url = address("edit", invoice.pk)
    mine, yours = sheet(one, url, our_reference="mine"), sheet(other, url, our_reference="yours")
    assert one.post(url, mine).status_code == 303
    answer = other.post(url, yours)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert one.user.name in shown
    assert "mine" in shown
    assert "yours" in shown
    again = {**yours, "revision": answer.context["form"]["revision"].value()}
    assert other.post(url, again).status_code == 303
    invoice.refresh_from_db()
    assert (invoice.our_reference, invoice.revision) == ("yours", 3)


def test_sent_twice_in_two_tabs(enter, environment):
    browser = enter("sender")
    invoice = write(browser, factories.make_debtor(environment.creditor))
    send(browser, invoice)
    second = send(browser, invoice)
    assert "already been sent" in second.content.decode()
    assert Submission.objects.count() == 1


def test_an_old_confirm_page_sends_nothing(enter, environment):
    browser = enter("sender")
    invoice = factories.make_invoice(environment)
    form = sheet(browser, address("edit", invoice.pk), our_reference="newer")
    browser.post(address("edit", invoice.pk), form)
    answer = browser.post(address("send", invoice.pk), {**seen(browser, invoice), "revision": 1})
    assert answer.status_code == 422
    assert not Submission.objects.exists()


def test_doubts_must_be_confirmed(enter, environment):
    browser = enter("sender")
    debtor = factories.make_debtor(environment.creditor)
    factories.make_invoice(environment, debtor)
    twin = factories.make_invoice(environment, debtor)
    codes = [doubt.code for doubt in browser.get(address("send", twin.pk)).context["look"].doubts]
    assert "twin_total" in codes
    assert browser.post(address("send", twin.pk), seen(browser, twin)).status_code == 422
    browser.post(address("send", twin.pk), {**seen(browser, twin), "confirmed": codes})
    assert Submission.objects.count() == 1


def test_papers_of_ropo(enter, environment, worker):
    browser = enter("sender")
    invoice = write(browser, factories.make_debtor(environment.creditor))
    assert browser.get(address("preview", invoice.pk)).content.startswith(b"%PDF-")
    assert not Submission.objects.exists()
    send(browser, invoice)
    worker()
    browser.post(address("fetch", invoice.pk))
    kinds = set(StoredDocument.objects.values_list("kind", flat=True))
    assert "original" in kinds
    assert "…" in browser.get(address("detail", invoice.pk)).content.decode()


@pytest.mark.parametrize("then", ["preview", "send", ""])
def test_saving_leads_where_the_clerk_wanted(enter, environment, then):
    browser = enter("sender")
    form = sheet(
        browser, address("create"), debtor=factories.make_debtor(environment.creditor).pk, then=then, **ROW
    )
    answer = browser.post(address("create"), form)
    invoice = Invoice.objects.get()
    assert answer["Location"] == address({"preview": "preview", "send": "send", "": "edit"}[then], invoice.pk)
