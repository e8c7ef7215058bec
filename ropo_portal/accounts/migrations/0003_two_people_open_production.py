"""An environment keeps its place, and production is live only by a switch that two people of the creditor made."""

from django.db import migrations

ENVIRONMENT, SWITCH = "accounts_creditorenvironment", "accounts_liveswitch"
FROZEN = "environment_id cid reason proposed_by_id proposed_at".split()
CONFIRMED = "confirmed_by_id confirmed_at".split()


def _changed(names: list[str], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _belongs(person: str, roles: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM accounts_membership m JOIN accounts_creditorenvironment e "
        f"ON e.creditor_id = m.creditor_id WHERE e.id = NEW.environment_id AND m.user_id = {person} "
        f"AND m.role IN ({roles}))"
    )


def _environment(differs: str, seconds: str) -> dict[str, list[tuple[str, str]]]:
    opened = (
        "EXISTS (SELECT 1 FROM accounts_liveswitch s WHERE s.environment_id = NEW.id AND s.cid = NEW.cid "
        "AND s.confirmed_at IS NOT NULL AND s.ended_at IS NULL AND s.confirmed_by_id <> s.proposed_by_id "
        f"AND {seconds} <= 86400.001)"
    )
    tested = f"NEW.last_check_ok AND NEW.apicode <> '' AND {opened}"
    return {
        "INSERT": [("NEW.is_live", "an environment begins locked")],
        "UPDATE": [
            (_changed(["creditor_id", "name"], differs), "an environment keeps its creditor and its name"),
            (
                f"NEW.is_live AND (NOT OLD.is_live OR NEW.cid <> OLD.cid) AND NOT COALESCE({tested}, FALSE)",
                "two people and a tested connection open production",
            ),
        ],
    }


def _switch(differs: str) -> dict[str, list[tuple[str, str]]]:
    return {
        "INSERT": [
            ("NEW.confirmed_at IS NOT NULL OR NEW.ended_at IS NOT NULL", "a switch begins as a proposal"),
            (
                "NOT EXISTS (SELECT 1 FROM accounts_creditorenvironment e WHERE e.id = NEW.environment_id "
                "AND e.cid = NEW.cid AND e.name LIKE '%-production')",
                "only production is switched live, for the account it has",
            ),
            (f"NOT {_belongs('NEW.proposed_by_id', repr('administrator'))}", "an administrator proposes"),
        ],
        "UPDATE": [
            (_changed(FROZEN, differs), "a proposal does not change"),
            ("OLD.ended_at IS NOT NULL", "an ended switch does not change"),
            (f"OLD.confirmed_at IS NOT NULL AND ({_changed(CONFIRMED, differs)})", "it was confirmed already"),
            (
                "NEW.confirmed_at IS NOT NULL AND OLD.confirmed_at IS NULL AND NOT "
                + _belongs("NEW.confirmed_by_id", "'administrator', 'approver'"),
                "a second person of the creditor confirms",
            ),
            (
                "NEW.ended_at IS NOT NULL AND EXISTS (SELECT 1 FROM accounts_creditorenvironment e "
                "WHERE e.id = NEW.environment_id AND e.is_live)",
                "the environment is locked before its switch ends",
            ),
        ],
        "DELETE": [("OLD.id IS NOT NULL", "switches are kept for ever")],
    }


def _postgresql() -> list[str]:
    seconds = "EXTRACT(EPOCH FROM s.confirmed_at) - EXTRACT(EPOCH FROM NEW.last_checked_at)"
    tables = {
        ENVIRONMENT: _environment("IS DISTINCT FROM", seconds),
        SWITCH: _switch("IS DISTINCT FROM"),
    }
    statements = []
    for table, rules in tables.items():
        for event, pairs in rules.items():
            name = f"{table}_{event.lower()}"
            tests = " ".join(f"IF {test} THEN RAISE EXCEPTION '{name}: {text}'; END IF;" for test, text in pairs)
            row = "OLD" if event == "DELETE" else "NEW"
            statements += [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {tests} RETURN {row}; END $$;",
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();",
            ]
    return statements


def _sqlite() -> list[str]:
    seconds = "(julianday(s.confirmed_at) - julianday(NEW.last_checked_at)) * 86400.0"
    tables = {ENVIRONMENT: _environment("IS NOT", seconds), SWITCH: _switch("IS NOT")}
    return [
        f"CREATE TRIGGER {table}_{event.lower()}_{place} BEFORE {event} ON {table} FOR EACH ROW WHEN {test} "
        f"BEGIN SELECT RAISE(ABORT, '{table}_{event.lower()}: {text}'); END;"
        for table, rules in tables.items()
        for event, pairs in rules.items()
        for place, (test, text) in enumerate(pairs)
    ]


def _apply(apps: object, schema_editor: object) -> None:
    """Create the triggers of this database's kind; who is live without two people is locked first."""
    apps.get_model("accounts", "CreditorEnvironment").objects.filter(is_live=True).update(is_live=False)
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


class Migration(migrations.Migration):
    """The lock of production."""

    dependencies = (("accounts", "0002_switches_to_production"),)
    operations = (migrations.RunPython(_apply, migrations.RunPython.noop),)
