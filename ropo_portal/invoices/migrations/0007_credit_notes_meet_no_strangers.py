"""A credit note belongs to its invoice's creditor and environment, and does not change once it is written."""

from django.db import migrations

STRANGER = (
    "NOT EXISTS (SELECT 1 FROM invoices_invoice i WHERE i.id = NEW.invoice_id "
    "AND i.environment_id = NEW.environment_id AND i.creditor_id = NEW.creditor_id)"
)
FROZEN = (
    "creditor_id environment_id invoice_id number number_key reference date reason is_placed net_amount vat_amount "
    "total_amount credited_amount written_by_id"
).split()
TEXTS = ("credit note: the invoice belongs to another environment", "credit note: it does not change")


def _frozen(differs):
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)


def _postgresql():
    yield (
        "CREATE FUNCTION credit_note_rules() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {_frozen('IS DISTINCT FROM')} THEN RAISE EXCEPTION '{TEXTS[1]}'; END IF; END IF; "
        f"IF {STRANGER} THEN RAISE EXCEPTION '{TEXTS[0]}'; END IF; RETURN NEW; END $$;"
    )
    yield (
        "CREATE TRIGGER credit_note_rules BEFORE INSERT OR UPDATE ON invoices_creditnote FOR EACH ROW "
        "EXECUTE FUNCTION credit_note_rules();"
    )


def _sqlite():
    for name, event, when, text in (
        ("credit_note_entry", "INSERT", STRANGER, TEXTS[0]),
        ("credit_note_change", "UPDATE", _frozen("IS NOT"), TEXTS[1]),
    ):
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON invoices_creditnote FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END;"
        )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def _undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER credit_note_rules ON invoices_creditnote")
        schema_editor.execute("DROP FUNCTION credit_note_rules()")
        return
    for name in ("credit_note_change", "credit_note_entry"):
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Credit notes meet no strangers."""

    dependencies = (("invoices", "0006_payments_and_credits"),)
    operations = (migrations.RunPython(_apply, _undo),)
