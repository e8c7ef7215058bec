"""A flag is never changed or deleted, only lifted, once; a double stays with its own creditor, and stays a double."""

from django.db import migrations

FIXED = "id debtor_id kind reason begin_date end_date frees_at set_by_id set_at".split()
MERGED = "NEW.merged_into_id IS NOT NULL"
# Table, event, condition that refuses ({differs} is each database's word for "differs, or one is empty"), sentence.
RULES = [
    (
        "parties_flag",
        "UPDATE",
        " OR ".join(f"NEW.{name} {{differs}} OLD.{name}" for name in FIXED),
        "flag: it does not change",
    ),
    (
        "parties_flag",
        "UPDATE",
        "OLD.lifted_at IS NOT NULL",
        "flag: it was lifted already",
    ),
    ("parties_flag", "DELETE", "TRUE", "flag: it stays"),
    (
        "parties_debtor",
        "UPDATE OF merged_into_id",
        f"OLD.merged_into_id IS NOT NULL AND NOT ({MERGED})",
        "debtor: a double stays one",
    ),
    (
        "parties_debtor",
        "UPDATE OF merged_into_id",
        f"{MERGED} AND NOT EXISTS (SELECT 1 FROM parties_debtor d WHERE d.id = NEW.merged_into_id "
        "AND d.creditor_id = NEW.creditor_id AND d.id <> NEW.id AND d.merged_into_id IS NULL)",
        "debtor: a double belongs to a kept debtor of the same creditor",
    ),
]


def _statements(vendor):
    for place, (table, event, test, text) in enumerate(RULES):
        name = f"{table}_{place}"
        if vendor == "postgresql":
            test = test.format(differs="IS DISTINCT FROM")
            row = "OLD" if event == "DELETE" else "NEW"
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION '{text}'; END IF; RETURN {row}; END $$;"
            )
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
                f"WHEN {test.format(differs='IS NOT')} BEGIN SELECT RAISE(ABORT, '{text}'); END;"
            )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def _undo(apps, schema_editor):
    for place, (table, _event, _test, _text) in enumerate(RULES):
        name = f"{table}_{place}"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Flags are only lifted."""

    dependencies = (("parties", "0003_flags_and_merged_debtors"),)
    operations = (migrations.RunPython(_apply, _undo),)
