"""A claim that is written anew is counted anew, and one that is thrown away is counted no more."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

counting = import_module("ropo_portal.worklist.migrations.0002_the_database_counts_open_money")
GONE = "DELETE FROM worklist_openitem WHERE id = OLD.id AND invoice_id IS NULL;"


def _postgresql():
    steps = " ".join(f"{step};" for step in counting._claims("postgresql", "c.id = NEW.id"))
    for name, when, body in (
        ("work_mended", "AFTER UPDATE OF principal, number_key", f"{steps} RETURN NULL;"),
        ("work_dropped", "BEFORE DELETE", f"{GONE} RETURN OLD;"),
    ):
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        yield f"CREATE TRIGGER {name} {when} ON invoices_claim FOR EACH ROW EXECUTE FUNCTION {name}()"


def _sqlite():
    steps = " ".join(f"{step};" for step in counting._claims("sqlite", "c.id = NEW.id"))
    head = "CREATE TRIGGER work_mended AFTER UPDATE OF principal, number_key ON invoices_claim FOR EACH ROW"
    yield f"{head} BEGIN {steps} END"
    # After claim_stays, which refuses: SQLite runs the triggers of one kind in no promised order, and undoes all.
    yield f"CREATE TRIGGER work_dropped BEFORE DELETE ON invoices_claim FOR EACH ROW BEGIN {GONE} END"


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Mended claims are counted again."""

    dependencies = (
        ("collection", "0004_a_mistyped_claim_is_mended"),
        ("worklist", "0004_work_of_all_creditors_in_one_order"),
    )
    operations = (
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="openitem",
                    name="claim",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="open_item",
                        to="invoices.claim",
                    ),
                ),
            ],
        ),
        migrations.RunPython(_apply, migrations.RunPython.noop),
    )
