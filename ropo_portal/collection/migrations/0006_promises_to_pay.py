
import django.db.models.deletion
import ropo_portal.identifiers.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_two_people_open_production'),
        ('collection', '0005_flags_stop_what_is_queued'),
        ('invoices', '0008_everything_in_one_place'),
        ('parties', '0004_flags_are_only_lifted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('date', models.DateField(verbose_name='promised by')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('noted_at', models.DateTimeField(verbose_name='noted')),
                ('noted_date', models.DateField(verbose_name='noted on')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='taken back')),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='invoices.claim', verbose_name='claim')),
                ('debtor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='parties.debtor')),
                ('environment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creditorenvironment')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'promise to pay',
                'verbose_name_plural': 'promises to pay',
                'ordering': ('-date', '-id'),
                'indexes': [models.Index(fields=['debtor', '-date'], name='promise_of_debtor'), models.Index(fields=['environment', 'date'], name='promise_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='promise_amount_above_zero'), models.CheckConstraint(condition=models.Q(('date__gte', models.F('noted_date'))), name='promise_not_in_the_past')],
            },
        ),
    ]
