"""A stored document belongs to an environment of its creditor, and never changes but for when it was last fetched."""

from django.db import migrations

TABLE = "documents_storeddocument"
FROZEN = (
    "creditor_id environment_id subject_type subject_id kind sha256 content size fingerprint created_at source"
).split()
HOME = (
    "NOT EXISTS (SELECT 1 FROM accounts_creditorenvironment e WHERE e.id = NEW.environment_id "
    "AND e.creditor_id = NEW.creditor_id)"
)


def _statements(vendor: str) -> list[str]:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)
    rules = {
        "INSERT": (HOME, "the environment belongs to another creditor"),
        "UPDATE": (changed, "a stored document does not change"),
    }
    statements = []
    for event, (test, text) in rules.items():
        name = f"{TABLE}_{event.lower()}"
        if vendor == "postgresql":
            statements += [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION '{name}: {text}'; END IF; RETURN NEW; END $$;",
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}();",
            ]
        else:
            statements.append(
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW WHEN {test} "
                f"BEGIN SELECT RAISE(ABORT, '{name}: {text}'); END;"
            )
    return statements


def _apply(apps: object, schema_editor: object) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Documents stay where they are."""

    dependencies = (
        ("documents", "0002_pinned_pictures"),
        ("accounts", "0001_users_creditors_and_memberships"),
    )
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
