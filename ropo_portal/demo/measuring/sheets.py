"""Room: rows for measurements as lines of text, which PostgreSQL takes by COPY; checks of single rows stay on."""

import datetime as dt
from typing import Any

from django.db import connection, models

NOTHING = r"\N"


def written(value: Any) -> str:
    """Write a value as COPY reads it; texts are ours and hold neither tabs nor line breaks."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


class Sheet:
    """The rows of one table that are not written yet: some fields differ, all others are the same in every row."""

    def __init__(self, model: type[models.Model], names: str, **same: Any) -> None:
        own = names.split()
        fields = {
            field.attname: field
            for field in model._meta.concrete_fields
            if field.attname in own or not isinstance(field, models.AutoField)
        }
        rest = [name for name in fields if name not in own]
        self.columns = ", ".join(f'"{fields[name].column}"' for name in own + rest)
        self.table = model._meta.db_table
        self.tail = "".join(f"\t{written(same.get(name, fields[name].get_default()))}" for name in rest)
        self.lines: list[str] = []

    def add(self, *values: Any) -> None:
        """Add a row: the fields that differ, in their order."""
        self.lines.append("\t".join([one if type(one) is str else written(one) for one in values]))

    def pour(self) -> None:
        """Write the rows and forget them."""
        if not self.lines:
            return
        text = f"{self.tail}\n".join([*self.lines, ""])
        with (
            connection.cursor() as cursor,
            cursor.copy(f'COPY "{self.table}" ({self.columns}) FROM STDIN') as copy,
        ):
            copy.write(text)
        self.lines.clear()
