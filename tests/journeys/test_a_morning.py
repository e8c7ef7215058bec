"""Stories of a morning: the list is worked from its top, two clerks do not meet on one row, and it becomes empty."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from ropo_portal.collection.operations import gather_everywhere
from ropo_portal.invoices.operations import post_invoice
from ropo_portal.rules.models import LegalRule
from ropo_portal.worklist.models import WorkClaim
from tests import factories

TODAY = reverse("worklist:today")


@pytest.fixture
def overdue(environment, worker):
    """Two invoices that Ropo One took, forty and fifty days overdue, with their claims."""
    if not LegalRule.objects.exists():
        import_module("ropo_portal.rules.migrations.0004_first_set_of_rules").add_rules(apps, None)
    today = environment.today(timezone.now())
    for late in (40, 50):
        days = {
            "invoice_date": today - dt.timedelta(days=late + 14),
            "due_date": today - dt.timedelta(days=late),
        }
        debtor = factories.make_debtor(environment.creditor)
        invoice = factories.make_invoice(environment, debtor, **days)
        post_invoice(invoice=invoice, revision=1, actor=factories.make_user(), at=timezone.now())
    worker()
    gather_everywhere(at=timezone.now())


def rows(browser, **query):
    return browser.get(TODAY, query).context["rows"]


def take(browser, row, **data):
    return browser.post(reverse("worklist:take", args=[row.kind.name, row.pk]), data)


def test_a_morning_from_the_top_of_the_list(enter, environment, overdue, worker):
    first, second = enter("sender"), enter("sender")
    found = rows(first)
    assert [(row.kind.group, row.debtor) for row in found] == [("reminder", row.debtor) for row in found]
    assert len(found) == 2
    # Each takes a row; the other sees who has it, and her next row is the one that is free.
    assert take(first, found[0]).status_code == 303
    assert rows(second)[0].claim.user == first.user
    assert take(second, found[0])["Location"] == TODAY
    assert WorkClaim.objects.get().user == first.user
    # She opens it from the list, sends a reminder, and goes on with one link.
    page = first.get(rows(first)[0].url)
    claim = page.context["claim"]
    begun = first.post(
        reverse("collection:begin", args=[claim.pk, "reminder"]), {"channel": "post", "revision": 1}
    )
    assert begun.status_code in {302, 303}
    reminder = claim.reminders.get()
    sent = first.post(
        reverse("collection:reminder-send", args=[reminder.pk]), {"revision": reminder.revision}
    )
    assert sent.status_code == 303
    after = first.get(sent["Location"])
    assert after.wsgi_request.work is not None, "the place in the list outlives the act"
    onward = first.get(after.wsgi_request.work.next_url)["Location"]
    assert onward.startswith(rows(first)[0].url.partition("?")[0])
    # What Ropo One pursues is nobody's work any more.
    worker()
    assert [row.pk for row in rows(second)] == [found[1].pk]


def test_the_money_of_the_morning(enter, environment, overdue):
    browser = enter("reader")
    (age,) = browser.get(TODAY).context["ages"]
    assert [heap.items for heap in age.heaps] == [0, 0, 0, 2, 0]
    page = browser.get(reverse("worklist:items"), {"bucket": "31-60"}).context["page"]
    assert sum(item.amount for item in page.rows) == age.total
