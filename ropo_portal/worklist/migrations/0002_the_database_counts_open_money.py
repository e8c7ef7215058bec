"""What is open of every claim and invoice, and the sums of every day, kept by the database whoever writes."""

from django.db import migrations

LIVE = (
    "EXISTS (SELECT 1 FROM submissions_submission s WHERE s.id = p.submission_id "
    "AND s.state NOT IN ('rejected', 'cancelled'))"
)
# What lowers a claim: amount, day, table and condition; the same as invoices.models.balance says it.
LOWERING = (
    ("p.amount", "p.paid_date", "invoices_bypasspayment", f"p.claim_id = c.id AND {LIVE}"),
    ("p.amount", "p.paid_date", "invoices_paymentreport", "p.claim_id = c.id AND p.payment_id IS NULL"),
    ("p.credited_amount", "p.date", "invoices_creditnote", f"p.invoice_id = c.invoice_id AND {LIVE}"),
    (
        "p.amount",
        "p.date",
        "invoices_creditallocation",
        f"p.claim_id = c.id AND p.credit_note_id IS NULL AND p.kind = 'allocated' AND {LIVE}",
    ),
)
LOWERED = " - ".join(
    f"COALESCE((SELECT SUM({amount}) FROM {table} p WHERE {condition}), 0)"
    for amount, _day, table, condition in LOWERING
)
LAST_DAY = "(SELECT MAX(d.day) FROM ({}) d)".format(
    " UNION ALL ".join(
        f"SELECT {day} AS day FROM {table} p WHERE {condition}" for _amount, day, table, condition in LOWERING
    )
)
PURSUED = (
    "EXISTS (SELECT 1 FROM submissions_submission s WHERE s.environment_id = {row}.environment_id "
    "AND s.number_key = {row}.number_key AND s.opening = 'claim' AND s.state NOT IN ('rejected', 'cancelled'))"
)
COLUMNS = "id, environment_id, claim_id, invoice_id, invoice_date, due_date, principal, amount, closed_date, is_pursued"
SENT_INVOICES = (
    f"INSERT INTO worklist_openitem ({COLUMNS}) "
    "SELECT i.id, i.environment_id, NULL, i.id, i.invoice_date, i.due_date, i.total_amount, i.total_amount, NULL, "
    + PURSUED.format(row="i")
    + " FROM invoices_invoice i JOIN submissions_submission t ON t.id = i.submission_id "
    "WHERE t.state = 'accepted' AND i.total_amount > 0 AND {which} ON CONFLICT (id) DO NOTHING"
)
NEW_CLAIMS = (
    f"INSERT INTO worklist_openitem ({COLUMNS}) "
    "SELECT COALESCE(c.invoice_id, c.id), c.environment_id, c.id, c.invoice_id, c.invoice_date, c.due_date, "
    "c.principal, 0, NULL, {no} FROM invoices_claim c WHERE {which} ON CONFLICT (id) DO NOTHING"
)
# Two who change one claim at once count one after the other, and the second sees what the first has done.
LOCKED_CLAIMS = (
    "PERFORM 1 FROM worklist_openitem WHERE id IN (SELECT COALESCE(c.invoice_id, c.id) FROM invoices_claim c "
    "WHERE {which}) ORDER BY id FOR UPDATE"
)
COUNTED_CLAIMS = (
    "UPDATE worklist_openitem SET claim_id = n.claim_id, invoice_date = n.invoice_date, due_date = n.due_date, "
    "principal = n.principal, amount = CASE WHEN n.balance > 0 THEN n.balance ELSE 0 END, "
    "closed_date = CASE WHEN n.balance > 0 THEN NULL ELSE n.last_day END, is_pursued = n.is_pursued FROM ("
    "SELECT COALESCE(c.invoice_id, c.id) AS id, c.id AS claim_id, c.invoice_date, c.due_date, c.principal, "
    f"ROUND(c.principal - {LOWERED}, 2) AS balance, {LAST_DAY} AS last_day, {PURSUED.format(row='c')} AS is_pursued "
    "FROM invoices_claim c WHERE {which}) n WHERE worklist_openitem.id = n.id"
)
DEAD = "({row}.state IN ('rejected', 'cancelled'))"
TOLD = "({row}.state IN ('accepted', 'rejected'))"
OF_SUBMISSION = """c.id IN (
    SELECT p.claim_id FROM invoices_bypasspayment p WHERE p.submission_id = NEW.id
    UNION SELECT p.claim_id FROM invoices_creditallocation p WHERE p.submission_id = NEW.id
    UNION SELECT k.id FROM invoices_creditnote p JOIN invoices_claim k ON k.invoice_id = p.invoice_id
        WHERE p.submission_id = NEW.id
    UNION SELECT k.id FROM invoices_claim k WHERE NEW.opening = 'claim' AND k.environment_id = NEW.environment_id
        AND k.number_key = NEW.number_key)"""
BOOK = "INSERT INTO worklist_bookentry (environment_id, kind, day, amount, items, late_days) "
BOOK_SUMS = (
    "SELECT e, k, d, SUM(a), SUM(n), SUM(l) FROM ({rows}) r WHERE d IS NOT NULL GROUP BY e, k, d "
    "HAVING SUM(a) <> 0 OR SUM(n) <> 0 OR SUM(l) <> 0"
)
LATE = {
    "postgresql": "GREATEST({row}.closed_date - {row}.due_date, 0)",
    "sqlite": "MAX(CAST(julianday({row}.closed_date) - julianday({row}.due_date) AS INTEGER), 0)",
}
TOLD_DAY = {
    "postgresql": "(COALESCE({row}.settled_at, {row}.last_activity_at) AT TIME ZONE 'UTC')::date",
    "sqlite": "date(COALESCE({row}.settled_at, {row}.last_activity_at))",
}


