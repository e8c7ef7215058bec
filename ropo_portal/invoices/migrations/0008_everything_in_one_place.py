"""An invoice, its debtor, its posting and its stored papers belong to one creditor and one environment, for ever."""

from django.db import migrations

INVOICE, PAPER, DEBTOR = "invoices_invoice", "documents_storeddocument", "parties_debtor"
ENVIRONMENT = (
    "NOT EXISTS (SELECT 1 FROM accounts_creditorenvironment e WHERE e.id = NEW.environment_id "
    "AND e.creditor_id = NEW.creditor_id)"
)
OWED_BY = "NOT EXISTS (SELECT 1 FROM parties_debtor d WHERE d.id = NEW.debtor_id AND d.creditor_id = NEW.creditor_id)"
POSTED = (
    "NEW.submission_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submissions_submission s WHERE s.id = NEW.submission_id "
    "AND s.document_id = NEW.id AND s.environment_id = NEW.environment_id AND s.creditor_id = NEW.creditor_id)"
)
MOVED = "NEW.environment_id <> OLD.environment_id OR NEW.creditor_id <> OLD.creditor_id"
SUBJECT = (
    "NEW.subject_type = 'invoices.invoice' AND NOT EXISTS (SELECT 1 FROM invoices_invoice i "
    "WHERE i.id = NEW.subject_id AND i.environment_id = NEW.environment_id AND i.creditor_id = NEW.creditor_id)"
)
RULES = [
    (INVOICE, "INSERT", ENVIRONMENT, "the environment belongs to another creditor"),
    (INVOICE, "INSERT", OWED_BY, "the debtor belongs to another creditor"),
    (INVOICE, "UPDATE", OWED_BY, "the debtor belongs to another creditor"),
    (INVOICE, "INSERT", POSTED, "the posting is of another document or environment"),
    (INVOICE, "UPDATE", POSTED, "the posting is of another document or environment"),
    (INVOICE, "UPDATE", MOVED, "an invoice keeps its environment"),
    (PAPER, "INSERT", SUBJECT, "the paper is kept in the environment of its invoice"),
    (DEBTOR, "UPDATE", "NEW.creditor_id <> OLD.creditor_id", "a debtor keeps its creditor"),
]


def _statements(vendor: str) -> list[str]:
    statements = []
    for place, (table, event, test, text) in enumerate(RULES):
        name = f"one_place_{table}_{place}"
        if vendor == "postgresql":
            statements += [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION 'one_place: {text}'; END IF; RETURN NEW; END $$;",
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();",
            ]
        else:
            statements.append(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
                f"BEGIN SELECT RAISE(ABORT, 'one_place: {text}'); END;"
            )
    return statements


def _apply(apps: object, schema_editor: object) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Everything about an invoice is in one place."""

    dependencies = (
        ("invoices", "0007_credit_notes_meet_no_strangers"),
        ("documents", "0003_documents_stay_where_they_are"),
        ("submissions", "0007_nothing_crosses_environments"),
        ("parties", "0002_names_are_found_by_any_part"),
    )
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
