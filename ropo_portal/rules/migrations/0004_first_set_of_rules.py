"""Waiting times, fee caps and interest as far as they were known in November 2026; doubts are rows to be checked."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CHECKED = dt.date(2026, 11, 22)
LONG_AGO = dt.date(2013, 1, 1)
NEXT_CHECK = dt.date(2027, 6, 30)
BEFORE_NEW_YEAR = dt.date(2026, 12, 31)
FI, SE, NO = "FI", "SE", "NO"
COMPANY, PERSON, BOTH = ("company",), ("person",), ("company", "person")
SINCE_2022 = dt.date(2022, 5, 1)
SINCE_2026 = dt.date(2026, 1, 1)

KKV = "kkv.fi, debt collection process"
CHANNEL = "Collection in Ropo's sales channel; compare with your agreement"
HOUSE = "Default of the portal; fee rule to be confirmed"
GENERAL = "A claim is late from the day after its due date; compare with the law"
COMPANIES = "okperinta.fi; government bill 241/2021"
FI_FEES = "kkv.fi, press release 2013; cash-in.com, fees"
MEMORY = "Debt collection act, section 10 c, from memory"
IMY = "imy.se, costs page, February 2023"
SE_FEES = "imy.se; kredinor.se; no newer amounts found"
NO_FEES = "kred.no; fair.no; sergel.no; before official rounding, check the published figures"
NO_OLD_FEES = "Former base of 700; beginning not looked up"
NO_BILL = "Open: Prop. 3 L (2025-2026) leaves the notice to licensed agencies; not found whether it is in force"
BANK = "Bank of Finland"
OPEN = "Value not found"

# Country, debtors, step, counted from, days, name, source, confirmed.
WAITS: list[tuple[str, tuple[str, ...], str, str, int, str, str, bool]] = [
    (FI, PERSON, "reminder", "due_date", 14, "Reminder to a consumer", KKV, True),
    (FI, PERSON, "chargeable_reminder", "due_date", 14, "Chargeable reminder to a consumer", KKV, True),
    (FI, PERSON, "chargeable_reminder", "previous_reminder", 14, "Time between two chargeable reminders", KKV, True),
    (FI, PERSON, "collection", "notice", 14, "Notice before collection from a consumer", KKV, True),
    (FI, PERSON, "collection", "due_date", 14, "Ropo's waiting time for consumers", CHANNEL, False),
    (FI, PERSON, "payment_time", "invoice", 14, "Consumer's time to pay an invoice", "kkv.fi", True),
    (FI, PERSON, "fee_payment_time", "invoice", 14, "Consumer's time to pay before fees",
     "Consumer agency, page on collection costs (older); not where it is agreed that no invoice is sent", False),
    (FI, PERSON, "contract_interest", "due_date", 180, "End of the agreed interest", "oikeuspalveluvirasto.fi", False),
    (FI, COMPANY, "reminder", "due_date", 1, "Reminder to a company", HOUSE, False),
    (FI, COMPANY, "chargeable_reminder", "due_date", 1, "Chargeable reminder to a company", HOUSE, False),
    (FI, COMPANY, "collection", "notice", 10, "Notice before collection from a company", COMPANIES, False),
    (FI, COMPANY, "collection", "due_date", 7, "Ropo's waiting time for companies", CHANNEL, False),
    (SE, BOTH, "reminder", "due_date", 1, "Reminder after the due date", GENERAL, False),
    (SE, BOTH, "chargeable_reminder", "due_date", 1, "Chargeable reminder", GENERAL, False),
    (SE, BOTH, "collection", "due_date", 1, "Collection without a reminder", "finansinspektionen.se, collection FAQ", True),
    (SE, BOTH, "demand_time", "demand", 8, "Time to pay a collection demand", "imy.se, FAQ; longer for slow post", True),
    (NO, BOTH, "reminder", "due_date", 1, "Reminder after the due date", GENERAL, False),
    (NO, BOTH, "chargeable_reminder", "due_date", 14, "Chargeable reminder", "kontohjelp.no", False),
    (NO, BOTH, "notice", "due_date", 1, "Collection notice after the due date", NO_BILL, False),
    (NO, BOTH, "collection", "notice", 14, "Time to pay after a collection notice", "jusinfo.no, section 9", True),
    (NO, BOTH, "demand_time", "demand", 14, "Time to pay a collection demand", "jusinfo.no, section 10", True),
]

AGREED = "only if agreed at latest when the debt arose"
DEDUCTED = "a charged reminder fee is deducted"
ENFORCEABLE = "directly enforceable claims"
MOVED = "due date moved by at least 14 days"
INSTEAD = "instead of ordinary costs"

# Country, debtors, step, principal above, up to, amount, most times, condition, first day, last day, source, confirmed.
Cap = tuple[
    str, tuple[str, ...], str, str, str | None, str | None, int | None, str, dt.date, dt.date | None, str, bool
]
LAST_OF_2025, HALF_OF_2026, SECOND_HALF = dt.date(2025, 12, 31), dt.date(2026, 6, 30), dt.date(2026, 7, 1)
CAPS: list[Cap] = [
    (FI, PERSON, "reminder", "0", None, "5", None, "", LONG_AGO, None, KKV, True),
    (FI, PERSON, "demand", "0", "100", "14", 2, "", LONG_AGO, None, FI_FEES, False),
    (FI, PERSON, "demand", "100", "1000", "24", 2, "", LONG_AGO, None, FI_FEES, False),
    (FI, PERSON, "demand", "1000", None, "50", 2, "", LONG_AGO, None, FI_FEES, False),
    (FI, PERSON, "enforceable_demand", "0", None, "14", 2, ENFORCEABLE, LONG_AGO, None, FI_FEES, False),
    (FI, PERSON, "new_due_date", "0", None, "5", None, MOVED, LONG_AGO, None, FI_FEES, False),
    (FI, PERSON, "instalment_plan", "0", "100", "20", None, "", LONG_AGO, None, FI_FEES, False),
    (FI, PERSON, "instalment_plan", "100", "1000", None, None, "", LONG_AGO, None, OPEN, False),
    (FI, PERSON, "instalment_plan", "1000", None, "50", None, "", LONG_AGO, None, FI_FEES, False),
    (FI, PERSON, "total", "0", "100", "60", None, "", LONG_AGO, None, MEMORY, False),
    (FI, PERSON, "total", "100", "1000", "120", None, "", LONG_AGO, None, MEMORY, False),
    (FI, PERSON, "total", "1000", None, "210", None, "", LONG_AGO, None, MEMORY, False),
    (FI, COMPANY, "reminder", "0", None, "12", None, "", SINCE_2022, None, COMPANIES, False),
    (FI, COMPANY, "demand", "0", "500", "50", None, "", SINCE_2022, None, COMPANIES, False),
    (FI, COMPANY, "demand", "500", "2500", "70", None, "", SINCE_2022, None, COMPANIES, False),
    (FI, COMPANY, "demand", "2500", "10000", "90", None, "", SINCE_2022, None, COMPANIES, False),
    (FI, COMPANY, "demand", "10000", None, "110", None, "", SINCE_2022, None, COMPANIES, False),
    (FI, COMPANY, "compensation", "0", None, "40", None, "per invoice", SINCE_2022, None, COMPANIES, False),
    (SE, BOTH, "reminder", "0", None, "60", None, AGREED, LONG_AGO, None, IMY, True),
    (SE, BOTH, "demand", "0", None, "180", None, "", LONG_AGO, None, SE_FEES, False),
    (SE, BOTH, "instalment_plan", "0", None, "170", None, "", LONG_AGO, None, SE_FEES, False),
    (SE, COMPANY, "compensation", "0", None, "450", None, INSTEAD, LONG_AGO, None, SE_FEES, False),
    (NO, BOTH, "base", "0", None, "700", None, "", LONG_AGO, LAST_OF_2025, NO_OLD_FEES, False),
    (NO, BOTH, "base", "0", None, "750", None, "", SINCE_2026, None, NO_FEES, False),
    (NO, BOTH, "reminder", "0", None, "35", 2, "", LONG_AGO, LAST_OF_2025, NO_OLD_FEES, False),
    (NO, BOTH, "reminder", "0", None, "37.50", 2, "", SINCE_2026, None, NO_FEES, False),
    (NO, BOTH, "notice", "0", None, "35", 1, "", LONG_AGO, LAST_OF_2025, NO_OLD_FEES, False),
    (NO, BOTH, "notice", "0", None, "37.50", 1, "", SINCE_2026, None, NO_FEES, False),
    (NO, BOTH, "demand", "0", None, "105", None, "", LONG_AGO, LAST_OF_2025, NO_OLD_FEES, False),
    (NO, BOTH, "demand", "0", None, "112.50", None, "", SINCE_2026, None, NO_FEES, False),
    (NO, COMPANY, "compensation", "0", None, "460", None, DEDUCTED, SINCE_2026, HALF_OF_2026, "kred.no; kontohjelp.no", False),
    (NO, COMPANY, "compensation", "0", None, None, None, DEDUCTED, SECOND_HALF, None, OPEN, False),
]

RIKSBANK = "Reference rate and 8 points; riksbank.se, capway.se"
DERIVED = "Reference of probably 2.0 and 8 points, own derivation"

# Country, debtors, percent, first day, last day, source, confirmed.
INTEREST: list[tuple[str, tuple[str, ...], str | None, dt.date, dt.date, str, bool]] = [
    (FI, PERSON, "11.5", dt.date(2024, 7, 1), dt.date(2024, 12, 31), BANK, True),
    (FI, PERSON, "10.5", dt.date(2025, 1, 1), dt.date(2025, 6, 30), BANK, True),
    (FI, PERSON, None, dt.date(2025, 7, 1), LAST_OF_2025, OPEN, False),
    (FI, PERSON, "9.5", SINCE_2026, HALF_OF_2026, BANK, True),
    (FI, PERSON, None, SECOND_HALF, BEFORE_NEW_YEAR, OPEN, False),
    (FI, COMPANY, "12.5", dt.date(2024, 7, 1), dt.date(2024, 12, 31), BANK, True),
    (FI, COMPANY, "11.5", dt.date(2025, 1, 1), dt.date(2025, 6, 30), BANK, True),
    (FI, COMPANY, None, dt.date(2025, 7, 1), LAST_OF_2025, OPEN, False),
    (FI, COMPANY, "10.5", SINCE_2026, HALF_OF_2026, BANK, True),
    (FI, COMPANY, None, SECOND_HALF, BEFORE_NEW_YEAR, OPEN, False),
    (SE, BOTH, "11.5", dt.date(2023, 7, 1), dt.date(2023, 12, 31), RIKSBANK, True),
    (SE, BOTH, "12", dt.date(2024, 1, 1), dt.date(2024, 6, 30), RIKSBANK, True),
    (SE, BOTH, None, dt.date(2024, 7, 1), LAST_OF_2025, OPEN, False),
    (SE, BOTH, "10", SINCE_2026, BEFORE_NEW_YEAR, DERIVED, False),
    (NO, BOTH, "12", SINCE_2026, HALF_OF_2026, "kred.no; kontohjelp.no", False),
    (NO, BOTH, None, SECOND_HALF, BEFORE_NEW_YEAR, OPEN, False),
]
CURRENCIES = {FI: "EUR", SE: "SEK", NO: "NOK"}


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _add(rows: Any, key: dict[str, Any], values: dict[str, Any], *, is_confirmed: bool) -> None:
    check_by = NEXT_CHECK if is_confirmed else BEFORE_NEW_YEAR
    known = {"is_confirmed": is_confirmed, "checked_on": CHECKED, "check_by": check_by}
    rows.get_or_create(**key, defaults={**values, **known})


def add_rules(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Add the first set; rows that are there already stay as they are."""
    rows = apps.get_model("rules", "LegalRule").objects
    for country, debtors, step, after, days, name, source, sure in WAITS:
        for debtor in debtors:
            key = {"country": country, "debtor_kind": debtor, "step": step, "after": after, "valid_from": LONG_AGO}
            if (country, debtor, step, after) == (FI, "company", "collection", "notice"):
                key["valid_from"] = SINCE_2022
            _add(rows, key, {"days": days, "name": name, "source": source}, is_confirmed=sure)
    rows = apps.get_model("rules", "FeeCap").objects
    for country, debtors, step, above, up_to, amount, times, when, first, last, source, sure in CAPS:
        for debtor in debtors:
            key = {"country": country, "debtor_kind": debtor, "step": step, "principal_from": Decimal(above)}
            values = {
                "principal_to": _number(up_to), "amount": _number(amount), "most_times": times, "condition": when,
                "valid_to": last, "source": source, "currency": CURRENCIES[country],
            }  # fmt: skip
            _add(rows, {**key, "valid_from": first}, values, is_confirmed=sure)
    rows = apps.get_model("rules", "InterestRate").objects
    for country, debtors, percent, first, last, source, sure in INTEREST:
        for debtor in debtors:
            key = {"country": country, "debtor_kind": debtor, "valid_from": first}
            values = {"percent": _number(percent), "valid_to": last, "source": source}
            _add(rows, key, values, is_confirmed=sure)


class Migration(migrations.Migration):
    """The first set of rules."""

    dependencies = [("rules", "0003_waiting_times_fees_and_interest")]

    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
