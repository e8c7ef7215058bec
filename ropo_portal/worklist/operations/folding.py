"""Room: putting many entries of the book of days into one; no sum changes by it, at any moment."""

import datetime as dt

from django.db import connection, transaction

DAY = "environment_id, kind, day"
MANY = f"({DAY}) IN (SELECT {DAY} FROM worklist_bookentry GROUP BY {DAY} HAVING COUNT(*) > 1)"  # noqa: S608 (words of this module)
FIELDS = "environment_id, kind, day, amount, items, late_days"
SUMS = "environment_id, kind, day, SUM(amount), SUM(items), SUM(late_days)"
NOT_NOTHING = "HAVING SUM(amount) <> 0 OR SUM(items) <> 0 OR SUM(late_days) <> 0"
# One statement: whoever reads meanwhile sees the old entries or the new one, and what is added meanwhile stays.
AT_ONCE = f"""
WITH gone AS (DELETE FROM worklist_bookentry WHERE {MANY} RETURNING {FIELDS})
INSERT INTO worklist_bookentry ({FIELDS}) SELECT {SUMS} FROM gone GROUP BY {DAY} {NOT_NOTHING}
"""  # noqa: S608 (words of this module)
# SQLite has one writer at a time, so that two steps are one.
IN_STEPS = (
    f"CREATE TEMP TABLE folded AS SELECT {SUMS} FROM worklist_bookentry WHERE {MANY} GROUP BY {DAY}",  # noqa: S608 (words of this module)
    f"DELETE FROM worklist_bookentry WHERE {MANY}",  # noqa: S608 (the same)
    f"INSERT INTO worklist_bookentry ({FIELDS}) SELECT * FROM folded",  # noqa: S608 (the same)
    "DROP TABLE folded",
)


@transaction.atomic
def fold_book(*, at: dt.datetime) -> None:  # noqa: ARG001 (what runs after the intake is told the time)
    """Leave one entry for each day and kind; may run at any time, and twice."""
    with connection.cursor() as cursor:
        for statement in (AT_ONCE,) if connection.vendor == "postgresql" else IN_STEPS:
            cursor.execute(statement)
