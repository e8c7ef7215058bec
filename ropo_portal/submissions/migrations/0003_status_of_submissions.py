"""Pages, updates and lines of status; and where a job stands, on the submission itself."""

import django.db.models.deletion
import ropo_portal.encryption
import ropo_portal.identifiers.ids
from django.conf import settings
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
        ('accounts', '0001_users_creditors_and_memberships'),
        ('submissions', '0002_rules_the_database_keeps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(_put_triggers_aside, migrations.RunPython.noop),
        migrations.CreateModel(
            name='StatusPage',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('poll', 'polled'), ('replay', 'asked for by day'), ('event', 'event')], max_length=6, verbose_name='source')),
                ('day', models.DateField(null=True, verbose_name='asked for the day')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('sha256', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('body', ropo_portal.encryption.EncryptedBinaryField(editable=False)),
            ],
            options={
                'verbose_name': 'status page',
                'verbose_name_plural': 'status pages',
                'ordering': ('received_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='StatusIncident',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('foreign', "another creditor's job"), ('contradiction', 'the same id with other content'), ('unreadable', 'cannot be read')], max_length=13, verbose_name='kind')),
                ('update_id', models.CharField(blank=True, max_length=100, verbose_name="Ropo's id")),
                ('content_hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='time')),
            ],
            options={
                'verbose_name': 'status incident',
                'verbose_name_plural': 'status incidents',
                'ordering': ('at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='StatusLine',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('lease_key', models.CharField(blank=True, max_length=32)),
                ('lease_until', models.DateTimeField(null=True)),
                ('replay_from', models.DateField(null=True, verbose_name='to be asked for again from')),
                ('last_polled_at', models.DateTimeField(null=True, verbose_name='last polled')),
                ('last_drained_at', models.DateTimeField(null=True, verbose_name='everything read')),
                ('replayed_on', models.DateField(null=True)),
                ('replayed_month_on', models.DateField(null=True)),
                ('trouble', models.CharField(blank=True, max_length=200, verbose_name='trouble')),
                ('alarm', models.CharField(blank=True, max_length=200, verbose_name='alarm')),
                ('alarmed_at', models.DateTimeField(null=True, verbose_name='alarm since')),
                ('webhook_name', models.CharField(max_length=40, null=True, unique=True, verbose_name='user name of events')),
                ('webhook_hash', models.CharField(blank=True, max_length=64)),
                ('webhook_set_at', models.DateTimeField(null=True, verbose_name='secret set')),
                ('last_event_at', models.DateTimeField(null=True, verbose_name='last event')),
            ],
            options={
                'verbose_name': 'status line',
                'verbose_name_plural': 'status lines',
            },
        ),
        migrations.CreateModel(
            name='StatusUpdate',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('polled', 'polled'), ('event', 'event')], max_length=6, verbose_name='source')),
                ('update_id', models.CharField(max_length=100, verbose_name="Ropo's id")),
                ('job_id', models.CharField(blank=True, max_length=40, verbose_name="Ropo's job number")),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='invoice number')),
                ('number_key', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(blank=True, max_length=60, verbose_name='kind')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='code')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='heading')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='amount')),
                ('paid_date', models.DateField(null=True, verbose_name='paid on')),
                ('time_text', models.CharField(blank=True, max_length=40)),
                ('at', models.DateTimeField(verbose_name='time')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('content_hash', models.CharField(max_length=64)),
                ('is_foreign', models.BooleanField(default=False, verbose_name="another creditor's job")),
            ],
            options={
                'verbose_name': 'status update',
                'verbose_name_plural': 'status updates',
                'ordering': ('at', 'update_id'),
            },
        ),
        migrations.CreateModel(
            name='WebhookToken',
            fields=[
                ('token_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'token for events',
                'verbose_name_plural': 'tokens for events',
            },
        ),
        migrations.AddField(
            model_name='submission',
            name='ropo_due_date',
            field=models.DateField(null=True, verbose_name='due date at Ropo'),
        ),
        migrations.AddField(
            model_name='submission',
            name='ropo_looked_at',
            field=models.DateTimeField(null=True, verbose_name='looked at'),
        ),
        migrations.AddField(
            model_name='submission',
            name='ropo_next_status',
            field=models.CharField(blank=True, max_length=10, verbose_name='next status'),
        ),
        migrations.AddField(
            model_name='submission',
            name='ropo_next_status_date',
            field=models.DateField(null=True, verbose_name='next status on'),
        ),
        migrations.AddField(
            model_name='submission',
            name='ropo_next_status_text',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='submission',
            name='ropo_status',
            field=models.CharField(blank=True, max_length=10, verbose_name='status at Ropo'),
        ),
        migrations.AddField(
            model_name='submission',
            name='ropo_status_text',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(condition=models.Q(('ropo_job_id', ''), _negated=True), fields=['ropo_job_id'], name='submission_by_job'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(condition=models.Q(('ropo_next_status_date__isnull', False)), fields=['ropo_next_status_date'], name='submission_moves_on'),
        ),
        migrations.CreateModel(
            name='PageReading',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='reading', serialize=False, to='submissions.statuspage')),
                ('read_at', models.DateTimeField(verbose_name='read')),
                ('new_count', models.PositiveIntegerField(default=0)),
                ('known_count', models.PositiveIntegerField(default=0)),
                ('unreadable_count', models.PositiveIntegerField(default=0)),
                ('trouble', models.CharField(blank=True, max_length=200, verbose_name='trouble')),
            ],
            options={
                'verbose_name': 'reading of a page',
                'verbose_name_plural': 'readings of pages',
            },
        ),
        migrations.AddField(
            model_name='statuspage',
            name='environment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creditorenvironment'),
        ),
        migrations.AddField(
            model_name='statusincident',
            name='environment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creditorenvironment'),
        ),
        migrations.AddField(
            model_name='statusincident',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='submissions.statuspage'),
        ),
        migrations.AddField(
            model_name='statusline',
            name='environment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='status_line', to='accounts.creditorenvironment'),
        ),
        migrations.AddField(
            model_name='statusupdate',
            name='environment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creditorenvironment'),
        ),
        migrations.AddField(
            model_name='statusupdate',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='submissions.statuspage'),
        ),
        migrations.AddField(
            model_name='statusupdate',
            name='submission',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='status_updates', to='submissions.submission'),
        ),
        migrations.AddField(
            model_name='webhooktoken',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='submissions.statusline'),
        ),
        migrations.AddIndex(
            model_name='statuspage',
            index=models.Index(fields=['environment', '-received_at'], name='status_page_newest'),
        ),
        migrations.AddConstraint(
            model_name='statusincident',
            constraint=models.UniqueConstraint(models.F('environment'), models.F('kind'), models.F('update_id'), models.F('content_hash'), name='status_incident_told_once'),
        ),
        migrations.AddIndex(
            model_name='statusupdate',
            index=models.Index(fields=['submission', 'at'], name='status_update_of_submission'),
        ),
        migrations.AddIndex(
            model_name='statusupdate',
            index=models.Index(fields=['environment', 'job_id'], name='status_update_by_job'),
        ),
        migrations.AddIndex(
            model_name='statusupdate',
            index=models.Index(fields=['environment', 'number_key'], name='status_update_by_number'),
        ),
        migrations.AddIndex(
            model_name='statusupdate',
            index=models.Index(fields=['environment', '-received_at'], name='status_update_newest'),
        ),
        migrations.AddConstraint(
            model_name='statusupdate',
            constraint=models.UniqueConstraint(models.F('environment'), models.F('source'), models.F('update_id'), name='status_update_told_once'),
        ),
        migrations.AddConstraint(
            model_name='statusupdate',
            constraint=models.CheckConstraint(condition=models.Q(('update_id', ''), _negated=True), name='status_update_has_an_id'),
        ),
        migrations.AddConstraint(
            model_name='statusupdate',
            constraint=models.CheckConstraint(condition=models.Q(('is_foreign', False), ('submission', None), _connector='OR'), name='status_update_foreign_moves_nothing'),
        ),
        migrations.RunPython(_put_triggers_back, migrations.RunPython.noop),
    ]
