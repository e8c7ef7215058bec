"""Room: open money by age: whole days after the due date, by environment and never across currencies."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, IntegerField, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.money import money
from ropo_portal.worklist.kinds import Words
from ropo_portal.worklist.models import BookEntry


@dataclass(frozen=True)
class Bucket:
    """Days late from and to; the first is what is not due yet, the last has no end."""

    name: str
    label: Words
    first: int | None
    last: int | None

    def span(self, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
        """Return the due dates from and to that fall into it on a day."""
        earliest = None if self.last is None else today - dt.timedelta(days=self.last)
        latest = None if self.first is None else today - dt.timedelta(days=self.first)
        return earliest, latest


BUCKETS = (
    Bucket("not-due", _("Not due"), None, 0),
    Bucket("1-14", _("1–14 days"), 1, 14),
    Bucket("15-30", _("15–30 days"), 15, 30),
    Bucket("31-60", _("31–60 days"), 31, 60),
    Bucket("61", _("61 days and more"), 61, None),
)
BY_NAME = {bucket.name: bucket for bucket in BUCKETS}


@dataclass(frozen=True)
class Heap:
    """Money of one bucket."""

    bucket: Bucket
    amount: Decimal = Decimal(0)
    items: int = 0


@dataclass(frozen=True)
class Ageing:
    """What is open in one environment, or in one currency."""

    currency: str
    heaps: tuple[Heap, ...]
    environment: CreditorEnvironment | None = None

    @property
    def total(self) -> Decimal:
        """All that is open."""
        return sum((heap.amount for heap in self.heaps), Decimal(0))

    @property
    def overdue(self) -> Decimal:
        """What should have been paid by now."""
        return sum((heap.amount for heap in self.heaps[1:]), Decimal(0))

    @property
    def items(self) -> int:
        """How many claims and invoices."""
        return sum(heap.items for heap in self.heaps)


def ageing(environments: Sequence[CreditorEnvironment], *, at: dt.datetime) -> list[Ageing]:
    """Return the open money of each environment; one question for all whose day is the same."""
    days: dict[dt.date, list[CreditorEnvironment]] = {}
    for environment in environments:
        days.setdefault(environment.today(at), []).append(environment)
    found: dict[tuple[uuid.UUID, int], tuple[Decimal, int]] = {}
    for today, same in days.items():
        found |= _sums(same, today)
    nothing = (Decimal(0), 0)
    return [
        Ageing(
            one.currency,
            tuple(Heap(bucket, *found.get((one.pk, place), nothing)) for place, bucket in enumerate(BUCKETS)),
            one,
        )
        for one in environments
    ]


def by_currency(rows: Iterable[Ageing]) -> list[Ageing]:
    """Add up what has the same currency, and nothing else."""
    found: dict[str, list[Ageing]] = {}
    for row in rows:
        found.setdefault(row.currency, []).append(row)
    return [
        Ageing(
            currency,
            tuple(
                Heap(bucket, sum((one.heaps[place].amount for one in same), Decimal(0)),
                     sum(one.heaps[place].items for one in same))
                for place, bucket in enumerate(BUCKETS)
            ),
        )
        for currency, same in sorted(found.items())
    ]  # fmt: skip


def _sums(
    environments: Sequence[CreditorEnvironment], today: dt.date
) -> dict[tuple[uuid.UUID, int], tuple[Decimal, int]]:
    places = [
        When(day__gte=earliest, then=Value(place))
        for place, bucket in enumerate(BUCKETS)
        if (earliest := bucket.span(today)[0])
    ]
    bucket = Case(*places, default=Value(len(BUCKETS) - 1), output_field=IntegerField())
    rows = (
        BookEntry.objects.filter(environment__in=environments, kind=BookEntry.Kind.OPEN)
        .annotate(bucket=bucket)
        .order_by()
        .values_list("environment_id", "bucket")
        .annotate(total=Sum("amount"), number=Sum("items"))
    )
    return {(environment, place): (money(total), number) for environment, place, total, number in rows}
