"""Walking pages there and back meets each row once, whatever the order and however equal the rows."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.ui.paging import CappedCount, count_up_to, page
from tests import factories

pytestmark = pytest.mark.django_db
ORDERS: list[tuple[str, ...]] = [
    ("name",),
    ("-name", "id"),
    ("payment_term_days", "-name"),
    ("-hold_seconds", "-id"),
    (),
]


def _fill(rows: list[tuple[str, int]]) -> None:
    Creditor.objects.bulk_create([_creditor(name, days) for name, days in rows])


def _creditor(name: str, days: int) -> Creditor:
    return Creditor(
        name=name, country="FI", payment_term_days=days, hold_seconds=days % 3, default_vat_rate=Decimal(25)
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["Aalto", "aalto", "Öberg", " Åse"]), st.integers(0, 3)), max_size=17
    ),
    size=st.integers(1, 6),
    order=st.sampled_from(ORDERS),
)
def test_walk_meets_every_row_once(rows: list[tuple[str, int]], size: int, order: tuple[str, ...]) -> None:
    Creditor.objects.all().delete()
    _fill(rows)
    queryset = Creditor.objects.all()
    forward, cursor = [], None
    pages: list[list[Any]] = []
    while True:
        found = page(queryset, order=order or ("pk",), cursor=cursor, size=size)
        pages.append([row.pk for row in found])
        forward += pages[-1]
        if found.next is None:
            break
        cursor = found.next
    assert len(forward) == len(set(forward)) == len(rows)
    for expected in reversed(pages[:-1]):
        assert found.previous
        found = page(queryset, order=order or ("pk",), cursor=found.previous, size=size)
        assert [row.pk for row in found] == expected
    assert found.previous is None


def test_page_costs_one_query() -> None:
    _fill([("Aalto", number) for number in range(5)])
    first = page(Creditor.objects.all(), order=("payment_term_days",), cursor=None, size=2)
    with CaptureQueriesContext(connection) as queries:
        second = page(Creditor.objects.all(), order=("payment_term_days",), cursor=first.next, size=2)
    assert len(queries) == 1
    assert "OFFSET" not in queries[0]["sql"]
    assert [row.payment_term_days for row in second] == [2, 3]


@pytest.mark.parametrize(
    "spoil", [lambda text: text + "x", lambda _text: "", lambda _text: "a:b:c", lambda text: text[::-1]]
)
def test_damaged_cursor_gives_the_first_page(spoil: Any) -> None:
    _fill([("Aalto", number) for number in range(4)])
    first = page(Creditor.objects.all(), order=("payment_term_days",), cursor=None, size=2)
    again = page(Creditor.objects.all(), order=("payment_term_days",), cursor=spoil(first.next), size=2)
    assert list(again) == list(first)


def test_cursor_of_another_order_is_foreign() -> None:
    _fill([("Aalto", number) for number in range(4)])
    other = page(Creditor.objects.all(), order=("name",), cursor=None, size=2)
    found = page(Creditor.objects.all(), order=("payment_term_days",), cursor=other.next, size=2)
    assert [row.payment_term_days for row in found] == [0, 1]


def test_page_after_which_all_rows_vanished_is_the_first_again() -> None:
    _fill([("Aalto", number) for number in range(4)])
    first = page(Creditor.objects.all(), order=("payment_term_days",), cursor=None, size=2)
    Creditor.objects.filter(payment_term_days__gt=1).delete()
    assert list(
        page(Creditor.objects.all(), order=("payment_term_days",), cursor=first.next, size=2)
    ) == list(first)


def test_column_that_may_be_null_is_refused() -> None:
    with pytest.raises(ValueError, match="may be null"):
        page(Creditor.objects.all(), order=("late_interest",), cursor=None)


def test_order_may_reach_through_a_relation(creditor: Creditor) -> None:
    for name in ("fi-test", "fi-production"):
        factories.make_environment(creditor, name)
    rows = CreditorEnvironment.objects.select_related("creditor")
    first = page(rows, order=("creditor__name", "-name"), cursor=None, size=2)
    second = page(rows, order=("creditor__name", "-name"), cursor=first.next, size=2)
    assert [row.name for row in [*first, *second]] == ["sandbox", "fi-test", "fi-production"]


def test_count_stops_where_nobody_cares() -> None:
    _fill([("Aalto", number) for number in range(5)])
    assert count_up_to(Creditor.objects.all(), 4) == CappedCount(4, is_capped=True)
    assert count_up_to(Creditor.objects.all(), 5) == CappedCount(5, is_capped=False)
    assert str(CappedCount(10_000, is_capped=True)) == "10\u00a0000+"
