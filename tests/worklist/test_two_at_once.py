"""Two who lower one claim at the same moment: the second count sees what the first has done."""

import threading
import time
from decimal import Decimal

import pytest
from django.db import connection, transaction

from ropo_portal.invoices.models import PaymentReport
from tests.factories import AT
from tests.invoices import money
from tests.worklist.conftest import items, sums

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
PATIENCE = 10.0


def test_both_payments_count(environment):
    with transaction.atomic():
        claim = money.pursued(environment)
        news = [money.told(claim, amount, update_id=amount) for amount in ("100.00", "50.00")]
    first_wrote = threading.Event()

    def report(update, before, after):
        try:
            with transaction.atomic():
                before()
                PaymentReport.objects.create(
                    claim=claim, update=update, amount=update.amount, paid_date=money.PAID, created_at=AT
                )
                after()
        finally:
            connection.close()

    def hold():
        first_wrote.set()
        end = time.monotonic() + PATIENCE
        while not _somebody_waits() and time.monotonic() < end:  # the other cannot end before we do
            time.sleep(0.02)

    threads = [
        threading.Thread(target=report, args=(news[0], lambda: None, hold)),
        threading.Thread(target=report, args=(news[1], first_wrote.wait, lambda: None)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert items() == [(Decimal("100.00"), True, None)]
    assert [row[:2] for row in sums("open").values()] == [(Decimal("100.00"), 1)]


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
