"""Room: the entries and the heads of their chains."""

import django.db.models.deletion
import ropo_portal.identifiers.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("chain", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "head of a chain",
                "verbose_name_plural": "heads of chains",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ropo_portal.identifiers.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("chain", models.CharField(max_length=36, verbose_name="chain")),
                ("sequence", models.PositiveBigIntegerField(verbose_name="sequence")),
                ("creditor_id", models.UUIDField(null=True, verbose_name="creditor")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("actor_label", models.CharField(max_length=200, verbose_name="actor")),
                ("verb", models.CharField(max_length=60, verbose_name="verb")),
                ("subject_type", models.CharField(max_length=60, verbose_name="subject type")),
                ("subject_id", models.UUIDField(verbose_name="subject")),
                ("subject_label", models.CharField(max_length=200, verbose_name="subject")),
                ("before", models.JSONField(default=dict, verbose_name="before")),
                ("after", models.JSONField(default=dict, verbose_name="after")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
                ("request_id", models.CharField(blank=True, max_length=36, verbose_name="request")),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "history entry",
                "verbose_name_plural": "history",
                "indexes": [
                    models.Index(fields=["creditor_id", "-at", "-id"], name="entry_newest"),
                    models.Index(fields=["subject_id", "at"], name="entry_of_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "sequence"), name="entry_one_per_place_in_chain")
                ],
            },
        ),
    ]
