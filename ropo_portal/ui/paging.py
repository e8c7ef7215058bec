"""Paging by position instead of by number: one query, no offset, no counting of millions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language

from ropo_portal.money import format_number

Row = TypeVar("Row", bound=Model)
FieldOf = Any  # Django's Field takes no parameters at run time


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows and the signed positions before and after them."""

    rows: Sequence[Row]
    next: str | None
    previous: str | None
    size: int

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page(queryset: QuerySet[Row], *, order: tuple[str, ...], cursor: str | None, size: int = 50) -> Page[Row]:
    """Give one page of the queryset; an old, foreign or damaged cursor gives the first page."""
    keyset = _Keyset.of(queryset, order)
    position = keyset.read(cursor)
    if position is None:
        rows = list(queryset.order_by(*keyset.order)[: size + 1])
        return _page(keyset, rows, size, back=False, started=True)
    back, values = position
    rows = list(keyset.beyond(queryset, values, back=back)[: size + 1])
    if not rows:
        return page(queryset, order=order, cursor=None, size=size)
    return _page(keyset, rows, size, back=back, started=False)


@dataclass(frozen=True)
class _Keyset:
    """An order that names every row exactly once, and how its values travel."""

    order: tuple[str, ...]
    fields: tuple[FieldOf, ...]
    salt: str

    @classmethod
    def of(cls, queryset: QuerySet[Any], order: tuple[str, ...]) -> "_Keyset":
        names = {name.lstrip("-") for name in order}
        key = queryset.model._meta.pk.name
        if not names & {"pk", key}:
            order = (*order, f"-{key}" if order and order[-1].startswith("-") else key)
        fields = tuple(_field(queryset.model, name.lstrip("-")) for name in order)
        return cls(order, fields, f"ui.paging:{queryset.model._meta.label}:{','.join(order)}")

    def write(self, row: Model, *, back: bool) -> str:
        values = [self._text(row, name, field) for name, field in zip(self.order, self.fields, strict=True)]
        return signing.dumps([int(back), *values], salt=self.salt)

    def read(self, cursor: str | None) -> tuple[bool, list[Any]] | None:
        if not cursor:
            return None
        try:
            back, *texts = signing.loads(cursor, salt=self.salt)
            return bool(back), [field.to_python(text) for field, text in zip(self.fields, texts, strict=True)]
        except (signing.BadSignature, ValidationError, ValueError, TypeError):
            return None

    def beyond(self, queryset: QuerySet[Row], values: list[Any], *, back: bool) -> QuerySet[Row]:
        """Rows after the position (or before it, nearest first)."""
        condition, same = Q(), Q()
        for name, value in zip(self.order, values, strict=True):
            path = name.lstrip("-")
            way = "lt" if name.startswith("-") != back else "gt"
            condition |= same & Q(**{f"{path}__{way}": value})
            same &= Q(**{path: value})
        first, value = self.order[0], values[0]
        edge = "lte" if first.startswith("-") != back else "gte"
        within = Q(**{f"{first.lstrip('-')}__{edge}": value})  # lets the database start inside the index
        order = tuple(_flipped(name) for name in self.order) if back else self.order
        return queryset.filter(within & condition).order_by(*order)

    @staticmethod
    def _text(row: Model, name: str, field: FieldOf) -> str:
        *path, last = name.lstrip("-").split("__")
        holder = reduce(getattr, path, row)
        return str(field.value_to_string(holder) if last != "pk" else holder.pk)


def _page(keyset: _Keyset, rows: list[Any], size: int, *, back: bool, started: bool) -> Page[Any]:
    more = len(rows) > size
    rows = rows[:size][::-1] if back else rows[:size]
    has_next = back or more
    has_previous = more if back else not started
    return Page(
        rows=rows,
        next=keyset.write(rows[-1], back=False) if rows and has_next else None,
        previous=keyset.write(rows[0], back=True) if rows and has_previous else None,
        size=size,
    )


def _flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _field(model: type[Model], path: str) -> FieldOf:
    field: Any = None
    for step in path.split("__"):
        field = model._meta.pk if step == "pk" else model._meta.get_field(step)
        if field is None:
            raise FieldDoesNotExist(path)
        if field.null:
            message = f"{model._meta.label}.{step} may be null and cannot order a page"
            raise ValueError(message)
        model = field.related_model or model
    return getattr(field, "target_field", field) if field.is_relation else field


@dataclass(frozen=True)
class CappedCount:
    """A number of rows that stops being counted where nobody cares any more."""

    number: int
    is_capped: bool

    def __str__(self) -> str:
        text = format_number(Decimal(self.number), get_language() or "en", places=0)
        return f"{text}+" if self.is_capped else text


def count_up_to(queryset: QuerySet[Any], limit: int = 1_000) -> CappedCount:
    """Count rows, but never more than the limit."""
    found = queryset.order_by().values("pk")[: limit + 1].count()
    return CappedCount(min(found, limit), found > limit)
