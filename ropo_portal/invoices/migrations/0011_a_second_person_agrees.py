"""Who wrote an invoice cannot approve it, nothing leaves unapproved that needs it, and a batch stays as it was sent."""

from django.db import migrations

APPROVAL, BATCH, ITEM = "invoices_approval", "invoices_batch", "invoices_batchitem"
SUBMISSION = "submissions_submission"
WROTE = (
    "EXISTS (SELECT 1 FROM history_entry h WHERE h.subject_id = NEW.invoice_id AND h.subject_type = 'invoices.invoice' "
    "AND h.actor_id = NEW.decided_by_id AND h.verb IN ('invoice.created', 'invoice.changed', 'invoice.file_attached', "
    "'invoice.file_removed'))"
)
NEEDED = (
    "NEW.kind IN ('invoice', 'local-print') AND EXISTS (SELECT 1 FROM accounts_creditorenvironment e "
    "JOIN accounts_creditor c ON c.id = e.creditor_id WHERE e.id = NEW.environment_id AND (c.approval_rule = 'all' "
    "OR (c.approval_rule = 'above' AND (NEW.amount > c.approval_limit "
    "OR (e.name <> 'sandbox' AND UPPER(SUBSTR(e.name, 1, 2)) <> c.country)))))"
)
GIVEN = (
    "EXISTS (SELECT 1 FROM invoices_approval a JOIN invoices_invoice i ON i.id = a.invoice_id "
    "WHERE a.invoice_id = NEW.document_id AND a.verdict = 'approved' AND a.fingerprint = NEW.payload_hash "
    "AND a.revision = i.revision)"
)
ELSEWHERE = (
    "NOT EXISTS (SELECT 1 FROM invoices_batch b JOIN invoices_invoice i ON i.environment_id = b.environment_id "
    "WHERE b.id = NEW.batch_id AND i.id = NEW.invoice_id)"
)
IS_SENT = "EXISTS (SELECT 1 FROM invoices_batch b WHERE b.id = NEW.batch_id AND b.sent_at IS NOT NULL)"
ANOTHER = (
    "NEW.submission_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submissions_submission s "
    "WHERE s.id = NEW.submission_id AND s.document_id = NEW.invoice_id)"
)
ASKED = "invoice_id revision fingerprint confirmed is_printed_here leave_on asked_by_id asked_at".split()
MADE = "creditor_id environment_id made_by_id made_at".split()
SENT = "sent_by_id sent_at sent_count leave_on".split()
PLACE = "batch_id invoice_id position".split()
CHOSEN = "revision fingerprint confirmed is_chosen".split()
SETTLED = "result reason submission_id settled_at".split()


def _changed(names, differs, as_text):
    return " OR ".join(f"{as_text.format('NEW.' + name)} {differs} {as_text.format('OLD.' + name)}" for name in names)


def _rules(differs, as_text):
    """Return table, event, condition that refuses, and sentence."""

    def changed(names):
        return _changed(names, differs, as_text)

    decided = "NEW.verdict = 'approved' AND OLD.verdict <> 'approved'"
    moves = "OLD.verdict = 'waiting' OR (OLD.verdict = 'approved' AND NEW.verdict = 'void')"
    return [
        (SUBMISSION, "INSERT", f"{NEEDED} AND NOT {GIVEN}", "approval: a second person has to approve it first"),
        (APPROVAL, "INSERT", "NEW.verdict <> 'waiting'", "approval: it begins with a question"),
        (APPROVAL, "UPDATE", changed(ASKED), "approval: a question is not rewritten"),
        (APPROVAL, "UPDATE", f"NEW.verdict <> OLD.verdict AND NOT ({moves})", "approval: no such move"),
        (
            APPROVAL,
            "UPDATE",
            f"NEW.verdict = OLD.verdict AND ({changed(['decided_by_id', 'decided_at', 'reason'])})",
            "approval: an answer is not rewritten",
        ),
        (APPROVAL, "UPDATE", f"{decided} AND {WROTE}", "approval: whoever wrote it cannot approve it"),
        (APPROVAL, "DELETE", "1 = 1", "approval: it is kept for ever"),
        (BATCH, "INSERT", "NEW.sent_at IS NOT NULL", "batch: it is checked before it is sent"),
        (BATCH, "UPDATE", changed(MADE), "batch: it stays where it was made"),
        (BATCH, "UPDATE", f"OLD.sent_at IS NOT NULL AND ({changed(SENT)})", "batch: it is sent once"),
        (BATCH, "DELETE", "1 = 1", "batch: it is kept for ever"),
        (ITEM, "INSERT", ELSEWHERE, "batch: an invoice of another environment"),
        (ITEM, "INSERT", IS_SENT, "batch: it was sent already"),
        (ITEM, "UPDATE", changed(PLACE), "batch: an invoice keeps its place"),
        (ITEM, "UPDATE", f"{IS_SENT} AND ({changed(CHOSEN)})", "batch: what was sent stays as it was seen"),
        (ITEM, "UPDATE", f"OLD.result <> '' AND ({changed(SETTLED)})", "batch: a result is not rewritten"),
        (ITEM, "UPDATE", f"NEW.result <> '' AND NOT ({IS_SENT})", "batch: nothing has been sent yet"),
        (ITEM, "UPDATE", ANOTHER, "batch: the submission of another invoice"),
        (ITEM, "DELETE", "1 = 1", "batch: it is kept for ever"),
    ]


def _postgresql():
    for place, (table, event, test, text) in enumerate(_rules("IS DISTINCT FROM", "{}::text")):
        name, row = f"second_person_{place}", "OLD" if event == "DELETE" else "NEW"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
            f"RAISE EXCEPTION '{text}'; END IF; RETURN {row}; END $$;"
        )
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"


def _sqlite():
    for place, (table, event, test, text) in enumerate(_rules("IS NOT", "{}")):
        yield (
            f"CREATE TRIGGER second_person_{place} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END;"
        )


def _apply(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def _undo(apps, schema_editor):
    for place, (table, *_rest) in enumerate(_rules("=", "{}")):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER second_person_{place} ON {table}")
            schema_editor.execute(f"DROP FUNCTION second_person_{place}()")
        else:
            schema_editor.execute(f"DROP TRIGGER second_person_{place}")


class Migration(migrations.Migration):
    """Two people agree, and batches are frozen."""

    dependencies = (
        ("invoices", "0010_approvals_and_batches"),
        ("accounts", "0005_four_eyes_and_sending_time"),
        ("history", "0002_entries_are_never_changed"),
        ("submissions", "0007_nothing_crosses_environments"),
    )
    operations = (migrations.RunPython(_apply, _undo),)
