"""An amount of the creditor's own, above which whoever sends an invoice looks at its total."""

from importlib import import_module

from django.db import migrations, models

ASIDE = import_module("ropo_portal.accounts.migrations.0005_four_eyes_and_sending_time")


class Migration(migrations.Migration):
    """A second look above a limit."""

    dependencies = (("accounts", "0005_four_eyes_and_sending_time"),)
    operations = (
        migrations.RunPython(ASIDE._put_triggers_aside, migrations.RunPython.noop),
        migrations.AddField(
            model_name="creditor",
            name="doubt_limit",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="a second look above"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditor",
            constraint=models.CheckConstraint(
                condition=models.Q(("doubt_limit", None), ("doubt_limit__gt", 0), _connector="OR"),
                name="creditor_doubt_limit_above_zero",
            ),
        ),
        migrations.RunPython(ASIDE._put_triggers_back, migrations.RunPython.noop),
    )
