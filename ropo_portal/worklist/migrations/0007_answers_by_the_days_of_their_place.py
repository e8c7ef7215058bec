"""What Ropo One took and refused is counted by the environment's own day, and no longer by the day in Greenwich."""

from importlib import import_module

from django.db import migrations

COUNTING = import_module("ropo_portal.worklist.migrations.0002_the_database_counts_open_money")
MOMENT = "COALESCE({row}.settled_at, {row}.last_activity_at)"
COUNTRY = (
    "(SELECT CASE WHEN e.name = 'sandbox' THEN c.country ELSE UPPER(SUBSTR(e.name, 1, 2)) END "
    "FROM accounts_creditorenvironment e JOIN accounts_creditor c ON c.id = e.creditor_id "
    "WHERE e.id = {row}.environment_id)"
)
ZONE = f"(CASE {COUNTRY} WHEN 'SE' THEN 'Europe/Stockholm' WHEN 'NO' THEN 'Europe/Oslo' ELSE 'Europe/Helsinki' END)"
# SQLite knows no zones: summer time lasts from the last Sunday of March to that of October, at one o'clock in Greenwich.
SUNDAY = f"DATE(STRFTIME('%Y', {MOMENT}) || '-{{month}}-25', 'weekday 0') || ' 01:00:00'"
MARCH, OCTOBER = (SUNDAY.replace("{month}", month) for month in ("03", "10"))
HOURS = f"((CASE {COUNTRY} WHEN 'FI' THEN 2 ELSE 1 END) + ({MOMENT} >= {MARCH} AND {MOMENT} < {OCTOBER}))"
TOLD_DAY = {
    "postgresql": f"({MOMENT} AT TIME ZONE {ZONE})::date",
    "sqlite": f"DATE({MOMENT}, '+' || {HOURS} || ' hours')",
}
SUBMISSION = "submissions_submission"


def _counted(vendor, days, signs):
    """Write the statement that books answers by a way to say their day."""
    earlier = COUNTING.TOLD_DAY[vendor]
    rows = " UNION ALL ".join(
        COUNTING._told_rows(vendor, row, sign).replace(earlier.format(row=row), days[vendor].format(row=row))
        for row, sign in signs
    )
    return COUNTING.BOOK + COUNTING.BOOK_SUMS.format(rows=rows)


def _statements(vendor, days):
    body = _counted(vendor, days, (("OLD", "-"), ("NEW", "+")))
    told = COUNTING.TOLD
    when = f"OLD.state <> NEW.state AND ({told.format(row='OLD')} OR {told.format(row='NEW')})"
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION work_told() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NULL; END $$"
        )
    else:
        yield "DROP TRIGGER work_told"
        yield (
            f"CREATE TRIGGER work_told AFTER UPDATE OF state ON {SUBMISSION} FOR EACH ROW WHEN ({when}) BEGIN {body}; END"
        )
    yield "DELETE FROM worklist_bookentry WHERE kind IN ('accepted', 'rejected')"
    rows = COUNTING._told_rows(vendor, SUBMISSION, "+").replace(
        COUNTING.TOLD_DAY[vendor].format(row=SUBMISSION), days[vendor].format(row=SUBMISSION)
    )
    whole = rows.replace(" AS l WHERE ", f" AS l FROM {SUBMISSION} WHERE ")
    yield COUNTING.BOOK + COUNTING.BOOK_SUMS.format(rows=whole)


def _run(schema_editor, days):
    with schema_editor.connection.cursor() as cursor:
        for statement in _statements(schema_editor.connection.vendor, days):
            # No values go with it, so that percent signs stay what they are.
            cursor.execute(statement, None)


def _apply(apps, schema_editor):
    _run(schema_editor, TOLD_DAY)


def _undo(apps, schema_editor):
    _run(schema_editor, COUNTING.TOLD_DAY)


class Migration(migrations.Migration):
    """Answers by the days of their place."""

    dependencies = (
        ("worklist", "0006_people_are_told_by_mail"),
        ("accounts", "0005_four_eyes_and_sending_time"),
        ("submissions", "0008_news_stays_with_its_environment"),
    )
    operations = (migrations.RunPython(_apply, _undo),)
