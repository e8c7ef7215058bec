"""Whoever lets a tax rate stand that no law knows says why, and what was said stays as it was."""

from importlib import import_module

from django.db import migrations, models

ASIDE = import_module("ropo_portal.accounts.migrations.0005_four_eyes_and_sending_time")
EARLIER = import_module("ropo_portal.invoices.migrations.0011_a_second_person_agrees")
UNEXPLAINED = "CAST(NEW.confirmed AS TEXT) LIKE '%vat_rate_unknown_%' AND TRIM(NEW.confirmed_reason) = ''"
REASON = "NEW.confirmed_reason <> OLD.confirmed_reason"
RULES = (
    (EARLIER.APPROVAL, "INSERT", UNEXPLAINED, "approval: an unknown tax rate takes a reason"),
    (EARLIER.APPROVAL, "UPDATE", REASON, "approval: a question is not rewritten"),
    (EARLIER.ITEM, "INSERT", UNEXPLAINED, "batch: an unknown tax rate takes a reason"),
    (EARLIER.ITEM, "UPDATE", UNEXPLAINED, "batch: an unknown tax rate takes a reason"),
    (EARLIER.ITEM, "UPDATE", f"{EARLIER.IS_SENT} AND {REASON}", "batch: what was sent stays as it was seen"),
)


def _postgresql():
    for place, (table, event, test, text) in enumerate(RULES):
        name = f"odd_doubt_{place}"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
            f"RAISE EXCEPTION '{text}'; END IF; RETURN NEW; END $$;"
        )
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"


def _sqlite():
    for place, (table, event, test, text) in enumerate(RULES):
        yield (
            f"CREATE TRIGGER odd_doubt_{place} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END;"
        )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def _undo(apps, schema_editor):
    for place, (table, *_rest) in enumerate(RULES):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER odd_doubt_{place} ON {table}")
            schema_editor.execute(f"DROP FUNCTION odd_doubt_{place}()")
        else:
            schema_editor.execute(f"DROP TRIGGER odd_doubt_{place}")


class Migration(migrations.Migration):
    """A reason beside what was confirmed."""

    dependencies = (
        ("invoices", "0013_drafts_in_their_order"),
        ("accounts", "0005_four_eyes_and_sending_time"),
    )
    operations = (
        migrations.RunPython(ASIDE._put_triggers_aside, migrations.RunPython.noop),
        migrations.AddField(
            model_name="approval",
            name="confirmed_reason",
            field=models.TextField(blank=True, verbose_name="why the doubts stand"),
        ),
        migrations.AddField(
            model_name="batchitem",
            name="confirmed_reason",
            field=models.TextField(blank=True, verbose_name="why the doubts stand"),
        ),
        migrations.RunPython(ASIDE._put_triggers_back, migrations.RunPython.noop),
        migrations.RunPython(_apply, _undo),
    )
