"""The rates as they stood in November 2026, with what was known about each."""

import datetime as dt
from decimal import Decimal

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CHECKED = dt.date(2026, 11, 22)
LONG_AGO = dt.date(2013, 1, 1)
UNCERTAIN = "Beginning not looked up"
FI, SE, NO = "FI", "SE", "NO"
NORWAY = "Survey of November 2026; compare with the tax administration"

# Country, rate, band, first day, last day, source, confirmed.
RATES = [
    (FI, "24", "standard", LONG_AGO, dt.date(2024, 8, 31), UNCERTAIN, False),
    (FI, "25.5", "standard", dt.date(2024, 9, 1), None, "In force 1.9.2024, by date of supply", True),
    (FI, "14", "reduced", LONG_AGO, dt.date(2025, 12, 31), UNCERTAIN, False),
    (FI, "13.5", "reduced", dt.date(2026, 1, 1), None, "Government bill 93/2025; compare with the act", False),
    (FI, "10", "lower", LONG_AGO, None, UNCERTAIN, False),
    (FI, "0", "zero", LONG_AGO, None, "Exempt and zero-rated supplies", True),
    (SE, "25", "standard", LONG_AGO, None, "Survey of November 2026", True),
    (SE, "12", "reduced", LONG_AGO, None, "Survey of November 2026", True),
    (SE, "6", "lower", LONG_AGO, None, "Food as well 1.4.2026 to 31.12.2027 (prop. 2025/26:55)", True),
    (SE, "0", "zero", LONG_AGO, None, "Exempt and zero-rated supplies", True),
    (NO, "25", "standard", LONG_AGO, None, NORWAY, False),
    (NO, "15", "reduced", LONG_AGO, None, NORWAY, False),
    (NO, "12", "lower", LONG_AGO, None, NORWAY, False),
    (NO, "11.11", "raw fish", LONG_AGO, None, NORWAY, False),
    (NO, "0", "zero", LONG_AGO, None, "Exempt and zero-rated supplies", True),
]


def add_rates(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Add the first set; rows that are there already stay as they are."""
    rows = apps.get_model("rules", "VatRate").objects
    for country, rate, label, first_day, last_day, source, is_confirmed in RATES:
        values = {"label": label, "valid_to": last_day, "source": source, "is_confirmed": is_confirmed}
        key = {"country": country, "rate": Decimal(rate), "valid_from": first_day}
        rows.get_or_create(**key, defaults={**values, "checked_on": CHECKED})


class Migration(migrations.Migration):
    """The first set of rates."""

    dependencies = [("rules", "0001_tax_rates")]

    operations = [migrations.RunPython(add_rates, migrations.RunPython.noop)]
