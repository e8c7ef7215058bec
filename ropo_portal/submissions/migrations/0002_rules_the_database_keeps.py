"""Rules that hold whatever the code does: moves, frozen payloads, switches, two people, nothing deleted."""

from django.db import migrations

FROZEN = (
    "creditor_id environment_id kind document_id sequence previous_id number number_key opening recipient "
    "customer_number amount currency endpoint payload payload_hash posted_by_id queued_at"
).split()
MOVES = {
    "queued": ("sending", "cancelled", "held", "accepted"),
    "sending": ("queued", "accepted", "rejected", "unconfirmed", "held"),
    "unconfirmed": ("accepted", "rejected", "held"),
    "held": ("queued", "cancelled", "accepted", "rejected"),
    "rejected": ("accepted", "held"),
    "cancelled": ("held",),
}
NEVER_CHANGED = ("submissions_evidence", "submissions_transition")
NEVER_DELETED = (
    "submissions_submission",
    "submissions_attempt",
    "submissions_evidence",
    "submissions_transition",
    "submissions_resendproposal",
)
LATE = {"unknown": ("accepted", "rejected", "voided"), "voided": ("accepted",)}

_pairs = " OR ".join(
    f"(OLD.state = '{old}' AND NEW.state IN ({', '.join(repr(new) for new in news)}))" for old, news in MOVES.items()
)
_late = " OR ".join(
    f"(OLD.outcome = '{old}' AND NEW.outcome IN ({', '.join(repr(new) for new in news)}))" for old, news in LATE.items()
)
_hot = (
    "EXISTS (SELECT 1 FROM submissions_attempt a WHERE a.submission_id = NEW.id "
    "AND a.outcome IN ({outcomes}))"
)
_newest = (
    "(SELECT a.outcome FROM submissions_attempt a WHERE a.submission_id = NEW.id ORDER BY a.number DESC LIMIT 1)"
)
_finding = "EXISTS (SELECT 1 FROM submissions_evidence e WHERE e.submission_id = NEW.id AND e.finding = '{finding}')"
_two_people = """EXISTS (
    SELECT 1 FROM submissions_resendproposal p, submissions_evidence young, submissions_evidence aged
    WHERE p.submission_id = NEW.id AND p.confirmed_by_id IS NOT NULL AND p.confirmed_by_id <> p.proposed_by_id
      AND (NEW.posted_by_id IS NULL OR (p.confirmed_by_id <> NEW.posted_by_id AND p.proposed_by_id <> NEW.posted_by_id))
      AND young.submission_id = NEW.id AND young.source = 'all' AND young.finding = 'not-there'
      AND aged.submission_id = NEW.id AND aged.source = 'all' AND aged.finding = 'not-there'
      AND {confirmed} - {activity} >= {wait} AND {confirmed} - {young} <= {age}
      AND {young} - {aged} >= {wait} AND {aged} >= {activity})
  AND (SELECT COUNT(*) FROM submissions_resendproposal p WHERE p.submission_id = NEW.id
       AND p.confirmed_by_id IS NOT NULL)
   >= (SELECT COUNT(*) FROM submissions_attempt a WHERE a.submission_id = NEW.id AND a.outcome = 'voided')"""


def _times(seconds: str, wait: str, age: str) -> str:
    """Fill the two-people rule with one vendor's way of counting seconds."""
    columns = {
        "confirmed": "p.confirmed_at",
        "activity": "OLD.last_activity_at",
        "young": "young.at",
        "aged": "aged.at",
    }
    filled = {name: seconds.format(column) for name, column in columns.items()}
    return _two_people.format(**filled, wait=wait, age=age)


def _switch(column: str, default: int) -> str:
    return f"COALESCE((SELECT {column} FROM submissions_sendingswitch WHERE id = 1), {default})"


