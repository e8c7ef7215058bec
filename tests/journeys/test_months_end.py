"""A month's end: sixty drafts, nine of them wrong, mended in the grid, sent together, and taken by Ropo One."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from ropo_portal.invoices.models import Batch, Invoice
from ropo_portal.invoices.operations import is_approval_missing
from ropo_portal.submissions.models import Submission
from tests.factories import make_debtor, make_invoice

DRAFTS, HOMELESS, UNREACHABLE = 60, 7, 2


def address(name, *args):
    return reverse(f"invoices:{name}", args=args)


def written(environment):
    """Write the drafts of a month: some debtors have no post code, some no e-mail address."""
    today = environment.today(timezone.now())
    dates = {"invoice_date": today, "due_date": today + dt.timedelta(days=14)}
    for place in range(DRAFTS):
        lacks = {"postcode": ""} if place < HOMELESS else {}
        is_unreachable = HOMELESS <= place < HOMELESS + UNREACHABLE
        debtor = make_debtor(environment.creditor, name=f"Asiakas {place}", **lacks)
        make_invoice(environment, debtor, **dates, **({"channel": "email"} if is_unreachable else {}))


def worked(browser, batch, name, stage):
    """Press on until the stage is over, as the page does by itself."""
    for _ in range(20):
        if browser.get(address("batch", batch.pk)).context["stage"] != stage:
            return
        browser.post(address(name, batch.pk))
    pytest.fail(f"the batch is still {stage}")


def mend(browser, batch, kind, field, value):
    there = address("batch-group", batch.pk, kind)
    rows = browser.get(there).context["rows"]
    typed = {}
    for row in rows:
        prefix = f"row-{row['subject'].pk}"
        typed |= {f"{prefix}-revision": row["subject"].revision, f"{prefix}-{field}": value}
    assert browser.post(there, typed).status_code == 303
    return len(rows)


@pytest.mark.process
def test_a_months_end(enter, environment, worker):
    written(environment)
    browser = enter("sender")
    browser.post(address("batch-choose"), {"all": "1", "state": "draft"})
    batch = Batch.objects.get()
    worked(browser, batch, "batch-check", "checking")
    shown = browser.get(address("batch", batch.pk)).context
    assert (shown["counts"]["ready"], shown["wrong"], shown["doubtful"]) == (51, 9, 0)
    assert mend(browser, batch, "debtor-postcode", "postcode", "00100") == HOMELESS
    assert mend(browser, batch, "no_email", "email", "laskut@example.com") == UNREACHABLE
    assert browser.get(address("batch", batch.pk)).context["counts"]["ready"] == DRAFTS

    assert browser.post(address("batch-send", batch.pk), {"count": str(DRAFTS)}).status_code == 303
    worked(browser, batch, "batch-run", "sending")
    counts = browser.get(address("batch", batch.pk)).context["counts"]
    assert (counts["queued"], counts["refused"], counts["held"]) == (DRAFTS, 0, DRAFTS)
    worker()
    states = Submission.objects.values_list("state", flat=True)
    assert (len(states), set(states)) == (DRAFTS, {"accepted"})
    assert len(set(Submission.objects.values_list("ropo_job_id", flat=True))) == DRAFTS
    assert not is_approval_missing(Invoice.objects.first(), "")
    late = browser.post(address("batch-withdraw", batch.pk), follow=True)
    assert late.context["counts"]["held"] == 0
    assert set(Submission.objects.values_list("state", flat=True)) == {"accepted"}
