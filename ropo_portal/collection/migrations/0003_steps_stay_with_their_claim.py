"""A reminder, a debt collection, its proofs and an override belong to one claim, for ever; so does what is posted."""

from django.db import migrations

REMINDER, CASE = "collection_reminder", "collection_debtcollectioncase"
PROOF, OVERRIDE = "collection_proof", "collection_override"
PROOF_FROZEN = "id case_id name media_type content size sha256 created_at".split()
OVERRIDE_FROZEN = "id claim_id step reason proposed_by_id proposed_at".split()
ENDED = "OLD.confirmed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL"


def _posted(kind):
    return (
        "NEW.submission_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submissions_submission s JOIN invoices_claim c "
        "ON c.environment_id = s.environment_id AND c.creditor_id = s.creditor_id WHERE s.id = NEW.submission_id "
        f"AND s.document_id = NEW.id AND s.kind = '{kind}' AND c.id = NEW.claim_id)"
    )


def _changed(names, differs):
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _member(person, roles):
    return (
        "EXISTS (SELECT 1 FROM accounts_membership m JOIN invoices_claim c ON c.creditor_id = m.creditor_id "
        f"WHERE c.id = NEW.claim_id AND m.user_id = {person} AND m.role IN ({roles}))"
    )


def _rules(differs):
    """Return table, event, condition that refuses, and sentence."""
    for table, kind in ((REMINDER, "reminder"), (CASE, "debt-collection")):
        yield table, "INSERT", _posted(kind), "the posting is of another document or environment"
        yield table, "UPDATE", _posted(kind), "the posting is of another document or environment"
        yield table, "UPDATE", "NEW.id <> OLD.id OR NEW.claim_id <> OLD.claim_id", "a step keeps its claim"
    stranger = f"NEW.approved_by_id IS NOT NULL AND NOT {_member('NEW.approved_by_id', repr('approver'))}"
    yield CASE, "INSERT", stranger, "an approver of the creditor approves"
    yield CASE, "UPDATE", f"NEW.approved_by_id {differs} OLD.approved_by_id AND {stranger}", (
        "an approver of the creditor approves"
    )
    yield PROOF, "UPDATE", _changed(PROOF_FROZEN, differs), "a proof does not change"
    yield OVERRIDE, "INSERT", "NEW.confirmed_at IS NOT NULL OR NEW.confirmed_by_id IS NOT NULL", (
        "an override begins as a proposal"
    )
    yield OVERRIDE, "UPDATE", _changed(OVERRIDE_FROZEN, differs), "an override keeps its claim and its reason"
    yield OVERRIDE, "UPDATE", ENDED, "an ended proposal does not change"
    yield OVERRIDE, "UPDATE", (
        f"NEW.confirmed_by_id IS NOT NULL AND NOT {_member('NEW.confirmed_by_id', repr('approver'))}"
    ), "an approver of the creditor confirms"


def _statements(vendor):
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    for place, (table, event, test, text) in enumerate(_rules(differs)):
        name = f"step_stays_{place}"
        if vendor == "postgresql":
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION 'step_stays: {text}'; END IF; RETURN NEW; END $$;"
            )
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
                f"BEGIN SELECT RAISE(ABORT, 'step_stays: {text}'); END;"
            )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def _undo(apps, schema_editor):
    for place, (table, *_rest) in enumerate(_rules("")):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER step_stays_{place} ON {table}")
            schema_editor.execute(f"DROP FUNCTION step_stays_{place}()")
        else:
            schema_editor.execute(f"DROP TRIGGER step_stays_{place}")


class Migration(migrations.Migration):
    """Steps stay with their claim."""

    dependencies = (
        ("collection", "0002_two_people_hand_a_claim_over"),
        ("submissions", "0007_nothing_crosses_environments"),
        ("accounts", "0003_two_people_open_production"),
    )
    operations = (migrations.RunPython(_apply, _undo),)
