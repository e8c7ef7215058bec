"""The rules about an invoice's place find their rows by key alone: a planner that saw empty tables chose to read all debtors."""

from django.db import migrations

# The same rule as before, asked so that there is one way to answer it.
ENVIRONMENT = "(SELECT e.creditor_id FROM accounts_creditorenvironment e WHERE e.id = NEW.environment_id)"
OWED_BY = "(SELECT d.creditor_id FROM parties_debtor d WHERE d.id = NEW.debtor_id)"
WALKED = {
    "one_place_invoices_invoice_0": (ENVIRONMENT, "the environment belongs to another creditor"),
    "one_place_invoices_invoice_1": (OWED_BY, "the debtor belongs to another creditor"),
    "one_place_invoices_invoice_2": (OWED_BY, "the debtor belongs to another creditor"),
}


def _apply(apps: object, schema_editor: object) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (creditor, text) in WALKED.items():
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {creditor} IS DISTINCT FROM NEW.creditor_id THEN RAISE EXCEPTION 'one_place: {text}'; END IF; "
            "RETURN NEW; END $$"
        )


class Migration(migrations.Migration):
    """Rules that walk by key."""

    dependencies = (("invoices", "0011_a_second_person_agrees"),)
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
