"""A claim that was invoiced elsewhere may be written anew until anything of its number went into the outbox."""

from importlib import import_module

from django.db import migrations

former = import_module("ropo_portal.invoices.migrations.0005_claims_meet_no_strangers")
ALWAYS = "id creditor_id environment_id invoice_id created_at".split()
ONCE_HANDED_OVER = "debtor_id number number_key reference principal".split()
HANDED_OVER = (
    "(OLD.invoice_id IS NOT NULL OR EXISTS (SELECT 1 FROM submissions_submission s WHERE s.environment_id = "
    "OLD.environment_id AND s.number_key = OLD.number_key AND s.state <> 'cancelled'))"
)
TEXT = "a claim does not change"


def _changed(names, differs):
    return "(" + " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names) + ")"


def _frozen(differs):
    return f"{_changed(ALWAYS, differs)} OR ({_changed(ONCE_HANDED_OVER, differs)} AND {HANDED_OVER})"


def _postgresql():
    tests = " ".join(f"IF {test} THEN RAISE EXCEPTION 'claim: {text}'; END IF;" for test, text in former.RULES)
    frozen = f"IF {_frozen('IS DISTINCT FROM')} THEN RAISE EXCEPTION 'claim: {TEXT}'; END IF;"
    yield (
        "CREATE OR REPLACE FUNCTION claim_rules() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN {frozen} END IF; {tests} RETURN NEW; END $$;"
    )
    yield (
        "CREATE FUNCTION claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {HANDED_OVER} THEN RAISE EXCEPTION 'claim: it was handed over and stays'; END IF; RETURN OLD; END $$;"
    )
    yield (
        "CREATE TRIGGER claim_stays BEFORE DELETE ON invoices_claim FOR EACH ROW EXECUTE FUNCTION claim_stays();"
    )


def _sqlite():
    yield "DROP TRIGGER claim_change;"
    yield (
        f"CREATE TRIGGER claim_change BEFORE UPDATE ON invoices_claim FOR EACH ROW WHEN {_frozen('IS NOT')} "
        f"BEGIN SELECT RAISE(ABORT, 'claim: {TEXT}'); END;"
    )
    for place, (test, text) in enumerate(former.RULES):
        yield (
            f"CREATE TRIGGER claim_again_{place} BEFORE UPDATE ON invoices_claim FOR EACH ROW WHEN {test} "
            f"BEGIN SELECT RAISE(ABORT, 'claim: {text}'); END;"
        )
    yield (
        f"CREATE TRIGGER claim_stays BEFORE DELETE ON invoices_claim FOR EACH ROW WHEN {HANDED_OVER} "
        "BEGIN SELECT RAISE(ABORT, 'claim: it was handed over and stays'); END;"
    )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


class Migration(migrations.Migration):
    """A mistyped claim is mended."""

    dependencies = (
        ("collection", "0003_steps_stay_with_their_claim"),
        ("invoices", "0009_settlements_stay_with_their_claim"),
        ("submissions", "0008_news_stays_with_its_environment"),
    )
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
