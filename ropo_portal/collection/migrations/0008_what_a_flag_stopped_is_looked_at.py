"""What was claimed and never left does not go back into the queue under a flag: a person looks at it first."""

from importlib import import_module

from django.db import migrations

EARLIER = import_module("ropo_portal.collection.migrations.0005_flags_stop_what_is_queued")
EVERY_MOVE = "NEW.state <> OLD.state"


def _statements(vendor, moved):
    """Write the rule again, with the moves it looks at."""
    if vendor == "postgresql":
        [function, *_rest] = EARLIER._postgresql()
        yield function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(EARLIER.MOVED, moved)
    else:
        yield "DROP TRIGGER flag_move"
        yield next(one for one in EARLIER._sqlite() if "flag_move" in one).replace(EARLIER.MOVED, moved)


def _run(schema_editor, moved):
    with schema_editor.connection.cursor() as cursor:
        for statement in _statements(schema_editor.connection.vendor, moved):
            cursor.execute(statement)


def _apply(apps, schema_editor):
    _run(schema_editor, EVERY_MOVE)


def _undo(apps, schema_editor):
    _run(schema_editor, EARLIER.MOVED)


class Migration(migrations.Migration):
    """What a flag stopped is looked at."""

    dependencies = (("collection", "0007_notes_on_debtors"),)
    operations = (migrations.RunPython(_apply, _undo),)