def _submission_rules(two_people: str, differs: str) -> list[tuple[str, str]]:
    """Return (condition that refuses, sentence) pairs for an update of a submission."""
    frozen = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)
    moved = "NEW.state <> OLD.state"
    return [
        (frozen, "a queued submission is frozen"),
        (f"{moved} AND NOT ({_pairs})", "no such move"),
        (f"{moved} AND NEW.state = 'accepted' AND NOT {_finding.format(finding='there')}", "accepted needs evidence"),
        (f"{moved} AND NEW.state = 'rejected' AND NOT {_finding.format(finding='refused')}", "rejected needs evidence"),
        (
            f"{moved} AND OLD.state = 'sending' AND " + _hot.format(outcomes="'open'"),
            "an attempt is still open",
        ),
        (
            f"{moved} AND OLD.state = 'sending' AND NEW.state = 'queued' AND COALESCE({_newest}, '') <> 'unsent'",
            "only what certainly never left may wait again",
        ),
        (
            f"{moved} AND OLD.state = 'held' AND NEW.state IN ('queued', 'cancelled') AND "
            + _hot.format(outcomes="'open', 'unknown', 'accepted'"),
            "it may have been sent",
        ),
        (
            f"{moved} AND OLD.written_off_at IS NOT NULL AND NEW.state = 'queued'",
            "what was written off is not sent",
        ),
        (
            f"{moved} AND OLD.state = 'held' AND NEW.state = 'queued' AND EXISTS (SELECT 1 FROM submissions_evidence e "
            "WHERE e.submission_id = NEW.id AND e.finding IN ('there', 'differs') AND e.at >= OLD.last_activity_at)",
            "a look-up found it",
        ),
        (
            f"{moved} AND OLD.state = 'held' AND OLD.held_reason = 'maybe-sent' AND NEW.state = 'cancelled'",
            "what may have been sent is not cancelled",
        ),
        (
            "NEW.state = 'held' AND NEW.held_reason = 'never-sent' AND "
            + _hot.format(outcomes="'open', 'unknown', 'accepted'"),
            "it may have been sent",
        ),
        (
            f"{moved} AND OLD.state = 'held' AND OLD.held_reason = 'maybe-sent' AND NEW.state = 'queued' "
            f"AND NOT ({two_people})",
            "two people and two look-ups are needed",
        ),
    ]


_attempt_rules = [
    (
        "NEW.submission_id <> OLD.submission_id OR NEW.number <> OLD.number OR NEW.payload_hash <> OLD.payload_hash "
        "OR NEW.started_at <> OLD.started_at",
        "an attempt is not rewritten",
    ),
    (
        f"OLD.outcome <> 'open' AND NOT ((NEW.outcome = OLD.outcome AND OLD.outcome = 'unknown') OR {_late})",
        "a finished attempt does not change",
    ),
]
_paused = (
    "(SELECT e.sending_paused FROM accounts_creditorenvironment e JOIN submissions_submission s "
    "ON s.environment_id = e.id WHERE s.id = NEW.submission_id)"
)
_attempt_entry = [
    (
        "COALESCE((SELECT s.state FROM submissions_submission s WHERE s.id = NEW.submission_id), '') <> 'sending'",
        "an attempt belongs to a submission that is being sent",
    ),
    (
        "COALESCE((SELECT s.payload_hash FROM submissions_submission s WHERE s.id = NEW.submission_id), '') "
        "<> NEW.payload_hash",
        "only what was queued is sent",
    ),
    (
        "NEW.number <> 1 + COALESCE((SELECT MAX(a.number) FROM submissions_attempt a "
        "WHERE a.submission_id = NEW.submission_id), 0)",
        "attempts are numbered without a gap",
    ),
]
_submission_entry = [
    ("NEW.state <> 'queued'", "a submission begins queued"),
    (
        "NOT EXISTS (SELECT 1 FROM accounts_creditorenvironment e WHERE e.id = NEW.environment_id "
        "AND e.creditor_id = NEW.creditor_id)",
        "the environment belongs to another creditor",
    ),
]


def _pg_function(name: str, rules: list[tuple[str, str]], prelude: str = "", result: str = "NEW") -> str:
    tests = "\n".join(f"IF {test} THEN RAISE EXCEPTION '{name}: {text}'; END IF;" for test, text in rules)
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {prelude} {tests} "
        f"RETURN {result}; END $$;"
    )


def _pg_trigger(name: str, when: str, table: str) -> str:
    return f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"


_PG_SWITCHES = """
IF (SELECT paused FROM submissions_sendingswitch WHERE id = 1 FOR SHARE) THEN
    RAISE EXCEPTION 'attempt_entry: all sending is paused'; END IF;
IF (SELECT e.sending_paused FROM accounts_creditorenvironment e WHERE e.id =
    (SELECT s.environment_id FROM submissions_submission s WHERE s.id = NEW.submission_id) FOR SHARE) THEN
    RAISE EXCEPTION 'attempt_entry: sending is paused for this environment'; END IF;
"""


