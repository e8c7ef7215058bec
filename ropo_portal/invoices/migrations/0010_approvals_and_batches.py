"""What a second person said to an invoice, and invoices that are sent together."""

import django.db.models.deletion
import ropo_portal.identifiers.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_four_eyes_and_sending_time'),
        ('invoices', '0009_settlements_stay_with_their_claim'),
        ('submissions', '0007_nothing_crosses_environments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(verbose_name='chosen')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('sent_count', models.PositiveIntegerField(default=0, verbose_name='sent')),
                ('leave_on', models.DateField(null=True, verbose_name='leaves on')),
                ('stopped_at', models.DateTimeField(null=True, verbose_name='taken back')),
                ('touched_at', models.DateTimeField()),
                ('creditor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creditor')),
                ('environment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creditorenvironment')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stopped_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'batch of invoices',
                'verbose_name_plural': 'batches of invoices',
            },
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('revision', models.PositiveIntegerField()),
                ('fingerprint', models.CharField(blank=True, max_length=64, verbose_name='fingerprint')),
                ('checked_at', models.DateTimeField(null=True)),
                ('causes', models.JSONField(default=list)),
                ('doubts', models.JSONField(default=list)),
                ('confirmed', models.JSONField(default=list)),
                ('is_ready', models.BooleanField(default=False)),
                ('is_chosen', models.BooleanField(default=False)),
                ('result', models.CharField(blank=True, choices=[('queued', 'Queued'), ('asked', 'Waits for approval'), ('refused', 'Not sent')], max_length=7, verbose_name='result')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('settled_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='invoices.batch')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='invoices.invoice')),
                ('submission', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batch_item', to='submissions.submission')),
            ],
            options={
                'verbose_name': 'invoice of a batch',
                'verbose_name_plural': 'invoices of a batch',
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('revision', models.PositiveIntegerField()),
                ('fingerprint', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('confirmed', models.JSONField(default=list)),
                ('is_printed_here', models.BooleanField(default=False)),
                ('leave_on', models.DateField(null=True, verbose_name='leaves on')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('verdict', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('returned', 'Given back'), ('void', 'Void')], default='waiting', max_length=8, verbose_name='verdict')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('reason', models.TextField(blank=True, verbose_name='given back because')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='invoices.invoice')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
                'ordering': ('asked_at', 'id'),
                'indexes': [models.Index(condition=models.Q(('verdict', 'waiting')), fields=['asked_at', 'id'], name='approval_waiting')],
                'constraints': [models.UniqueConstraint(models.F('invoice'), condition=models.Q(('verdict__in', ['waiting', 'approved'])), name='approval_one_open_per_invoice'), models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'approved'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='approval_needs_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'returned'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='approval_returned_with_a_reason'), models.CheckConstraint(condition=models.Q(('fingerprint', ''), _negated=True), name='approval_has_a_fingerprint')],
            },
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['environment', '-made_at', '-id'], name='batch_newest'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at', None), ('sent_by', None)), models.Q(('sent_at__isnull', False), ('sent_by__isnull', False)), _connector='OR'), name='batch_sent_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='batchitem',
            index=models.Index(condition=models.Q(('is_chosen', True), ('result', '')), fields=['batch', 'position'], name='batch_item_to_send'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.UniqueConstraint(models.F('batch'), models.F('invoice'), name='batch_item_once'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.UniqueConstraint(models.F('batch'), models.F('position'), name='batch_item_one_per_position'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('result', 'queued'), ('submission__isnull', False)), models.Q(models.Q(('result', 'queued'), _negated=True), ('submission', None)), _connector='OR'), name='batch_item_queued_has_its_submission'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.CheckConstraint(condition=models.Q(('result', ''), ('is_chosen', True), _connector='OR'), name='batch_item_result_of_the_chosen'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.CheckConstraint(condition=models.Q(('is_chosen', False), models.Q(('fingerprint', ''), _negated=True), _connector='OR'), name='batch_item_chosen_with_fingerprint'),
        ),
    ]
