"""After an import its drafts go on, together and in the order of the file, to where they are checked and sent."""

import pytest
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.imports.operations import gather_created
from ropo_portal.invoices.models import Batch, Invoice
from tests.factories import AT, make_user
from tests.imports.conftest import invoices, line, made

pytestmark = pytest.mark.django_db


def address(batch, name="send"):
    return reverse(f"imports:{name}", args=[batch.pk])


def test_the_drafts_of_an_import_are_chosen_in_the_order_of_the_file(signed_in, staged):
    made(staged(invoices(1, start=5000)))
    batch, clerk = made(staged(list(reversed(invoices(3))))), signed_in("clerk")
    page = clerk.get(address(batch, "detail")).content.decode()
    assert "Check and send 3 drafts" in page
    answer = clerk.post(address(batch))
    found = Batch.objects.get()
    assert answer.url == reverse("invoices:batch", args=[found.pk])
    numbers = found.items.order_by("position").values_list("invoice__number", flat=True)
    assert list(numbers) == ["A-1002", "A-1001", "A-1000"]
    assert Entry.objects.filter(verb="batch.chosen", subject_id=found.pk).count() == 1


def test_what_was_discarded_stays_out_and_nothing_left_is_said(signed_in, staged):
    batch, clerk = made(staged([line()])), signed_in("clerk")
    Invoice.objects.update(discarded_at=AT)
    assert "Check and send" not in clerk.get(address(batch, "detail")).content.decode()
    answer = clerk.post(address(batch))
    assert (answer.url, Batch.objects.count()) == (address(batch, "detail"), 0)


def test_so_many_are_gathered_as_may_be_sent_together(staged):
    batch = made(staged(invoices(3)))
    found = gather_created(batch=batch, most=2, actor=make_user(), at=AT)
    assert found.items.count() == 2


def test_a_reader_sees_no_button(signed_in, staged):
    batch = made(staged([line()]))
    assert "Check and send" not in signed_in("auditor").get(address(batch, "detail")).content.decode()
