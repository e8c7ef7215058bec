"""The dashboard: exact, one currency beside the other, a picture that says what its table says, and lists behind bars."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ropo_portal.accounts.models import Membership
from ropo_portal.worklist.ageing import BUCKETS, ageing, by_currency
from ropo_portal.worklist.charts import Datum, chart
from ropo_portal.worklist.figures import Figures, acceptance, figures, first_month
from ropo_portal.worklist.models import BookEntry, OpenItem
from tests import factories
from tests.collection.conftest import make_claim, make_sent_invoice
from tests.factories import AT
from tests.invoices import money
from tests.submissions.stages import staged

pytestmark = pytest.mark.django_db
PAGE, ITEMS = reverse("worklist:dashboard"), reverse("worklist:items")
TODAY = AT.date()


def book(environment, kind, day, amount, items=1, late=0):
    return BookEntry.objects.create(
        environment=environment, kind=kind, day=day, amount=Decimal(amount), items=items, late_days=late
    )


def late(days):
    return TODAY - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "place"),
    [(-5, 0), (0, 0), (1, 1), (14, 1), (15, 2), (30, 2), (31, 3), (60, 3), (61, 4), (900, 4)],
)
def test_every_day_falls_into_one_bucket(environment, days, place):
    book(environment, "open", late(days), "10.50")
    (row,) = ageing([environment], at=AT)
    assert [heap.items for heap in row.heaps] == [int(place == other) for other in range(5)]
    assert (row.total, row.overdue) == (Decimal("10.50"), Decimal("10.50") if place else 0)
    earliest, latest = BUCKETS[place].span(TODAY)
    assert (earliest or late(days)) <= late(days) <= (latest or late(days))


def test_the_day_is_the_environments_own(environment):
    book(environment, "open", TODAY, "10")
    night = dt.datetime(2026, 11, 23, 22, 30, tzinfo=dt.UTC)  # half past midnight in Helsinki
    assert ageing([environment], at=night)[0].overdue == Decimal(10)
    swedish = factories.make_environment(factories.make_creditor("SE"))
    book(swedish, "open", TODAY, "10")
    assert [row.overdue for row in ageing([environment, swedish], at=night)] == [Decimal(10), Decimal(0)]


def test_currencies_are_never_added_together(environment):
    others = [factories.make_environment(factories.make_creditor(country)) for country in ("SE", "FI")]
    for place, one in enumerate([environment, *others], start=1):
        book(one, "open", late(5), str(place))
    sums = by_currency(ageing([environment, *others], at=AT))
    assert [(one.currency, one.total) for one in sums] == [("EUR", Decimal(4)), ("SEK", Decimal(2))]


def test_the_speed_of_payment(environment):
    book(environment, "invoiced", late(10), "900")
    book(environment, "invoiced", late(95), "5000")
    book(environment, "closed", late(3), "100", 1, 12)
    book(environment, "closed", late(4), "100", 3, 6)
    book(environment, "closed", late(91), "100", 1, 500)
    (found,) = figures([environment], {"EUR": Decimal(300)}, today=TODAY)
    assert (found.dso, found.days_late) == (Decimal("30.0"), Decimal("4.5"))
    assert found.months[dt.date(2026, 11, 1)] == (Decimal(900), 1)
    assert next(iter(found.months)) == first_month(TODAY) == dt.date(2025, 12, 1)
    assert len(found.months) == 12
    nothing = Figures("EUR", Decimal(300))
    assert (nothing.dso, nothing.days_late) == (None, None)


def test_how_often_ropo_takes_it_and_why_not(environment):
    for _number in range(3):
        staged(environment, "accepted")
    staged(environment, "rejected", changes={"trouble": "post code is wrong"})
    found = acceptance([environment], at=AT)
    assert (found.accepted, found.rejected, found.rate) == (3, 1, Decimal("75.0"))
    assert [one[:2] for one in found.causes] == [("post code is wrong", 1)]
    assert acceptance([], at=AT).rate is None


def test_bars_are_as_long_as_their_values():
    drawn = chart(
        "a",
        "A",
        "b",
        [Datum("x", Decimal(50), "50"), Datum("y", Decimal(0), "0"), Datum("z", Decimal(200), "200")],
    )
    assert [bar.width for bar in drawn.bars] == ["25.00", "0", "100.00"]
    assert drawn.height == 126
    assert chart("a", "A", "b", []).bars == ()


def numbers(text):
    """Return words and value of each bar, and those of each row of the table."""
    bars = re.findall(
        r'class="chart__label"[^>]*>(.*?)</text>\s*<text class="chart__value"[^>]*>(.*?)</text>', text
    )
    rows = re.findall(
        r'<tr><td>([^<]*)</td><td class="is-number">\d*</td><td class="is-number">([^<]*)</td></tr>', text
    )
    return bars, rows


def test_the_picture_says_what_the_table_says(signed_in, environment):
    make_sent_invoice(environment)
    money.sent(money.pursued(environment), "100.00", state="accepted")
    text = signed_in("auditor").get(PAGE).content.decode()
    bars, rows = numbers(text)
    assert len(bars) >= 17
    assert bars[: len(rows)] == rows
    assert "275.50" in text
    assert text.count('<svg class="chart__bars"') == text.count("As a table")


def test_every_bar_leads_to_its_list(signed_in, environment):
    make_sent_invoice(environment)
    make_claim(environment, due_date=dt.date(2026, 9, 2))
    browser = signed_in("reader")
    (ages,) = browser.get(PAGE).context["ages"]
    for bar in ages.bars:
        rows = browser.get(bar.datum.href).context["page"].rows
        assert (len(rows), sum(row.amount for row in rows)) == (bar.datum.items, bar.datum.value)
    (months,) = browser.get(PAGE).context["months"]
    for bar in months.bars:
        rows = browser.get(bar.datum.href).context["page"].rows
        assert (len(rows), sum(row.principal for row in rows)) == (bar.datum.items, bar.datum.value)


@pytest.mark.parametrize("page", [PAGE, ITEMS])
def test_foreign_money_never_appears(signed_in, environment, page):
    other = factories.make_environment(factories.make_creditor("SE"))
    make_sent_invoice(other)
    browser = signed_in("sender")
    for query in ({}, {"all": "1"}, {"environment": str(other.pk), "all": "1"}, {"currency": "SEK"}):
        answer = browser.get(page, query)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "125.50" not in text
        assert other.creditor.name not in text
    assert OpenItem.objects.count() == 1


def test_all_my_creditors(client, environment, user_as):
    reader = user_as("reader")
    other = factories.make_environment(factories.make_creditor("SE"))
    Membership.objects.create(user=reader, creditor=other.creditor, role="reader")
    make_sent_invoice(environment)
    make_sent_invoice(other)
    client.force_login(reader)
    page = client.get(PAGE, {"all": "1"})
    assert [one.currency for one in page.context["figures"]] == ["EUR", "SEK"]
    assert len(client.get(ITEMS, {"all": "1"}).context["page"].rows) == 2
    narrow = {"all": "1", "environment": str(other.pk)}
    assert [row.environment_id for row in client.get(ITEMS, narrow).context["page"].rows] == [other.pk]


@pytest.mark.parametrize(
    "query", ["bucket=nothing", "month=2026-99", "month=x", "currency=USD", "environment=x", "cursor=x"]
)
def test_nonsense_narrows_nothing(signed_in, environment, query):
    make_sent_invoice(environment)
    assert len(signed_in("reader").get(f"{ITEMS}?{query}").context["page"].rows) == 1


@pytest.mark.parametrize("page", [PAGE, ITEMS])
def test_one_row_and_three_ask_the_same(signed_in, environment, page):
    browser = signed_in("reader")
    asked = []
    for number in (1, 2, 3):
        make_sent_invoice(environment)
        make_claim(environment, number=f"X-{number}", reference=("1232", "1245", "1258")[number - 1])
        browser.get(page)
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked
    assert asked[0] < 11


@pytest.mark.parametrize(
    ("country", "moment", "day"),
    [
        ("FI", "2026-11-23T21:59", "2026-11-23"), ("FI", "2026-11-23T22:00", "2026-11-24"),
        ("SE", "2026-11-23T22:30", "2026-11-23"), ("SE", "2026-11-23T23:00", "2026-11-24"),
        ("FI", "2026-06-30T21:00", "2026-07-01"), ("NO", "2026-06-30T21:30", "2026-06-30"),
        ("FI", "2026-03-29T00:59", "2026-03-29"), ("FI", "2026-10-24T21:00", "2026-10-25"),
        ("NO", "2026-03-28T23:00", "2026-03-29"), ("SE", "2026-10-25T22:30", "2026-10-25"),
        ("SE", "2026-10-24T22:00", "2026-10-25"), ("FI", "2026-10-25T22:00", "2026-10-26"),
    ],
)  # fmt: skip
def test_answers_are_counted_by_the_day_of_their_place(db, country, moment, day):
    line = factories.make_environment(factories.make_creditor(country))
    at = dt.datetime.fromisoformat(f"{moment}+00:00")
    staged(line, "accepted", at=at)
    entry = BookEntry.objects.get(environment=line, kind="accepted")
    assert (entry.day.isoformat(), entry.day) == (day, line.today(at))


def test_a_cause_leads_to_its_own_refusals(signed_in, environment):
    for trouble in ("post code is wrong", "post code is wrong", "the reference is wrong"):
        staged(environment, "rejected", changes={"trouble": trouble})
    browser = signed_in("reader")
    chart_ = browser.get(PAGE).context["refusals"]
    assert [(bar.datum.label, bar.datum.items) for bar in chart_.bars] == [
        ("post code is wrong", 2), ("the reference is wrong", 1),
    ]  # fmt: skip
    for bar in chart_.bars:
        rows = browser.get(bar.datum.href).context["page"].rows
        assert [row.trouble for row in rows] == [bar.datum.label] * bar.datum.items
