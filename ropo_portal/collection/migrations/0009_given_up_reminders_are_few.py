"""What was sent and given up is asked of every refused submission: there are few, and they are found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies = (("collection", "0008_what_a_flag_stopped_is_looked_at"),)
    operations = (
        migrations.AddIndex(
            "reminder",
            models.Index(
                fields=["submission"],
                condition=models.Q(("discarded_at__isnull", False), ("submission__isnull", False)),
                name="reminder_given_up",
            ),
        ),
    )
