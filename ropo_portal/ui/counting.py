"""Counts that stand on every page: the words of such a question are written once, then only its keys change."""

import uuid
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet, UUIDField

Write = Callable[[Sequence[uuid.UUID]], QuerySet[Any]]
_UUID: Any = UUIDField()
# By what is asked and for how many keys: the words, the values, and which key belongs where.
_written: dict[Hashable, tuple[str, tuple[Any, ...], dict[int, int]]] = {}


def count_known(name: Hashable, write: Write, keys: Sequence[uuid.UUID], *, most: int) -> int:
    """
    Count up to `most` rows of a question that differs by nothing but keys.

    `write` is asked once for each name and number of keys, with stand-ins for them: whatever else it puts into the
    question (a day, a choice of kinds) stays as it was then, and therefore belongs into the name.
    """
    shape = (connection.vendor, name, len(keys), most)
    if shape not in _written:
        _written[shape] = _ask(write, len(keys), most)
    words, values, places = _written[shape]
    stored = [_UUID.get_db_prep_value(key, connection) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            words, [stored[places[at]] if at in places else value for at, value in enumerate(values)]
        )
        found: int = cursor.fetchone()[0]
    return found


def _ask(write: Write, many: int, most: int) -> tuple[str, tuple[Any, ...], dict[int, int]]:
    stand_ins = [uuid.uuid4() for _number in range(many)]
    words, values = write(stand_ins).order_by().values_list("pk")[:most].query.sql_with_params()
    known = {_UUID.get_db_prep_value(key, connection): number for number, key in enumerate(stand_ins)}
    places = {
        at: known[value]
        for at, value in enumerate(values)
        if isinstance(value, str | uuid.UUID) and value in known
    }
    return f"SELECT COUNT(*) FROM ({words}) found", values, places  # noqa: S608 (words of the question itself)
