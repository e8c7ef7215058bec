
import django.db.models.deletion
import ropo_portal.identifiers.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0002_names_are_found_by_any_part'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='debtor',
            name='merged_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='merged'),
        ),
        migrations.AddField(
            model_name='debtor',
            name='merged_into',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doubles', to='parties.debtor'),
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('disputed', 'Disputed'), ('payment-plan', 'Payment plan'), ('restructuring', 'In restructuring'), ('bankrupt', 'Bankrupt'), ('deceased', 'Deceased'), ('minor', 'Minor'), ('protected-address', 'Protected address')], max_length=17, verbose_name='flag')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('begin_date', models.DateField(verbose_name='since')),
                ('end_date', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('frees_at', models.DateTimeField(editable=False, null=True)),
                ('set_at', models.DateTimeField(verbose_name='set')),
                ('lifted_at', models.DateTimeField(null=True, verbose_name='lifted')),
                ('lifted_reason', models.CharField(blank=True, max_length=500, verbose_name='lifted because')),
                ('debtor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='parties.debtor')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'flag',
                'verbose_name_plural': 'flags',
                'ordering': ('-set_at', '-id'),
                'indexes': [models.Index(fields=['debtor', 'kind'], name='flag_of_debtor')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='flag_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('end_date', None), ('frees_at', None)), models.Q(('end_date__isnull', False), ('frees_at__isnull', False)), _connector='OR'), name='flag_end_has_a_moment'), models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gte', models.F('begin_date')), _connector='OR'), name='flag_ends_after_begin'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None), ('lifted_reason', '')), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lifted_reason', ''), _negated=True)), _connector='OR'), name='flag_lifted_with_a_reason')],
            },
        ),
    ]
