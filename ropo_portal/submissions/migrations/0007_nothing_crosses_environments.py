"""Nothing leaves locked production, and nothing of one environment is tied to another."""

from django.db import migrations

# Table, event, condition that refuses, sentence. Rules of 0002 already bind a submission to its environment's creditor.
RULES = [
    (
        "submissions_attempt",
        "INSERT",
        "EXISTS (SELECT 1 FROM submissions_submission s JOIN accounts_creditorenvironment e ON e.id = s.environment_id "
        "WHERE s.id = NEW.submission_id AND e.name LIKE '%-production' AND NOT e.is_live)",
        "production is locked",
    ),
    (
        "submissions_submission",
        "INSERT",
        "NEW.previous_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submissions_submission p "
        "WHERE p.id = NEW.previous_id AND p.environment_id = NEW.environment_id AND p.document_id = NEW.document_id)",
        "an earlier posting belongs to the same document and environment",
    ),
    (
        "submissions_submission",
        "INSERT",
        "EXISTS (SELECT 1 FROM submissions_submission p WHERE p.document_id = NEW.document_id "
        "AND p.environment_id <> NEW.environment_id)",
        "a document is posted in one environment only",
    ),
    *[
        (
            "submissions_statusupdate",
            event,
            "NEW.submission_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submissions_submission s "
            "WHERE s.id = NEW.submission_id AND s.environment_id = NEW.environment_id)",
            "news belongs to a submission of its own environment",
        )
        for event in ("INSERT", "UPDATE")
    ],
]


def _statements(vendor: str) -> list[str]:
    statements = []
    for place, (table, event, test, text) in enumerate(RULES):
        name = f"no_crossing_{table}_{place}"
        if vendor == "postgresql":
            statements += [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION 'no_crossing: {text}'; END IF; RETURN NEW; END $$;",
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();",
            ]
        else:
            statements.append(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
                f"BEGIN SELECT RAISE(ABORT, 'no_crossing: {text}'); END;"
            )
    return statements


def _apply(apps: object, schema_editor: object) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Test and production stay apart."""

    dependencies = (
        ("submissions", "0006_local_print"),
        ("accounts", "0003_two_people_open_production"),
    )
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
