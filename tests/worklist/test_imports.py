"""A file with errors is work until its invoices are mended or left out, for those who may write invoices."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ropo_portal.imports.models import Import
from ropo_portal.imports.operations import choose_invoice, withdraw_import
from ropo_portal.worklist import walk
from tests.factories import AT, make_environment, make_user
from tests.imports.conftest import brought, line, read, written
from tests.worklist.test_today import desk, seen

pytestmark = pytest.mark.django_db


def wrong(environment, number="A-1001"):
    return read(brought(environment, written([line(invoice_number=number, row_price="x")])))


def test_an_import_with_errors_is_work_until_they_are_left_out(environment, user_as):
    batch, clerk = wrong(environment), user_as("clerk")
    read(brought(environment, written([line(invoice_number="A-1002")])))
    wrong(make_environment())
    assert seen(clerk) == [("import", "laskut.csv")]
    assert seen(user_as("reader")) == []
    choose_invoice(imported=batch.invoices.get(), is_included=False, actor=make_user(), at=AT)
    assert seen(clerk) == []


def test_a_withdrawn_import_is_no_work(environment, user_as):
    withdraw_import(batch=wrong(environment), actor=make_user(), at=AT)
    assert seen(user_as("clerk")) == []


def test_the_row_leads_to_the_first_error_and_is_late_after_two_days(environment, user_as):
    batch, clerk = wrong(environment), user_as("clerk")
    [row] = walk.look(desk(clerk)).rows
    assert (row.url, row.note) == (reverse("imports:next-error", args=[batch.pk]), "1 invoice with errors")
    assert seen(clerk, at=AT + dt.timedelta(days=1), only_late=True) == []
    assert seen(clerk, at=AT + dt.timedelta(days=2), only_late=True) == [("import", "laskut.csv")]


def test_one_and_three_rows_cost_the_same(environment, user_as):
    clerk = user_as("clerk")

    def queries():
        with CaptureQueriesContext(connection) as found:
            shown = seen(clerk)
        return len(shown), len(found)

    wrong(environment)
    one = queries()
    for number in ("A-1002", "A-1003"):
        wrong(environment, number)
    assert queries() == (3, one[1])
    assert Import.objects.count() == 3