def _postgresql() -> list[str]:
    two_people = _times("EXTRACT(EPOCH FROM {})", _switch("resend_wait", 86400), _switch("look_up_age", 3600))
    statements = [
        _pg_function("submission_change", _submission_rules(two_people, "IS DISTINCT FROM")),
        _pg_trigger("submission_change", "BEFORE UPDATE", "submissions_submission"),
        _pg_function("submission_entry", _submission_entry),
        _pg_trigger("submission_entry", "BEFORE INSERT", "submissions_submission"),
        _pg_function("attempt_change", _attempt_rules),
        _pg_trigger("attempt_change", "BEFORE UPDATE", "submissions_attempt"),
        _pg_function("attempt_entry", _attempt_entry, prelude=_PG_SWITCHES),
        _pg_trigger("attempt_entry", "BEFORE INSERT", "submissions_attempt"),
        "CREATE FUNCTION submission_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'INSERT' THEN INSERT INTO submissions_transition (submission_id, from_state, to_state, at) "
        "VALUES (NEW.id, '', NEW.state, clock_timestamp()); ELSIF NEW.state <> OLD.state THEN "
        "INSERT INTO submissions_transition (submission_id, from_state, to_state, at) "
        "VALUES (NEW.id, OLD.state, NEW.state, clock_timestamp()); END IF; RETURN NULL; END $$;",
        _pg_trigger("submission_move", "AFTER INSERT OR UPDATE", "submissions_submission"),
        "CREATE FUNCTION submission_sending_has_attempt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT state FROM submissions_submission WHERE id = NEW.id) = 'sending' "
        "AND NOT EXISTS (SELECT 1 FROM submissions_attempt a WHERE a.submission_id = NEW.id AND a.outcome = 'open') "
        "THEN RAISE EXCEPTION 'sending needs an open attempt'; END IF; RETURN NULL; END $$;",
        "CREATE CONSTRAINT TRIGGER submission_sending_has_attempt AFTER UPDATE ON submissions_submission "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'sending') "
        "EXECUTE FUNCTION submission_sending_has_attempt();",
        "CREATE FUNCTION submissions_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME; END $$;",
    ]
    for table in NEVER_DELETED:
        event = "UPDATE OR DELETE" if table in NEVER_CHANGED else "DELETE"
        statements.append(
            f"CREATE TRIGGER {table}_for_ever BEFORE {event} ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION submissions_for_ever();"
        )
    return statements


def _sqlite_trigger(name: str, when: str, table: str, rules: list[tuple[str, str]]) -> list[str]:
    """Return one trigger a rule: SQLite has no IF, but a trigger has a WHEN."""
    return [
        f"CREATE TRIGGER {name}_{place} {when} ON {table} FOR EACH ROW WHEN {test} "
        f"BEGIN SELECT RAISE(ABORT, '{name}: {text}'); END;"
        for place, (test, text) in enumerate(rules)
    ]


def _sqlite() -> list[str]:
    two_people = _times("(julianday({}) * 86400.0)", _switch("resend_wait", 86400) + " - 0.001",
                        _switch("look_up_age", 3600) + " + 0.001")
    switches = [
        (f"{_switch('paused', 0)}", "all sending is paused"),
        (_paused, "sending is paused for this environment"),
    ]
    statements = [
        *_sqlite_trigger(
            "submission_change", "BEFORE UPDATE", "submissions_submission", _submission_rules(two_people, "IS NOT")
        ),
        *_sqlite_trigger("submission_entry", "BEFORE INSERT", "submissions_submission", _submission_entry),
        *_sqlite_trigger("attempt_change", "BEFORE UPDATE", "submissions_attempt", _attempt_rules),
        *_sqlite_trigger("attempt_entry", "BEFORE INSERT", "submissions_attempt", [*switches, *_attempt_entry]),
        "CREATE TRIGGER submission_born AFTER INSERT ON submissions_submission FOR EACH ROW BEGIN "
        "INSERT INTO submissions_transition (submission_id, from_state, to_state, at) "
        "VALUES (NEW.id, '', NEW.state, strftime('%Y-%m-%d %H:%M:%f', 'now')); END;",
        "CREATE TRIGGER submission_move AFTER UPDATE ON submissions_submission FOR EACH ROW "
        "WHEN NEW.state <> OLD.state BEGIN INSERT INTO submissions_transition (submission_id, from_state, to_state, at) "
        "VALUES (NEW.id, OLD.state, NEW.state, strftime('%Y-%m-%d %H:%M:%f', 'now')); END;",
    ]
    for table in NEVER_DELETED:
        for event in ("UPDATE", "DELETE") if table in NEVER_CHANGED else ("DELETE",):
            statements.append(
                f"CREATE TRIGGER {table}_for_ever_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW "
                f"BEGIN SELECT RAISE(ABORT, '{table} is kept for ever'); END;"
            )
    return statements


def _apply(apps: object, schema_editor: object) -> None:
    """Create the triggers of this database's kind, and the one row of the switch."""
    connection = schema_editor.connection
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    apps.get_model("submissions", "SendingSwitch").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    """The rules the database keeps."""

    atomic = True
    dependencies = (("submissions", "0001_submissions_attempts_and_evidence"),)
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
