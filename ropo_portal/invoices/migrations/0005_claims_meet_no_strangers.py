"""A claim, its environment, its debtor and its invoice belong to one creditor and one environment, for ever."""

from django.db import migrations

RULES = [
    (
        "NOT EXISTS (SELECT 1 FROM accounts_creditorenvironment e WHERE e.id = NEW.environment_id "
        "AND e.creditor_id = NEW.creditor_id)",
        "the environment belongs to another creditor",
    ),
    (
        "NOT EXISTS (SELECT 1 FROM parties_debtor d WHERE d.id = NEW.debtor_id AND d.creditor_id = NEW.creditor_id)",
        "the debtor belongs to another creditor",
    ),
    (
        "NEW.invoice_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invoices_invoice i WHERE i.id = NEW.invoice_id "
        "AND i.environment_id = NEW.environment_id AND i.debtor_id = NEW.debtor_id)",
        "the invoice belongs to another environment or debtor",
    ),
]
FROZEN = "creditor_id environment_id debtor_id number number_key reference principal invoice_id".split()


def _frozen(differs):
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN), "a claim does not change"


def _postgresql():
    def tests(rules):
        return " ".join(f"IF {test} THEN RAISE EXCEPTION 'claim: {text}'; END IF;" for test, text in rules)

    frozen = tests([_frozen("IS DISTINCT FROM")])
    yield (
        "CREATE FUNCTION claim_rules() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN {frozen} END IF; {tests(RULES)} RETURN NEW; END $$;"
    )
    yield (
        "CREATE TRIGGER claim_rules BEFORE INSERT OR UPDATE ON invoices_claim FOR EACH ROW "
        "EXECUTE FUNCTION claim_rules();"
    )


def _sqlite():
    for place, (test, text) in enumerate(RULES):
        yield (
            f"CREATE TRIGGER claim_entry_{place} BEFORE INSERT ON invoices_claim FOR EACH ROW WHEN {test} "
            f"BEGIN SELECT RAISE(ABORT, 'claim: {text}'); END;"
        )
    test, text = _frozen("IS NOT")
    yield (
        f"CREATE TRIGGER claim_change BEFORE UPDATE ON invoices_claim FOR EACH ROW WHEN {test} "
        f"BEGIN SELECT RAISE(ABORT, 'claim: {text}'); END;"
    )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def _undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER claim_rules ON invoices_claim")
        schema_editor.execute("DROP FUNCTION claim_rules()")
        return
    for name in ("claim_change", *(f"claim_entry_{place}" for place in range(len(RULES)))):
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Claims meet no strangers."""

    dependencies = (("invoices", "0004_claims"),)
    operations = (migrations.RunPython(_apply, _undo),)
