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


@pytest.mark.parametrize("_round", range(4))
def test_all_count_who_wake_at_the_same_moment(environment, _round):
    """Those who waited for one go on together: each counts after the other all the same."""
    with transaction.atomic():
        claim = money.pursued(environment)
        news = [
            money.told(claim, amount, update_id=amount)
            for amount in ("1.00", "2.00", "4.00", "8.00", "16.00")
        ]
    first_wrote = threading.Event()

    def report(update):
        try:
            is_first = update is news[0]
            with transaction.atomic():
                if not is_first:
                    first_wrote.wait()
                PaymentReport.objects.create(
                    claim=claim, update=update, amount=update.amount, paid_date=money.PAID, created_at=AT
                )
                if is_first:
                    first_wrote.set()
                    _until_they_wait(len(news) - 1)
                else:
                    time.sleep(0.05)
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(update,)) for update in news]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert items() == [(Decimal("219.00"), True, None)]
    assert [row[:2] for row in sums("open").values()] == [(Decimal("219.00"), 1)]


def _until_they_wait(number):
    end = time.monotonic() + PATIENCE
    while _waiting() < number and time.monotonic() < end:
        time.sleep(0.02)


def _somebody_waits():
    return _waiting() > 0


def _waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]
