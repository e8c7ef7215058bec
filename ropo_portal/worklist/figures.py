"""Room: figures over time: what was invoiced by month, how soon it is paid, and how often Ropo One says no."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import BooleanField, ExpressionWrapper, Q, Sum
from django.db.models.functions import TruncMonth

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.money import money
from ropo_portal.submissions import causes
from ropo_portal.submissions.models import Submission
from ropo_portal.worklist.kinds import Words
from ropo_portal.worklist.models import BookEntry

DAYS = 90
MONTHS = 12
MOST_CAUSES, MOST_READ = 8, 1000
Kind = BookEntry.Kind
# By currency and kind: of each month, what lies before the last days and what lies in them.
Book = dict[tuple[str, str], list[tuple[dt.date, bool, Decimal, int, int]]]


@dataclass
class Figures:
    """The figures of one currency; None where there is nothing to divide by."""

    currency: str
    open_amount: Decimal
    invoiced: Decimal = Decimal(0)
    closed_items: int = 0
    late_days: int = 0
    months: dict[dt.date, tuple[Decimal, int]] = field(default_factory=dict)

    @property
    def dso(self) -> Decimal | None:
        """Days sales outstanding: what is open, in days of what was invoiced lately."""
        return (
            (self.open_amount / self.invoiced * DAYS).quantize(Decimal("0.1")) if self.invoiced > 0 else None
        )

    @property
    def days_late(self) -> Decimal | None:
        """Days after the due date, on average, until what was closed lately was closed."""
        return (
            (Decimal(self.late_days) / self.closed_items).quantize(Decimal("0.1"))
            if self.closed_items
            else None
        )


@dataclass(frozen=True)
class Acceptance:
    """What Ropo One answered lately."""

    accepted: int
    rejected: int
    causes: list[tuple[Words, int, str]]

    @property
    def rate(self) -> Decimal | None:
        """Accepted of a hundred answers."""
        answers = self.accepted + self.rejected
        return (Decimal(100 * self.accepted) / answers).quantize(Decimal("0.1")) if answers else None


def figures(
    environments: Sequence[CreditorEnvironment], open_amounts: dict[str, Decimal], *, today: dt.date
) -> list[Figures]:
    """Return the figures of each currency, from one reading of the book."""
    start = first_month(today)
    lately = today - dt.timedelta(days=DAYS)
    found = {currency: Figures(currency, amount) for currency, amount in sorted(open_amounts.items())}
    for figure in found.values():
        figure.months = dict.fromkeys(_months(start, today), (Decimal(0), 0))
    for (currency, kind), sums in _book(environments, since=start, lately=lately, until=today).items():
        figure = found[currency]
        for month, is_lately, amount, items, late in sums:
            if kind == Kind.INVOICED:
                _invoiced(figure, month, amount, items)
                figure.invoiced += amount if is_lately else 0
            elif is_lately:
                figure.closed_items += items
                figure.late_days += late
    return list(found.values())


def acceptance(environments: Sequence[CreditorEnvironment], *, at: dt.datetime) -> Acceptance:
    """Return how often Ropo One took what was sent, and why it did not; days are those of each environment."""
    since = since_when(environments, at=at)
    places = [Q(environment=one, day__gte=since[one.pk]) for one in environments] or [Q(pk=None)]
    told = BookEntry.objects.filter(reduce(or_, places), kind__in=[Kind.ACCEPTED, Kind.REJECTED])
    numbers = dict(told.order_by().values_list("kind").annotate(Sum("items")))
    keys: Counter[str] = Counter()
    words: dict[str, str] = {}
    # The same few are said again and again.
    for text, number in Counter(_troubles(environments, since)).items():
        key = causes.key_of(text)
        keys[key] += number
        words[key] = str(causes.said(text).sentence) or "–"
    found: list[tuple[Words, int, str]] = [
        (words[key], number, key) for key, number in keys.most_common(MOST_CAUSES)
    ]
    return Acceptance(numbers.get(Kind.ACCEPTED, 0), numbers.get(Kind.REJECTED, 0), found)


def since_when(environments: Sequence[CreditorEnvironment], *, at: dt.datetime) -> dict[uuid.UUID, dt.date]:
    """Return the first of the days that are looked at, in each environment's own days."""
    return {one.pk: one.today(at) - dt.timedelta(days=DAYS - 1) for one in environments}


def _troubles(environments: Sequence[CreditorEnvironment], since: dict[uuid.UUID, dt.date]) -> list[str]:
    starts = {one.pk: dt.datetime.combine(since[one.pk], dt.time(), one.time_zone) for one in environments}
    places = [Q(environment=pk, queued_at__gte=start) for pk, start in starts.items()] or [Q(pk=None)]
    refused = Submission.objects.filter(reduce(or_, places), state=Submission.State.REJECTED)
    return list(refused.order_by("-queued_at").values_list("trouble", flat=True)[:MOST_READ])


def first_month(today: dt.date) -> dt.date:
    """Return the first day of the first of the last twelve months."""
    place = today.year * 12 + today.month - MONTHS
    return dt.date(place // 12, place % 12 + 1, 1)


def _months(start: dt.date, today: dt.date) -> list[dt.date]:
    places = range(start.year * 12 + start.month - 1, today.year * 12 + today.month)
    return [dt.date(place // 12, place % 12 + 1, 1) for place in places]


def _invoiced(figure: Figures, month: dt.date, amount: Decimal, items: int) -> None:
    before = figure.months[month]
    figure.months[month] = before[0] + amount, before[1] + items


def _book(
    environments: Sequence[CreditorEnvironment], *, since: dt.date, lately: dt.date, until: dt.date
) -> Book:
    """Read the sums of each month, put together by currency; the days themselves stay where they are."""
    currencies = {one.pk: one.currency for one in environments}
    is_lately = ExpressionWrapper(Q(day__gt=lately), output_field=BooleanField())
    rows = (
        BookEntry.objects.filter(environment__in=environments, kind__in=[Kind.INVOICED, Kind.CLOSED])
        .filter(day__gte=since, day__lte=until)
        .order_by()
        .annotate(month=TruncMonth("day"), is_lately=is_lately)
        .values_list("environment_id", "kind", "month", "is_lately")
        .annotate(Sum("amount"), Sum("items"), Sum("late_days"))
    )
    book: Book = {}
    for environment, kind, month, is_late, amount, items, late in rows:
        sums = book.setdefault((currencies[environment], kind), [])
        sums.append((month, bool(is_late), money(amount), items, late))
    return book
