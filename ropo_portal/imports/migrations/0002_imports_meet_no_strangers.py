"""An import moves only along its states and never to another creditor, environment or file; nor does what it made."""

from django.db import migrations

MOVES = {
    "uploaded": "surveyed failed withdrawn",
    "surveyed": "staging failed withdrawn",
    "staging": "staged stopped failed",
    "staged": "surveyed creating withdrawn",
    "creating": "created stopped",
    "stopped": "surveyed staging creating withdrawn",
    "created": "creating withdrawn",
    "withdrawn": "",
    "failed": "withdrawn",
}
FROZEN = "creditor_id environment_id sha256 size file_name created_by_id created_at".split()


def _moves():
    pairs = [f"OLD.state = '{old}' AND NEW.state = '{new}'" for old, words in MOVES.items() for new in words.split()]
    return f"NEW.state <> OLD.state AND NOT ({' OR '.join(pairs)})"


def _rules(differs):
    foreign_environment = (
        "NOT EXISTS (SELECT 1 FROM accounts_creditorenvironment e WHERE e.id = NEW.environment_id "
        "AND e.creditor_id = NEW.creditor_id)"
    )
    foreign_invoice = (
        "NOT EXISTS (SELECT 1 FROM invoices_invoice i JOIN imports_import b ON b.id = NEW.batch_id "
        "WHERE i.id = NEW.invoice_id AND i.environment_id = b.environment_id)"
    )
    foreign_debtor = (
        "NOT EXISTS (SELECT 1 FROM parties_debtor d JOIN imports_import b ON b.id = NEW.batch_id "
        "WHERE d.id = NEW.debtor_id AND d.creditor_id = b.creditor_id)"
    )
    frozen = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)
    # Table, event, columns, when it is asked at all, what refuses, the sentence.
    return [
        ("imports_import", "INSERT", "", "", foreign_environment, "the environment belongs to another creditor"),
        ("imports_import", "UPDATE", "state", "", _moves(), "an import does not move that way"),
        ("imports_import", "UPDATE", "", "", frozen, "a file stays what and where it is"),
        ("imports_importedinvoice", "INSERT", "", "NEW.invoice_id IS NOT NULL", foreign_invoice,
         "the invoice belongs to another environment"),
        ("imports_importedinvoice", "UPDATE", "invoice_id", "NEW.invoice_id IS NOT NULL", foreign_invoice,
         "the invoice belongs to another environment"),
        ("imports_importedinvoice", "UPDATE", "batch_id, position", "", f"NEW.batch_id {differs} OLD.batch_id",
         "a staged invoice stays in its file"),
        ("imports_importeddebtor", "INSERT", "", "", foreign_debtor, "the debtor belongs to another creditor"),
    ]


def _statements(vendor):
    for place, (table, event, columns, when, test, text) in enumerate(_rules("IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT")):
        name = f"imports_rule_{place}"
        of = f"{event} OF {columns}" if columns else event
        if vendor == "postgresql":
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION 'imports: {text}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                "RETURN NEW; END $$;"
            )
            condition = f"WHEN ({when}) " if when else ""
            yield f"CREATE TRIGGER {name} BEFORE {of} ON {table} FOR EACH ROW {condition}EXECUTE FUNCTION {name}();"
        else:
            condition = f"{when} AND ({test})" if when else test
            yield (
                f"CREATE TRIGGER {name} BEFORE {of} ON {table} FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, 'imports: {text}'); END;"
            )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def _undo(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for place, (table, *_rest) in enumerate(_rules("IS NOT")):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER imports_rule_{place}{on}")
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION imports_rule_{place}()")


class Migration(migrations.Migration):
    """Rules the database keeps."""

    dependencies = (("imports", "0001_files_and_staged_lines"),)
    operations = (migrations.RunPython(_apply, _undo),)
