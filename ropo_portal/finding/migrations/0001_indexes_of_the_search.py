"""Room: indexes that only the search needs; PostgreSQL walks a pattern index by prefix whatever its collation."""

from typing import Any

from django.db import migrations

INDEXES = {
    "claim_by_beginning_of_number": "invoices_claim (environment_id, number_key varchar_pattern_ops)",
    "claim_by_principal": "invoices_claim (environment_id, principal)",
    "invoice_by_total": "invoices_invoice (environment_id, total_amount)",
    "debtor_by_beginning_of_name": "parties_debtor (creditor_id, search_name varchar_pattern_ops)",
}


def add(_apps: Any, schema_editor: Any) -> None:
    """Create them where many rows are expected."""
    if schema_editor.connection.vendor == "postgresql":
        for name, columns in INDEXES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON {columns}")


def remove(_apps: Any, schema_editor: Any) -> None:
    """Drop them again."""
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    """The search box asks by beginnings and by sums."""

    dependencies = (
        ("invoices", "0009_settlements_stay_with_their_claim"),
        ("parties", "0002_names_are_found_by_any_part"),
        ("submissions", "0008_news_stays_with_its_environment"),
    )
    operations = (migrations.RunPython(add, remove),)
