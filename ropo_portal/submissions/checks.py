"""Room: what the outbox needs before it may be trusted; every complaint has a number and says how to mend it."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 (Django's own name)
from django.db import DatabaseError, connections
from django.utils import timezone

from ropo_portal.submissions.models import SendingSwitch

SWEEP = "submissions.sweep"
LONGEST_INTERVAL = 60.0
# Room for the settling of an answer that came in the last moment of the deadline.
SETTLING = 30.0
LONGEST_SILENCE = 600.0
RULES = ("0002_rules_the_database_keeps", "0004_what_was_told_stays")
TRIGGERS = frozenset(
    {
        "submission_change", "submission_entry", "submission_move", "submission_sending_has_attempt",
        "attempt_change", "attempt_entry", "status_update_change",
    }
)  # fmt: skip


@register(Tags.compatibility)
def sweeping(**_kwargs: Any) -> list[CheckMessage]:
    """E001: the sweep that finds what the bells missed is on the timetable, often enough."""
    entries = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == SWEEP]
    if not entries:
        hint = "Put submissions.sweep back into CELERY_BEAT_SCHEDULE, every SWEEP_INTERVAL seconds."
        return [Error("The sweep is not on the timetable.", hint=hint, id="submissions.E001")]
    if 0 < settings.SWEEP_INTERVAL <= LONGEST_INTERVAL:
        return []
    hint = f"Seconds, above zero and at most {LONGEST_INTERVAL:.0f}; 10 is usual."
    return [Error("SWEEP_INTERVAL makes no sense.", hint=hint, id="submissions.E001")]


@register(Tags.compatibility)
def no_repetition(**_kwargs: Any) -> list[CheckMessage]:
    """E002: the broker's own courtesies do not send a document twice, nor cut a send in the middle."""
    complaints = []
    if settings.CELERY_TASK_ACKS_LATE:
        complaints.append(
            ("CELERY_TASK_ACKS_LATE is on.", "Leave it off: a bell that is lost costs one sweep.")
        )
    if settings.CELERY_TASK_TIME_LIMIT < settings.SEND_DEADLINE + SETTLING:
        text = (
            f"At least SEND_DEADLINE + {SETTLING:.0f} seconds, or a worker dies between answer and settling."
        )
        complaints.append(("CELERY_TASK_TIME_LIMIT ends before a send does.", text))
    if getattr(settings, "CELERY_TASK_SOFT_TIME_LIMIT", None):
        complaints.append(
            ("CELERY_TASK_SOFT_TIME_LIMIT is set.", "Remove it: it would strike between two bytes.")
        )
    return [Error(text, hint=hint, id="submissions.E002") for text, hint in complaints]


@register(Tags.compatibility)
def waiting_times(**_kwargs: Any) -> list[CheckMessage]:
    """E003: a promise may grow old only after it had the time to leave."""
    complaints = []
    if settings.QUEUE_DEADLINE <= settings.SEND_DEADLINE + settings.SWEEP_INTERVAL:
        complaints.append(
            ("QUEUE_DEADLINE", "Seconds, far longer than one try and one sweep; 86400 is usual.")
        )
    if settings.NOT_SENT_LIMIT < 1:
        complaints.append(("NOT_SENT_LIMIT", "A number of tries, at least 1; 50 is usual."))
    return [Error(f"{name} makes no sense.", hint=hint, id="submissions.E003") for name, hint in complaints]


@register(Tags.database)
def triggers(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """E004: the rules that hold whatever the code does are in the database, and switched on."""
    complaints: list[CheckMessage] = []
    for alias in databases or ():
        standing = _standing_triggers(alias)
        if standing is None:
            continue  # not migrated yet; the migration says so better
        missing = sorted(expected_triggers(connections[alias].vendor) - standing)
        if missing:
            hint = "A restore or a hand has lost them. Restore with triggers, or create them as the migrations do."
            text = f"The database {alias!r} lacks these rules of the outbox: {', '.join(missing)}."
            complaints.append(Error(text, hint=hint, id="submissions.E004"))
    return complaints


def expected_triggers(vendor: str) -> set[str]:
    """Return the names that the migrations create; SQLite's carry a number for each rule."""
    folder = "ropo_portal.submissions.migrations"
    rules = [import_module(f"{folder}.{name}") for name in RULES]
    if vendor == "postgresql":
        return {*TRIGGERS, *(f"{table}_for_ever" for each in rules for table in each.NEVER_DELETED)}
    # The one list of what this database got.
    statements: list[str] = [line for each in rules for line in each._sqlite()]  # noqa: SLF001
    return {statement.split()[2] for statement in statements if statement.startswith("CREATE TRIGGER")}


def _standing_triggers(alias: str) -> set[str] | None:
    connection = connections[alias]
    queries = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    if connection.vendor not in queries or not _is_migrated(alias):
        return None
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor])
        return {str(name) for (name,) in cursor.fetchall()}


def _is_migrated(alias: str) -> bool:
    try:
        return SendingSwitch._meta.db_table in connections[alias].introspection.table_names()
    except DatabaseError:
        return False


@register(Tags.database)
def awake(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """W001: a worker has swept not long ago."""
    silent = []
    for alias in databases or ():
        if not _is_migrated(alias):
            continue
        switch = SendingSwitch.objects.using(alias).filter(pk=1).first()
        last = switch.last_sweep_at if switch else None
        if last is not None and (timezone.now() - last).total_seconds() > LONGEST_SILENCE:
            silent.append((alias, int((timezone.now() - last).total_seconds() // 60)))
    hint = "Start a worker and beat: celery -A ropo_portal worker, celery -A ropo_portal beat."
    return [
        Warning(
            f"Nobody has swept the outbox of {alias!r} for {minutes} minutes.",
            hint=hint,
            id="submissions.W001",
        )
        for alias, minutes in silent
    ]
