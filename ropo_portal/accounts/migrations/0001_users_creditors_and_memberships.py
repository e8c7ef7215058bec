"""Room: users, creditors with their environments, and memberships."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import ropo_portal.encryption
import ropo_portal.identifiers.ids
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=ropo_portal.identifiers.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("language", models.CharField(default="en", max_length=2, verbose_name="language")),
                ("theme", models.CharField(default="auto", max_length=5, verbose_name="theme")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
            },
        ),
        migrations.CreateModel(
            name="Creditor",
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
                ("name", models.CharField(max_length=70, verbose_name="name")),
                ("business_id", models.CharField(max_length=20, verbose_name="business id")),
                ("vat_id", models.CharField(blank=True, max_length=20, verbose_name="VAT id")),
                (
                    "country",
                    models.CharField(
                        choices=[("FI", "Finland"), ("SE", "Sweden"), ("NO", "Norway")],
                        max_length=2,
                        verbose_name="country",
                    ),
                ),
                ("street", models.CharField(max_length=70, verbose_name="street address")),
                ("postcode", models.CharField(max_length=10, verbose_name="post code")),
                ("city", models.CharField(max_length=50, verbose_name="city")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(max_length=11, verbose_name="BIC")),
                (
                    "payment_term_days",
                    models.PositiveSmallIntegerField(default=14, verbose_name="payment term, days"),
                ),
                (
                    "default_vat_rate",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="usual VAT rate, %"),
                ),
                (
                    "late_interest",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="late interest, %"
                    ),
                ),
                (
                    "reference_kind",
                    models.CharField(
                        choices=[
                            ("viite", "Finnish reference (viite)"),
                            ("rf", "International reference (RF)"),
                            ("ocr", "Swedish OCR with check digit"),
                            ("ocr-length", "Swedish OCR with length and check digit"),
                            ("kid10", "Norwegian KID, modulus 10"),
                            ("kid11", "Norwegian KID, modulus 11"),
                        ],
                        max_length=12,
                        verbose_name="kind of reference",
                    ),
                ),
                (
                    "reference_length",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="length of reference"
                    ),
                ),
                (
                    "hold_seconds",
                    models.PositiveIntegerField(
                        default=600,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(86400),
                        ],
                        verbose_name="hold before sending, seconds",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "creditor",
                "verbose_name_plural": "creditors",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hold_seconds__lte", 86400)), name="creditor_hold_within_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__in", ["FI", "SE", "NO"])), name="creditor_country_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditorEnvironment",
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
                    "name",
                    models.CharField(
                        choices=[
                            ("sandbox", "Sandbox"),
                            ("fi-test", "Finland, test"),
                            ("fi-production", "Finland, production"),
                            ("se-test", "Sweden, test"),
                            ("se-production", "Sweden, production"),
                            ("no-test", "Norway, test"),
                            ("no-production", "Norway, production"),
                        ],
                        max_length=13,
                        verbose_name="environment",
                    ),
                ),
                ("cid", models.CharField(blank=True, max_length=40, verbose_name="customer number (cid)")),
                (
                    "apicode",
                    ropo_portal.encryption.EncryptedTextField(
                        blank=True, default="", verbose_name="API code"
                    ),
                ),
                ("is_live", models.BooleanField(default=False, verbose_name="switched live")),
                ("sending_paused", models.BooleanField(default=False, verbose_name="sending paused")),
                (
                    "paused_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason of the pause"),
                ),
                ("blocked_until", models.DateTimeField(blank=True, null=True, verbose_name="resting until")),
                (
                    "last_checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="connection tested"),
                ),
                ("last_check_ok", models.BooleanField(null=True, verbose_name="connection works")),
                (
                    "next_number",
                    models.PositiveBigIntegerField(default=1, verbose_name="next invoice number"),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="environments",
                        to="accounts.creditor",
                    ),
                ),
            ],
            options={
                "verbose_name": "environment",
                "verbose_name_plural": "environments",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reader", "Reader"),
                            ("clerk", "Clerk"),
                            ("sender", "Sender"),
                            ("approver", "Approver"),
                            ("administrator", "Administrator"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=13,
                        verbose_name="role",
                    ),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="accounts.creditor",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"), name="user_email_unique_whatever_the_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditorenvironment",
            constraint=models.UniqueConstraint(
                fields=("creditor", "name"), name="environment_one_of_each_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditorenvironment",
            constraint=models.UniqueConstraint(fields=("id", "creditor"), name="environment_with_creditor"),
        ),
        migrations.AddConstraint(
            model_name="creditorenvironment",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_live", False), models.Q(("cid", ""), _negated=True), _connector="OR"),
                name="environment_live_has_credentials",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "creditor", "role"), name="membership_role_once"
            ),
        ),
    ]
