"""Nothing is queued or sent to a debtor whom a flag protects, and a double takes nothing new."""

from django.db import migrations

# From the document to whom it is about.
DOCUMENTS = (
    "SELECT i.debtor_id FROM invoices_invoice i WHERE i.id = NEW.document_id "
    "UNION ALL SELECT c.debtor_id FROM collection_reminder r JOIN invoices_claim c ON c.id = r.claim_id "
    "WHERE r.id = NEW.document_id "
    "UNION ALL SELECT c.debtor_id FROM collection_debtcollectioncase k JOIN invoices_claim c ON c.id = k.claim_id "
    "WHERE k.id = NEW.document_id"
)
# A flag on the debtor, or on the one it was merged into.
PEOPLE = (
    f"SELECT d.id FROM parties_debtor d WHERE d.id IN ({DOCUMENTS}) "
    f"UNION ALL SELECT d.merged_into_id FROM parties_debtor d WHERE d.id IN ({DOCUMENTS}) "
    "AND d.merged_into_id IS NOT NULL"
)
# A plain invoice is stopped by fewer flags than what pursues the debtor. Credits and payments help, and pass.
STOPS = (
    "NEW.kind IN ('monitored-invoice', 'reminder', 'debt-collection', 'letter') OR "
    "(NEW.kind IN ('invoice', 'local-print') "
    "AND f.kind IN ('bankrupt', 'deceased', 'minor', 'protected-address'))"
)
FLAGGED = (
    f"EXISTS (SELECT 1 FROM parties_flag f WHERE f.debtor_id IN ({PEOPLE}) AND f.lifted_at IS NULL "
    f"AND (f.frees_at IS NULL OR f.frees_at > NEW.last_activity_at) AND ({STOPS}))"
)
LEAVING = "NEW.state IN ('queued', 'sending')"
KINDS = "NEW.kind IN ('monitored-invoice', 'reminder', 'debt-collection', 'letter', 'invoice', 'local-print')"
# What was claimed and never left may go back into the queue; it is the way out again that is closed.
MOVED = "NEW.state <> OLD.state AND OLD.state <> 'sending'"
DOUBLE = "EXISTS (SELECT 1 FROM parties_debtor d WHERE d.id = NEW.debtor_id AND d.merged_into_id IS NOT NULL)"
FLAG_TEXT = "flag: the debtor is not to be sent this"
DOUBLE_TEXT = "debtor: a double takes nothing new"
# Name, table, when. What was sent to a double before stays its own, and so does the claim of such an invoice.
DOUBLES = (
    ("double_invoice", "invoices_invoice", DOUBLE),
    ("double_claim", "invoices_claim", f"NEW.invoice_id IS NULL AND {DOUBLE}"),
)
TURNED = "NEW.debtor_id <> OLD.debtor_id"


def _postgresql():
    # The lock waits for whoever is setting a flag or merging, so that neither can overtake the other.
    yield (
        "CREATE FUNCTION flag_rules() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT ({LEAVING} AND {KINDS}) THEN RETURN NEW; END IF; "
        f"IF TG_OP = 'UPDATE' THEN IF NOT ({MOVED}) THEN RETURN NEW; END IF; END IF; "
        f"PERFORM 1 FROM parties_debtor p WHERE p.id IN ({PEOPLE}) ORDER BY p.id FOR SHARE; "
        f"IF {FLAGGED} THEN RAISE EXCEPTION '{FLAG_TEXT}'; END IF; RETURN NEW; END $$;"
    )
    yield (
        "CREATE TRIGGER flag_rules BEFORE INSERT OR UPDATE OF state ON submissions_submission FOR EACH ROW "
        "EXECUTE FUNCTION flag_rules();"
    )
    for name, table, when in DOUBLES:
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN IF NOT ({TURNED}) THEN RETURN NEW; END IF; END IF; IF {when} THEN "
            f"RAISE EXCEPTION '{DOUBLE_TEXT}'; END IF; RETURN NEW; END $$;"
        )
        yield (
            f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
        )


def _sqlite():
    for name, event, when in (
        ("flag_entry", "INSERT", f"{LEAVING} AND {FLAGGED}"),
        ("flag_move", "UPDATE OF state", f"{LEAVING} AND {MOVED} AND {FLAGGED}"),
    ):
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON submissions_submission FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{FLAG_TEXT}'); END;"
        )
    for name, table, when in DOUBLES:
        for event, test in (("INSERT", when), ("UPDATE", f"{TURNED} AND {when}")):
            yield (
                f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
                f"BEGIN SELECT RAISE(ABORT, '{DOUBLE_TEXT}'); END;"
            )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def _undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, table in (("flag_rules", "submissions_submission"), *((one[0], one[1]) for one in DOUBLES)):
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")
        return
    names = [f"{one[0]}_{event}" for one in DOUBLES for event in ("insert", "update")]
    for name in ("flag_entry", "flag_move", *names):
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Flags stop what is queued."""

    dependencies = (
        ("collection", "0004_a_mistyped_claim_is_mended"),
        ("parties", "0004_flags_are_only_lifted"),
        ("invoices", "0011_a_second_person_agrees"),
        ("submissions", "0008_news_stays_with_its_environment"),
    )
    operations = (migrations.RunPython(_apply, _undo),)
