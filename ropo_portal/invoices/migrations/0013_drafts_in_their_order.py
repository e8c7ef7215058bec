"""Drafts are walked from the newest, however many invoices have been sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies = (("invoices", "0012_rules_walk_by_key"),)
    operations = (
        migrations.AddIndex(
            "invoice",
            models.Index(
                fields=["environment", "-created_at", "-id"],
                condition=models.Q(("discarded_at", None), ("submission", None)),
                name="invoice_unsent",
            ),
        ),
    )
