"""When invoices of a chosen day leave, and which of them a second person has to approve."""

import datetime
from django.db import migrations, models


# SQLite makes a table anew to add a column, and forgets its triggers: they are put aside meanwhile.
_put_aside = []


def _put_triggers_aside(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        _put_aside[:] = cursor.fetchall()
        for name, _sql in _put_aside:
            cursor.execute(f'DROP TRIGGER "{name}"')


def _put_triggers_back(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        for _name, sql in _put_aside:
            cursor.execute(sql)
    _put_aside.clear()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_one_environment_per_account'),
    ]

    operations = [
        migrations.RunPython(_put_triggers_aside, migrations.RunPython.noop),
        migrations.AddField(
            model_name='creditor',
            name='approval_limit',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='approval above'),
        ),
        migrations.AddField(
            model_name='creditor',
            name='approval_rule',
            field=models.CharField(choices=[('off', 'None'), ('above', 'Those above an amount'), ('all', 'All')], default='off', max_length=5, verbose_name='invoices a second person approves'),
        ),
        migrations.AddField(
            model_name='creditor',
            name='sending_time',
            field=models.TimeField(default=datetime.time(9, 0), verbose_name='sending time of a chosen day'),
        ),
        migrations.AddConstraint(
            model_name='creditor',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approval_limit', None), ('approval_rule__in', ['off', 'all'])), models.Q(('approval_limit__gte', 0), ('approval_rule', 'above')), _connector='OR'), name='creditor_approval_rule_has_its_limit'),
        ),
        migrations.RunPython(_put_triggers_back, migrations.RunPython.noop),
    ]
