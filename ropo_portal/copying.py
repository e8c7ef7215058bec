"""Copying: many rows into one table at once, by COPY where PostgreSQL is, and many keys into one question."""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from ropo_portal.encryption import EncryptedBinaryField, EncryptedTextField

BATCH = 500
# A separator of ASCII, which hardly any text holds.
_BETWEEN = "\x1f"


class Written(str):
    """A document of JSON that is written already."""

    __slots__ = ()


def write_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """
    Insert rows given as values in the order of `columns`, which must name every column of the table.

    Encrypted columns get plain values and are sealed here; documents of JSON are given as Python values or `Written`.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if set(columns) != set(fields):
        message = f"{model._meta.label}: {sorted(set(columns) ^ set(fields))} stand on one side only"
        raise ValueError(message)
    if connection.vendor != "postgresql":
        made = (model(**dict(zip(columns, map(_read, row), strict=True))) for row in rows)
        model.objects.bulk_create(made, batch_size=BATCH)  # type: ignore[attr-defined]
        return
    names = ", ".join(f'"{fields[name].column}"' for name in columns)
    writers = _writers([fields[name] for name in columns])
    key = columns.index(model._meta.pk.attname)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        copy: Callable[[str], Any] = cursor.copy
        with copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as lines:
            for row in rows:
                lines.write_row(_written(row, writers, key) if writers else row)


class _Among(models.Lookup):
    """Many values as one array: a statement of a thousand values costs more to write than to answer."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Ask with a list."""
        field = self.lhs.output_field
        values = [field.get_db_prep_value(value, connection) for value in self.rhs]
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN ({', '.join(['%s'] * len(values)) or 'NULL'})", [*params, *values]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """Ask with an array, written as one text; `text` holds what any length of characters holds."""
        column, params = self.process_lhs(compiler, connection)
        field = getattr(self.lhs.output_field, "target_field", self.lhs.output_field)
        kind = "uuid" if field.get_internal_type() == "UUIDField" else "text"
        return f"{column} = ANY(%s::{kind}[])", [*params, _array(list(map(str, self.rhs)))]


def _array(values: list[str]) -> str | list[str]:
    """Write an array as PostgreSQL reads it, each value in quotes: the driver takes ten times as long."""
    joined = _BETWEEN.join(values)
    if joined.count(_BETWEEN) != len(values) - 1:
        return values
    quoted = joined.replace("\\", "\\\\").replace('"', '\\"').replace(_BETWEEN, '","')
    return f'{{"{quoted}"}}'


def among(name: str, values: Iterable[Any]) -> Any:
    """Return the condition that a column of texts or keys holds one of many values."""
    return _Among(models.F(name), list(values))


@contextmanager
def unhurried() -> Iterator[None]:
    """Look for garbage in circles a fiftieth as often: a block of rows is many objects at once, and lets all of them go."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(usual[0] * 50, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


Writer = Callable[[Any, Any], Any]


def _writers(fields: list[Any]) -> list[tuple[int, Writer]]:
    """Return the places whose values do not go to the database as they are, and how they go."""
    found: list[tuple[int, Writer]] = []
    for place, field in enumerate(fields):
        if isinstance(field, models.JSONField):
            found.append((place, _json))
        elif isinstance(field, EncryptedTextField | EncryptedBinaryField):
            found.append((place, field.sealed))
    return found


_encode = DjangoJSONEncoder(ensure_ascii=False).encode


def _json(value: Any, _key: Any) -> str:
    return value if type(value) is Written else "[]" if value == [] else _encode(value)


def _read(value: Any) -> Any:
    return json.loads(value) if type(value) is Written else value


def _written(row: Sequence[Any], writers: list[tuple[int, Writer]], key: int) -> list[Any]:
    written = list(row)
    for place, write in writers:
        written[place] = write(row[place], row[key])
    return written