def _item_rows(vendor, row, sign):
    """Return what one item adds to the book of days, or takes away from it."""
    late = LATE[vendor].format(row=row)
    return (
        f"SELECT {row}.environment_id AS e, 'open' AS k, {row}.due_date AS d, {sign} {row}.amount AS a, "
        f"{sign} (CASE WHEN {row}.amount > 0 THEN 1 ELSE 0 END) AS n, 0 AS l UNION ALL "
        f"SELECT {row}.environment_id, 'invoiced', {row}.invoice_date, {sign} {row}.principal, {sign} 1, 0 UNION ALL "
        f"SELECT {row}.environment_id, 'closed', {row}.closed_date, {sign} {row}.principal, {sign} 1, {sign} {late}"
    )


def _told_rows(vendor, row, sign):
    return (
        f"SELECT {row}.environment_id AS e, {row}.state AS k, {TOLD_DAY[vendor].format(row=row)} AS d, "
        f"{sign} {row}.amount AS a, {sign} 1 AS n, 0 AS l WHERE {TOLD.format(row=row)}"
    )


def _booked(vendor, rows, *signs):
    whole = " UNION ALL ".join(rows(vendor, row, sign) for row, sign in signs)
    return BOOK + BOOK_SUMS.format(rows=whole)


def _claims(vendor, which):
    """Return the statements that count some claims anew."""
    no = "FALSE" if vendor == "postgresql" else "0"
    steps = [NEW_CLAIMS.format(which=which, no=no)]
    if vendor == "postgresql":
        steps.append(LOCKED_CLAIMS.format(which=which))
    return [*steps, COUNTED_CLAIMS.format(which=which)]


def _triggers(vendor):
    """Yield name, table, event, condition and statements of every trigger."""
    submission, item = "submissions_submission", "worklist_openitem"
    states = "UPDATE OF state"
    yield (
        "work_accepted", submission, states, "NEW.state = 'accepted' AND OLD.state <> 'accepted'",
        [SENT_INVOICES.format(which="i.submission_id = NEW.id")],
    )  # fmt: skip
    yield (
        "work_alive", submission, states, f"{DEAD.format(row='OLD')} <> {DEAD.format(row='NEW')}",
        _claims(vendor, OF_SUBMISSION),
    )  # fmt: skip
    yield (
        "work_told", submission, states,
        f"OLD.state <> NEW.state AND ({TOLD.format(row='OLD')} OR {TOLD.format(row='NEW')})",
        [_booked(vendor, _told_rows, ("OLD", "-"), ("NEW", "+"))],
    )  # fmt: skip
    yield "work_pursued", submission, "INSERT", "NEW.opening = 'claim'", _claims(vendor, OF_SUBMISSION)
    yield (
        "work_posted", "invoices_invoice", "UPDATE OF submission_id", "NEW.submission_id IS NOT NULL",
        [SENT_INVOICES.format(which="i.id = NEW.id")],
    )  # fmt: skip
    yield "work_claimed", "invoices_claim", "INSERT", "", _claims(vendor, "c.id = NEW.id")
    yield "work_dated", "invoices_claim", "UPDATE OF due_date, invoice_date", "", _claims(vendor, "c.id = NEW.id")
    sources = {"payment": "bypasspayment", "report": "paymentreport", "credit": "creditallocation"}
    for name, table in sources.items():
        for event in ("INSERT", "UPDATE"):
            yield f"work_{name}_{event.lower()}", f"invoices_{table}", event, "", _claims(vendor, "c.id = NEW.claim_id")
    for event in ("INSERT", "UPDATE"):
        which = "c.invoice_id = NEW.invoice_id"
        yield f"work_note_{event.lower()}", "invoices_creditnote", event, "", _claims(vendor, which)
    yield "work_item_insert", item, "INSERT", "", [_booked(vendor, _item_rows, ("NEW", "+"))]
    yield "work_item_update", item, "UPDATE", "", [_booked(vendor, _item_rows, ("OLD", "-"), ("NEW", "+"))]
    yield "work_item_delete", item, "DELETE", "", [_booked(vendor, _item_rows, ("OLD", "-"))]


def _statements(vendor):
    for name, table, event, condition, steps in _triggers(vendor):
        body, when = " ".join(f"{step};" for step in steps), f"WHEN ({condition}) " if condition else ""
        head = f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}"
        if vendor == "postgresql":
            yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
            yield f"{head} EXECUTE FUNCTION {name}()"
        else:
            yield f"{head} BEGIN {body} END"


def _filled(vendor):
    """Count what is there already; the triggers on the items write the book."""
    yield SENT_INVOICES.format(which="TRUE" if vendor == "postgresql" else "1")
    for step in _claims("sqlite", "c.id IS NOT NULL"):
        yield step.replace("0, NULL, 0 FROM", "0, NULL, FALSE FROM") if vendor == "postgresql" else step
    row = "submissions_submission"
    told = _told_rows(vendor, row, "+").replace(" WHERE ", f" FROM {row} WHERE ")
    yield BOOK + BOOK_SUMS.format(rows=told)


def _apply(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for statement in (*_statements(vendor), *_filled(vendor)):
            cursor.execute(statement)


def _undo(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for name, table, *_rest in _triggers(vendor):
            cursor.execute(f"DROP TRIGGER {name} ON {table}" if vendor == "postgresql" else f"DROP TRIGGER {name}")
            if vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    """Open money is counted by the database."""

    dependencies = (
        ("worklist", "0001_work_taken_and_open_money"),
        ("invoices", "0008_everything_in_one_place"),
        ("submissions", "0007_nothing_crosses_environments"),
    )
    operations = (migrations.RunPython(_apply, _undo),)
