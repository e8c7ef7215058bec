"""Open items know their debtor and what it is, so that counting what is ripe visits one index; kept by triggers."""

import django.db.models.deletion
from django.db import migrations, models

ITEMS = "worklist_openitem"
OWING = (
    "SELECT d.{column} FROM parties_debtor d WHERE d.id = COALESCE((SELECT c.debtor_id FROM invoices_claim c "
    "WHERE c.id = {row}.claim_id), (SELECT i.debtor_id FROM invoices_invoice i WHERE i.id = {row}.invoice_id))"
)
KNOWN = ", ".join(
    f"{name} = ({OWING.format(column=column, row=ITEMS)})"
    for name, column in (("debtor_id", "id"), ("debtor_kind", "kind"))
)
ALL = f"UPDATE {ITEMS} SET {KNOWN}"
# The debtor became something else; a mistyped claim was another debtor's.
CHANGES = (
    ("work_debtor_kind", "parties_debtor", "kind", f"UPDATE {ITEMS} SET debtor_kind = NEW.kind WHERE debtor_id = NEW.id"),
    ("work_debtor_of_claim", "invoices_claim", "debtor_id", f"{ALL} WHERE claim_id = NEW.id"),
)
PUT_IN = (
    f"CREATE FUNCTION work_item_debtor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"NEW.debtor_id := ({OWING.format(column='id', row='NEW')}); "
    f"NEW.debtor_kind := ({OWING.format(column='kind', row='NEW')}); RETURN NEW; END $$",
    f"CREATE TRIGGER work_item_debtor BEFORE INSERT ON {ITEMS} FOR EACH ROW EXECUTE FUNCTION work_item_debtor()",
)


def _statements(vendor):
    if vendor == "postgresql":
        yield from PUT_IN
    else:  # SQLite cannot change what is being inserted
        yield f"CREATE TRIGGER work_item_debtor AFTER INSERT ON {ITEMS} FOR EACH ROW BEGIN {ALL} WHERE id = NEW.id; END"
    for name, table, column, step in CHANGES:
        head = f"CREATE TRIGGER {name} AFTER UPDATE OF {column} ON {table} FOR EACH ROW"
        if vendor == "postgresql":
            yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {step}; RETURN NULL; END $$"
            yield f"{head} EXECUTE FUNCTION {name}()"
        else:
            yield f"{head} BEGIN {step}; END"


def _apply(apps, schema_editor):
    """Fill the columns past the trigger that books changes of money: there are none."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {ITEMS} DISABLE TRIGGER work_item_update")
            cursor.execute(ALL)
            cursor.execute(f"ALTER TABLE {ITEMS} ENABLE TRIGGER work_item_update")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'work_item_update'")
            booking = cursor.fetchone()[0]
            cursor.execute("DROP TRIGGER work_item_update")
            cursor.execute(ALL)
            cursor.execute(booking)
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def _undo(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for name, table in (("work_item_debtor", ITEMS), *((name, table) for name, table, _c, _s in CHANGES)):
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION {name}()")
            else:
                cursor.execute(f"DROP TRIGGER {name}")


TO_PURSUE = models.Q(("amount__gt", 0), ("claim__isnull", False), ("is_pursued", False))
COVERING = ["debtor_kind", "debtor", "claim"]


class Migration(migrations.Migration):
    """Open items know their debtor."""

    dependencies = (
        ("invoices", "0011_a_second_person_agrees"),
        ("parties", "0004_flags_are_only_lifted"),
        ("worklist", "0007_answers_by_the_days_of_their_place"),
    )
    operations = (
        migrations.AddField(
            "openitem",
            "debtor",
            models.ForeignKey(
                db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+",
                to="parties.debtor",
            ),
        ),
        migrations.AddField("openitem", "debtor_kind", models.CharField(max_length=7, null=True)),
        migrations.RunPython(_apply, _undo),
        migrations.RemoveIndex("openitem", "open_item_to_pursue"),
        migrations.RemoveIndex("openitem", "open_item_to_pursue_anywhere"),
        migrations.AddIndex(
            "openitem",
            models.Index(
                fields=["environment", "due_date", "id", *COVERING], condition=TO_PURSUE, name="open_item_to_pursue"
            ),
        ),
        migrations.AddIndex(
            "openitem",
            models.Index(
                fields=["environment", "due_date", "id", "debtor_kind"],
                condition=models.Q(("amount__gt", 0), ("claim", None), ("is_pursued", False)),
                name="open_item_to_claim",
            ),
        ),
        migrations.AddIndex(
            "openitem",
            models.Index(
                fields=["due_date", "id", "environment", *COVERING],
                condition=TO_PURSUE,
                name="open_item_to_pursue_anywhere",
            ),
        ),
    )  # fmt: skip
