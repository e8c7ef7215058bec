"""What was sent and given up is asked of every refused submission: there are few, and they are found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies = (("invoices", "0014_odd_doubts_take_words"),)
    operations = (
        migrations.AddIndex(
            "invoice",
            models.Index(
                fields=["submission"],
                condition=models.Q(("discarded_at__isnull", False), ("submission__isnull", False)),
                name="invoice_given_up",
            ),
        ),
    )
