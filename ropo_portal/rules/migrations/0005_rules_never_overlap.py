"""Two rows of one rule never hold on the same day, and what a row is about never changes."""

from django.db import migrations

KEYS = {
    "rules_vatrate": ["country", "label"],
    "rules_legalrule": ["country", "debtor_kind", "step", "after"],
    "rules_feecap": ["country", "debtor_kind", "step", "principal_from"],
    "rules_interestrate": ["country", "debtor_kind"],
}


def _overlaps(table, key):
    same = " AND ".join(f"o.{name} = NEW.{name}" for name in key)
    return (
        f"EXISTS (SELECT 1 FROM {table} o WHERE {same} AND o.id <> NEW.id "
        "AND (o.valid_to IS NULL OR o.valid_to >= NEW.valid_from) "
        "AND (NEW.valid_to IS NULL OR NEW.valid_to >= o.valid_from))"
    )


def _moved(key):
    return " OR ".join(f"NEW.{name} <> OLD.{name}" for name in ["id", *key])


def _rules():
    """Give table, event, condition that refuses, sentence."""
    for table, key in KEYS.items():
        yield table, "INSERT", _overlaps(table, key), "another row holds on one of these days"
        yield table, "UPDATE", _overlaps(table, key), "another row holds on one of these days"
        yield table, "UPDATE", _moved(key), "a row stays about what it was about"


def _statements(vendor):
    for place, (table, event, test, text) in enumerate(_rules()):
        name = f"rule_order_{place}"
        if vendor == "postgresql":
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION 'rule_order: {text}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                "RETURN NEW; END $$;"
            )
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
                f"BEGIN SELECT RAISE(ABORT, 'rule_order: {text}'); END;"
            )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Rules never overlap."""

    dependencies = (("rules", "0004_first_set_of_rules"),)
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
