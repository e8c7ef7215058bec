"""One account at one Ropo One belongs to one environment here: it has one queue of news and one number series."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One environment per account."""

    dependencies = [
        ('accounts', '0003_two_people_open_production'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='creditorenvironment',
            constraint=models.UniqueConstraint(condition=models.Q(('cid', ''), _negated=True), fields=('name', 'cid'), name='environment_one_per_account'),
        ),
    ]
