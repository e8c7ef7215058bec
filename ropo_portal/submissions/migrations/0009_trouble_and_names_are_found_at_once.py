"""What waits for somebody has an index of its own, and a name is found by any part of it; the latter on PostgreSQL."""

from typing import Any

from django.db import migrations, models

INDEX = "submission_recipient_trigrams"


def add(_apps: Any, schema_editor: Any) -> None:
    """Create the index where debtors have one; it also tells the planner how common a name is."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.fetchone():
            return
    schema_editor.execute(
        f"CREATE INDEX {INDEX} ON submissions_submission USING gin (upper(recipient) gin_trgm_ops)"
    )


def remove(_apps: Any, schema_editor: Any) -> None:
    """Drop the index if it was created."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    """Two indexes."""

    dependencies = (
        ("submissions", "0008_news_stays_with_its_environment"),
        ("parties", "0002_names_are_found_by_any_part"),  # brings the extension
    )
    operations = (
        migrations.AddIndex(
            "submission",
            models.Index(
                fields=["environment", "state", "last_activity_at", "id"],
                condition=models.Q(
                    ("state__in", ("unconfirmed", "held", "rejected")), ("written_off_at", None)
                ),
                name="submission_in_trouble",
            ),
        ),
        migrations.RunPython(add, remove),
    )
