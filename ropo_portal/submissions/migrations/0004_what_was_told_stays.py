"""What Ropo told stays as it came: pages and incidents never change, an update is only ever attached, once."""

from django.db import migrations

NEVER_CHANGED = ("submissions_statuspage", "submissions_statusincident")
NEVER_DELETED = (*NEVER_CHANGED, "submissions_statusupdate")
FROZEN = (
    "environment_id page_id source update_id job_id number number_key kind code heading text amount paid_date "
    "time_text at received_at content_hash is_foreign"
).split()


def _refused(differs: str) -> str:
    """Return the condition under which an update of a status update is refused."""
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)
    return f"OLD.submission_id IS NOT NULL OR {changed}"


def _postgresql() -> list[str]:
    statements = [
        "CREATE FUNCTION status_update_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_refused('IS DISTINCT FROM')} THEN RAISE EXCEPTION 'status_update_change: what was told stays'; "
        "END IF; RETURN NEW; END $$;",
        "CREATE TRIGGER status_update_change BEFORE UPDATE ON submissions_statusupdate FOR EACH ROW "
        "EXECUTE FUNCTION status_update_change();",
    ]
    for table in NEVER_DELETED:
        event = "UPDATE OR DELETE" if table in NEVER_CHANGED else "DELETE"
        statements.append(
            f"CREATE TRIGGER {table}_for_ever BEFORE {event} ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION submissions_for_ever();"
        )
    return statements


def _sqlite() -> list[str]:
    statements = [
        "CREATE TRIGGER status_update_change BEFORE UPDATE ON submissions_statusupdate FOR EACH ROW "
        f"WHEN {_refused('IS NOT')} BEGIN SELECT RAISE(ABORT, 'status_update_change: what was told stays'); END;"
    ]
    for table in NEVER_DELETED:
        for event in ("UPDATE", "DELETE") if table in NEVER_CHANGED else ("DELETE",):
            statements.append(
                f"CREATE TRIGGER {table}_for_ever_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW "
                f"BEGIN SELECT RAISE(ABORT, '{table} is kept for ever'); END;"
            )
    return statements


def _apply(apps: object, schema_editor: object) -> None:
    """Create the triggers of this database's kind."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Triggers over the journal."""

    dependencies = (("submissions", "0003_status_of_submissions"),)
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
