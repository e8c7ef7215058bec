"""Room: open money and the book of days of a town that was poured past the triggers: the same sums, counted at once."""

from importlib import import_module

from django.db import connection

MIGRATIONS = "ropo_portal.worklist.migrations"
counting = import_module(f"{MIGRATIONS}.0002_the_database_counts_open_money")
knowing = import_module(f"{MIGRATIONS}.0008_items_know_their_debtor")


def count_everything() -> None:
    """Count as the database's own triggers would have."""
    items = "worklist_openitem"
    changes = counting._item_rows("postgresql", items, "+")  # noqa: SLF001 (of the room below)
    rows = f"{changes.replace(' UNION ALL ', f' FROM {items} UNION ALL ')} FROM {items}"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in counting._filled("postgresql"):  # noqa: SLF001 (the same)
            cursor.execute(statement)
        cursor.execute(knowing.ALL)
        cursor.execute(counting.BOOK + counting.BOOK_SUMS.format(rows=rows))
        cursor.execute("SET session_replication_role = DEFAULT")
