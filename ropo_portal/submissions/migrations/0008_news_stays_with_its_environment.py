"""Pages, news, incidents, lines and tokens belong to one environment, for ever."""

from django.db import migrations


def _of_page(table):
    return (
        table,
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM submissions_statuspage p WHERE p.id = NEW.page_id "
        "AND p.environment_id = NEW.environment_id)",
        "news belongs to the environment of its page",
    )


# Table, event, condition that refuses, sentence.
RULES = [
    _of_page("submissions_statusupdate"),
    _of_page("submissions_statusincident"),
    (
        "submissions_statusline",
        "UPDATE",
        "NEW.id <> OLD.id OR NEW.environment_id <> OLD.environment_id",
        "a line keeps its environment",
    ),
    (
        "submissions_webhooktoken",
        "UPDATE",
        "NEW.line_id <> OLD.line_id OR NEW.token_hash <> OLD.token_hash",
        "a token keeps its line",
    ),
    ("submissions_pagereading", "UPDATE", "NEW.page_id <> OLD.page_id", "a reading keeps its page"),
]


def _statements(vendor):
    for place, (table, event, test, text) in enumerate(RULES):
        name = f"news_stays_{place}"
        if vendor == "postgresql":
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION 'news_stays: {text}'; END IF; RETURN NEW; END $$;"
            )
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
                f"BEGIN SELECT RAISE(ABORT, 'news_stays: {text}'); END;"
            )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """News stays with its environment."""

    dependencies = (("submissions", "0007_nothing_crosses_environments"),)
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
