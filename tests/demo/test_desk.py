"""What lies on the desk of the demonstration: some of it ready, some of it not, and nothing of it sent."""

import pytest

from ropo_portal.demo import creditors, debtors, desk
from ropo_portal.imports import staging
from ropo_portal.imports.models import Import
from ropo_portal.invoices.models import Approval
from ropo_portal.submissions.models import Submission
from tests import factories


@pytest.fixture
def desks(db):
    people = creditors.make_people()
    clerk = people["clerk@demo.example"]
    return {
        environment.country: desk.Desk(
            environment, debtors.make_debtors(environment.creditor, actor=clerk, at=factories.AT), people
        )
        for environment in creditors.make_creditors(people, at=factories.AT)
    }


def test_two_of_the_batch_lack_something(desks):
    batch = desks["FI"].choose_batch(factories.AT)
    lacking = [item.invoice.debtor for item in batch.items.select_related("invoice__debtor") if item.causes]
    made = desks["FI"].debtors
    assert lacking == [made[desk.WITHOUT_ROWS], made[desk.WITHOUT_ADDRESS]]
    assert batch.items.filter(is_ready=True).count() == len(desk.BATCH) - len(lacking)


def test_one_invoice_waits_for_a_second_person(desks):
    desks["SE"].lay(factories.AT)
    waiting = Approval.objects.get()
    assert waiting.verdict == "waiting"
    assert waiting.invoice.total_amount > desks["SE"].environment.creditor.approval_limit
    assert not Submission.objects.exists()


def test_the_file_is_staged_with_three_errors(desks):
    batch = desks["FI"].bring_file(factories.AT)
    staging.stage(batch.pk, clock=lambda: factories.AT)
    found = Import.objects.get()
    assert (found.state, found.new_count, found.error_count) == ("staged", 5, 3)


def test_the_norwegian_desk_is_empty(desks):
    desks["NO"].lay(factories.AT)
    assert not Import.objects.exists()
    assert not Approval.objects.exists()
