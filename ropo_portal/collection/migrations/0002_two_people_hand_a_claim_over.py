"""A debt collection points to a submission of its own only once a second person has approved it."""

from django.db import migrations

TABLE = "collection_debtcollectioncase"
MOVED = "NEW.submission_id {differs} OLD.submission_id"
TEXT = "case: a second person has to approve it first"


def _postgresql():
    test = MOVED.format(differs="IS DISTINCT FROM")
    yield (
        "CREATE FUNCTION case_rules() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.submission_id IS NOT NULL AND NEW.approved_by_id IS NULL THEN "
        f"IF TG_OP = 'INSERT' THEN RAISE EXCEPTION '{TEXT}'; END IF; "
        f"IF {test} THEN RAISE EXCEPTION '{TEXT}'; END IF; END IF; RETURN NEW; END $$;"
    )
    yield f"CREATE TRIGGER case_rules BEFORE INSERT OR UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION case_rules();"


def _sqlite():
    unapproved = "NEW.submission_id IS NOT NULL AND NEW.approved_by_id IS NULL"
    test = MOVED.format(differs="IS NOT")
    for name, event, when in (
        ("case_entry", "INSERT", unapproved),
        ("case_change", "UPDATE", f"{unapproved} AND {test}"),
    ):
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{TEXT}'); END;"
        )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def _undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER case_rules ON {TABLE}")
        schema_editor.execute("DROP FUNCTION case_rules()")
        return
    for name in ("case_entry", "case_change"):
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Two people hand a claim over."""

    dependencies = (("collection", "0001_reminders_cases_and_overrides"),)
    operations = (migrations.RunPython(_apply, _undo),)
