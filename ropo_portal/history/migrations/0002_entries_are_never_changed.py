"""Room: the database itself refuses to change or delete what the history says."""

from typing import Any

from django.db import migrations

TABLE = "history_entry"
REFUSAL = "the history is never changed and never deleted"

POSTGRESQL = f"""
CREATE FUNCTION history_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER history_entry_never_changed BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION history_entry_refuse();
"""
SQLITE = tuple(
    f"CREATE TRIGGER history_entry_no_{event} BEFORE {event.upper()} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for event in ("update", "delete")
)


def forbid(_apps: Any, schema_editor: Any) -> None:
    """Create the triggers of this database's kind."""
    vendor = schema_editor.connection.vendor
    for statement in (POSTGRESQL,) if vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def allow(_apps: Any, schema_editor: Any) -> None:
    """Drop them."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER history_entry_never_changed ON {TABLE}")
        schema_editor.execute("DROP FUNCTION history_entry_refuse()")
        return
    for event in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER history_entry_no_{event}")


class Migration(migrations.Migration):
    """Append-only by trigger."""

    dependencies = (("history", "0001_entries_and_heads_of_chains"),)
    operations = (migrations.RunPython(forbid, allow),)
