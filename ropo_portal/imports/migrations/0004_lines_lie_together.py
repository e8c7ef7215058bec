"""The lines of an invoice lie in one document, which remembers the invoice that was made of them."""

import json

import django.db.models.deletion
import ropo_portal.encryption
from django.db import migrations, models

BLOCK = 500


# SQLite makes a table anew to change a column, and forgets its triggers: they are put aside meanwhile.
_put_aside = []


def _put_triggers_aside(_apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        _put_aside[:] = cursor.fetchall()
        for name, _sql in _put_aside:
            cursor.execute(f'DROP TRIGGER "{name}"')


def _put_triggers_back(_apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        for _name, sql in _put_aside:
            cursor.execute(sql)
    _put_aside.clear()


def _gather(apps, schema_editor):
    """Put the lines that wait together, a block of invoices at a time; ids are sealed anew for their new row."""
    lines, imported = apps.get_model("imports", "ImportLine"), apps.get_model("imports", "ImportedInvoice")
    together = apps.get_model("imports", "ImportedLines")
    keys = list(imported.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BLOCK):
        texts, identities = {}, {}
        for line in lines.objects.filter(imported_id__in=keys[start : start + BLOCK]).order_by("number"):
            texts.setdefault(line.imported_id, []).append([line.number, line.cells, line.problems])
            if line.identity:
                identities.setdefault(line.imported_id, {})[str(line.number)] = line.identity
        for key, document in texts.items():
            sealed = json.dumps(identities[key]) if key in identities else ""
            together.objects.create(
                imported_id=key, texts=json.dumps(document, ensure_ascii=False), identities=sealed
            )
    if schema_editor.connection.vendor == "postgresql":
        # What is still to be checked of these rows would stand in the way of the changes that follow.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    """One document an invoice."""

    dependencies = (("imports", "0003_rules_walk_by_key"),)
    operations = (
        migrations.RunPython(_put_triggers_aside, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ImportedLines",
            fields=[
                (
                    "imported",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="lines",
                        serialize=False,
                        to="imports.importedinvoice",
                    ),
                ),
                ("texts", models.TextField(default="[]")),
                ("identities", ropo_portal.encryption.EncryptedTextField(blank=True, default="")),
                ("ready", models.TextField(blank=True, default="")),
            ],
            options={
                "verbose_name": "lines of an invoice of a file",
                "verbose_name_plural": "lines of the invoices of a file",
            },
        ),
        migrations.AddField(
            model_name="import",
            name="judged_under",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.RunPython(_gather, migrations.RunPython.noop),
        migrations.DeleteModel(name="ImportLine"),
        migrations.AlterField(
            model_name="importedinvoice",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invoices",
                to="imports.import",
            ),
        ),
        migrations.RunPython(_put_triggers_back, migrations.RunPython.noop),
    )
