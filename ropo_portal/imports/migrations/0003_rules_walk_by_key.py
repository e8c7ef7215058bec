"""The rules about what an import made find their rows by key alone, whatever the planner believes of the tables."""

from django.db import migrations

ENVIRONMENT = "(SELECT b.environment_id FROM imports_import b WHERE b.id = NEW.batch_id)"
CREDITOR = "(SELECT b.creditor_id FROM imports_import b WHERE b.id = NEW.batch_id)"
INVOICE = "(SELECT i.environment_id FROM invoices_invoice i WHERE i.id = NEW.invoice_id)"
DEBTOR = "(SELECT d.creditor_id FROM parties_debtor d WHERE d.id = NEW.debtor_id)"
# The same rules as before, asked so that there is one way to answer them; what is not there belongs to nobody.
WALKED = {
    "imports_rule_3": (INVOICE, ENVIRONMENT, "the invoice belongs to another environment"),
    "imports_rule_4": (INVOICE, ENVIRONMENT, "the invoice belongs to another environment"),
    "imports_rule_6": (DEBTOR, CREDITOR, "the debtor belongs to another creditor"),
}


def _apply(apps: object, schema_editor: object) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (made, file, text) in WALKED.items():
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF ({made} = {file}) IS NOT TRUE THEN RAISE EXCEPTION 'imports: {text}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )


class Migration(migrations.Migration):
    """Rules that walk by key."""

    dependencies = (("imports", "0002_imports_meet_no_strangers"),)
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
