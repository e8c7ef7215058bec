"""Payments, allocations, reports and credit notes belong to one claim or invoice; so do their postings and effects."""

from django.db import migrations

PAYMENT, ALLOCATION = "invoices_bypasspayment", "invoices_creditallocation"
REPORT, NOTE = "invoices_paymentreport", "invoices_creditnote"
POSTED = (
    "NEW.submission_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submissions_submission s JOIN {owner} c "
    "ON c.environment_id = s.environment_id AND c.creditor_id = s.creditor_id WHERE s.id = NEW.submission_id "
    "AND s.document_id = NEW.id AND s.kind = '{kind}' AND c.id = NEW.{column})"
)
OF_UPDATE = (
    "NEW.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submissions_statusupdate u JOIN invoices_claim c "
    "ON c.environment_id = u.environment_id WHERE u.id = NEW.{column} AND c.id = NEW.claim_id)"
)
OF_NOTE = (
    "NEW.credit_note_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invoices_creditnote n JOIN invoices_claim c "
    "ON c.environment_id = n.environment_id WHERE n.id = NEW.credit_note_id AND c.id = NEW.claim_id)"
)
OF_PAYMENT = (
    "NEW.payment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invoices_bypasspayment p "
    "WHERE p.id = NEW.payment_id AND p.claim_id = NEW.claim_id)"
)
BOTH = ("INSERT", "UPDATE")


def _rules():
    """Give table, event, condition that refuses, sentence."""
    for table, kind in ((PAYMENT, "bypass-payment"), (ALLOCATION, "credit-allocation")):
        moved = "NEW.id <> OLD.id OR NEW.claim_id <> OLD.claim_id"
        yield table, "UPDATE", moved, "a settlement keeps its claim"
        for event in BOTH:
            posted = POSTED.format(owner="invoices_claim", column="claim_id", kind=kind)
            yield table, event, posted, "the posting is of another document or environment"
            yield table, event, OF_UPDATE.format(column="effect_id"), "an effect is news of the same environment"
    for event in BOTH:
        yield ALLOCATION, event, OF_NOTE, "the credit note belongs to another environment"
        posted = POSTED.format(owner="invoices_invoice", column="invoice_id", kind="credit-note")
        yield NOTE, event, posted, "the posting is of another document or environment"
        yield REPORT, event, OF_UPDATE.format(column="update_id"), "a report is news of the same environment"
        yield REPORT, event, OF_PAYMENT, "the payment is of another claim"
    yield REPORT, "UPDATE", "NEW.claim_id <> OLD.claim_id OR NEW.update_id <> OLD.update_id", "a report keeps its claim"


def _statements(vendor):
    for place, (table, event, test, text) in enumerate(_rules()):
        name = f"settlement_stays_{place}"
        if vendor == "postgresql":
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION 'settlement_stays: {text}'; END IF; RETURN NEW; END $$;"
            )
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
                f"BEGIN SELECT RAISE(ABORT, 'settlement_stays: {text}'); END;"
            )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Settlements stay with their claim."""

    dependencies = (
        ("invoices", "0008_everything_in_one_place"),
        ("submissions", "0007_nothing_crosses_environments"),
    )
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
