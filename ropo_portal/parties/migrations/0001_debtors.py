"""Room: debtors."""

import django.db.models.deletion
import ropo_portal.encryption
import ropo_portal.identifiers.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('accounts', '0001_users_creditors_and_memberships'),
    ]

    operations = [
        migrations.CreateModel(
            name="Debtor",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("company", "Company"), ("person", "Private person")],
                        max_length=7,
                        verbose_name="type",
                    ),
                ),
                ("name", models.CharField(max_length=70, verbose_name="name")),
                ("search_name", models.CharField(editable=False, max_length=70)),
                (
                    "customer_number",
                    models.CharField(blank=True, max_length=40, verbose_name="customer number"),
                ),
                ("business_id", models.CharField(blank=True, max_length=20, verbose_name="business id")),
                ("vat_id", models.CharField(blank=True, max_length=20, verbose_name="VAT id")),
                (
                    "national_id",
                    ropo_portal.encryption.EncryptedTextField(
                        blank=True, default="", verbose_name="personal identity code"
                    ),
                ),
                ("national_id_hash", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "extra_line_1",
                    models.CharField(blank=True, max_length=50, verbose_name="line above the name"),
                ),
                (
                    "extra_line_2",
                    models.CharField(blank=True, max_length=50, verbose_name="line under the name"),
                ),
                ("street", models.CharField(max_length=70, verbose_name="street address")),
                ("postcode", models.CharField(max_length=12, verbose_name="post code")),
                ("city", models.CharField(max_length=50, verbose_name="city")),
                ("country", models.CharField(default="FI", max_length=2, verbose_name="country")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                (
                    "einvoice_address",
                    models.CharField(blank=True, max_length=35, verbose_name="e-invoice address"),
                ),
                (
                    "einvoice_operator",
                    models.CharField(blank=True, max_length=35, verbose_name="e-invoice operator"),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("post", "Letter by post"),
                            ("email", "E-mail"),
                            ("einvoice", "E-invoice to a company"),
                            ("consumer-einvoice", "E-invoice to a consumer's bank"),
                        ],
                        default="post",
                        max_length=17,
                        verbose_name="usual channel",
                    ),
                ),
                (
                    "language",
                    models.CharField(default="fi", max_length=2, verbose_name="language of letters"),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created")),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="debtors",
                        to="accounts.creditor",
                    ),
                ),
            ],
            options={
                "verbose_name": "debtor",
                "verbose_name_plural": "debtors",
                "indexes": [
                    models.Index(fields=["creditor", "search_name", "id"], name="debtor_by_name"),
                    models.Index(fields=["creditor", "national_id_hash"], name="debtor_by_national_id"),
                    models.Index(fields=["creditor", "business_id"], name="debtor_by_business_id"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "creditor"), name="debtor_with_creditor"),
                    models.UniqueConstraint(
                        condition=models.Q(("customer_number", ""), _negated=True),
                        fields=("creditor", "customer_number"),
                        name="debtor_customer_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("business_id", ""), ("kind", "person")),
                            models.Q(("kind", "company"), ("national_id_hash", "")),
                            _connector="OR",
                        ),
                        name="debtor_number_fits_kind",
                    ),
                ],
            },
        ),
    ]
