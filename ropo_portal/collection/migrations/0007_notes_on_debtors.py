"""Notes on debtors; the database lets them be taken back once, and nothing else."""

import django.db.models.deletion
import ropo_portal.encryption
import ropo_portal.identifiers.ids
from django.conf import settings
from django.db import migrations, models


FIXED = "id debtor_id text written_by_id written_at".split()
TABLE = "collection_debtornote"
# Event, condition that refuses ({differs} is each database's word for "differs, or one is empty"), sentence.
RULES = [
    ("UPDATE", " OR ".join(f"NEW.{name} {{differs}} OLD.{name}" for name in FIXED), "note: it does not change"),
    ("UPDATE", "OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at {differs} OLD.withdrawn_at", "note: taken back"),
    ("DELETE", "TRUE", "note: it stays"),
]


def _statements(vendor):
    for place, (event, test, text) in enumerate(RULES):
        name = f"{TABLE}_{place}"
        if vendor == "postgresql":
            test = test.format(differs="IS DISTINCT FROM")
            row = "OLD" if event == "DELETE" else "NEW"
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION '{text}'; END IF; RETURN {row}; END $$;"
            )
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}();"
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW "
                f"WHEN {test.format(differs='IS NOT')} BEGIN SELECT RAISE(ABORT, '{text}'); END;"
            )


def _apply(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in _statements(schema_editor.connection.vendor):
            cursor.execute(statement)


def _undo(apps, schema_editor):
    for place in range(len(RULES)):
        name = f"{TABLE}_{place}"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {TABLE}")
            schema_editor.execute(f"DROP FUNCTION {name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Notes on debtors."""


    dependencies = [
        ('collection', '0006_promises_to_pay'),
        ('parties', '0004_flags_are_only_lifted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DebtorNote',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', ropo_portal.encryption.EncryptedTextField(verbose_name='note')),
                ('written_at', models.DateTimeField(verbose_name='written')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='taken back')),
                ('debtor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='parties.debtor')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'note on a debtor',
                'verbose_name_plural': 'notes on debtors',
                'ordering': ('-written_at', '-id'),
                'indexes': [models.Index(fields=['debtor', '-written_at'], name='note_of_debtor')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='note_taken_back_by_somebody')],
            },
        ),
        migrations.RunPython(_apply, _undo),
    ]
