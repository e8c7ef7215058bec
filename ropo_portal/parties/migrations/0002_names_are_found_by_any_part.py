"""Room: on PostgreSQL a trigram index finds a debtor by any part of the name."""

from typing import Any

from django.db import migrations, transaction
from django.db.utils import DatabaseError

INDEX = "debtor_name_trigrams"


def add(_apps: Any, schema_editor: Any) -> None:
    """Create the index where the extension is there or may be created; searches work without it, only slower."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql" or not _has_trigrams(connection):
        return
    schema_editor.execute(
        f"CREATE INDEX {INDEX} ON parties_debtor USING gin (search_name gin_trgm_ops)",
    )


def _has_trigrams(connection: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT installed_version FROM pg_available_extensions WHERE name = 'pg_trgm'")
        found = cursor.fetchone()
        if not found or found[0]:
            return bool(found)
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError:
            return False
    return True


def remove(_apps: Any, schema_editor: Any) -> None:
    """Drop the index if it was created."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    """An index for names, where the database can make one."""

    dependencies = (("parties", "0001_debtors"),)
    operations = (migrations.RunPython(add, remove),)
