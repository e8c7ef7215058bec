"""Who wants to be told by mail, the letters, and the rows each tells of."""

import django.db.models.deletion
import ropo_portal.identifiers.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Notices."""

    dependencies = [
        ('accounts', '0005_four_eyes_and_sending_time'),
        ('worklist', '0005_mended_claims_are_counted_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=ropo_portal.identifiers.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('written_at', models.DateTimeField()),
                ('numbers', models.JSONField(default=dict)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
            },
        ),
        migrations.CreateModel(
            name='NoticeSent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.SlugField(max_length=20, verbose_name='kind of work')),
                ('subject_id', models.UUIDField(verbose_name='work')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='worklist.notice')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'row somebody was told of',
                'verbose_name_plural': 'rows somebody was told of',
            },
        ),
        migrations.CreateModel(
            name='NoticeWish',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='notice_wish', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('when', models.CharField(choices=[('off', 'Never'), ('at_once', 'At once, a letter every few minutes at most'), ('daily', 'Once a day, in the morning')], default='off', max_length=7, verbose_name='notices by e-mail')),
            ],
            options={
                'verbose_name': 'wish about notices',
                'verbose_name_plural': 'wishes about notices',
                'constraints': [models.CheckConstraint(condition=models.Q(('when__in', ['off', 'at_once', 'daily'])), name='notice_wish_is_known')],
            },
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('sent_at', None)), fields=['written_at'], name='notice_to_send'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['user', 'written_at'], name='notice_newest_of_user'),
        ),
        migrations.AddConstraint(
            model_name='noticesent',
            constraint=models.UniqueConstraint(models.F('user'), models.F('subject_id'), models.F('kind'), name='notice_sent_once_per_row'),
        ),
    ]
