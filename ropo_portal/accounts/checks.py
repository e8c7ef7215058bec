"""Room: what must be right before the portal starts; every complaint has a number and says how to mend it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 (Django's own name)
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from ropo_portal.encryption import key_ring

SHORTEST_SECRET = 50
SHORTEST_SEARCH_KEY = 32
LONGEST_DEADLINE = 600.0
BROKERS = frozenset(
    {"redis", "rediss", "unix", "redis+socket", "sentinel", "amqp", "amqps", "filesystem", "memory"}
)
# How the well-known keys of development begin.
STAND_IN = "not-secret"
STAND_IN_KEY_ID = "dev"
NEW_KEY = "python -c 'import base64, os; print(\"k1:\" + base64.b64encode(os.urandom(32)).decode())'"
NEW_TEXT = "python -c 'import secrets; print(secrets.token_urlsafe(64))'"


@register(Tags.security)
def encryption_keys(**_kwargs: Any) -> list[CheckMessage]:
    """E001: the keys of encrypted columns can be read and are not the well-known ones."""
    hint = f"Entries are <name>:<base64 of 32 bytes>, separated by commas, the writing key first. New one: {NEW_KEY}"
    try:
        ring = key_ring(settings.ENCRYPTION_KEYS)
    except ImproperlyConfigured as error:
        return [Error(str(error), hint=hint, id="accounts.E001")]
    if settings.PRODUCTION and STAND_IN_KEY_ID in ring:
        return [Error("ENCRYPTION_KEYS holds the key of development.", hint=hint, id="accounts.E001")]
    return []


@register(Tags.security)
def search_key(**_kwargs: Any) -> list[CheckMessage]:
    """E002: personal identity codes are searched by a hash that nobody can compute without a real key."""
    key = settings.SEARCH_KEY
    if len(key) >= SHORTEST_SEARCH_KEY and not (settings.PRODUCTION and key.startswith(STAND_IN)):
        return []
    hint = f"Set SEARCH_KEY to at least {SHORTEST_SEARCH_KEY} characters and never change it again. New one: {NEW_TEXT}"
    return [Error("SEARCH_KEY is missing, short or well known.", hint=hint, id="accounts.E002")]


@register(Tags.security)
def secret_key(**_kwargs: Any) -> list[CheckMessage]:
    """E003: sessions are signed with a key of this installation."""
    key = settings.SECRET_KEY
    if not settings.PRODUCTION or (len(key) >= SHORTEST_SECRET and not key.startswith(STAND_IN)):
        return []
    return [Error("SECRET_KEY is short or well known.", hint=f"New one: {NEW_TEXT}", id="accounts.E003")]


@register(Tags.security)
def database_engine(**_kwargs: Any) -> list[CheckMessage]:
    """E004: production runs on PostgreSQL, which can lock a single row."""
    if not settings.PRODUCTION or settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return []
    hint = "Set DATABASE_URL=postgres://user:password@host/name."
    return [Error("Production needs PostgreSQL.", hint=hint, id="accounts.E004")]


@register(Tags.database)
def durable_commits(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """E005: what was committed survives a power cut, or a claim could be sent twice."""
    return [
        Error(
            f"The database {alias!r} commits with synchronous_commit = off.",
            hint="Set synchronous_commit = on for the portal's database and role.",
            id="accounts.E005",
        )
        for alias in databases or ()
        if connections[alias].vendor == "postgresql" and _synchronous_commit(alias) == "off"
    ]


def _synchronous_commit(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


@register(Tags.compatibility)
def sending_times(**_kwargs: Any) -> list[CheckMessage]:
    """E006: deadlines and look-ups lie in the order that the sending machinery rests on."""
    steps = settings.LOOK_UP_SCHEDULE
    complaints = []
    if not 1 <= settings.SEND_DEADLINE <= LONGEST_DEADLINE:
        complaints.append(("SEND_DEADLINE", f"Seconds, from 1 to {LONGEST_DEADLINE:.0f}; 90 is usual."))
    if settings.SWEEP_GRACE < 0:
        complaints.append(("SWEEP_GRACE", "Seconds, not below zero; 30 is usual."))
    if not steps or steps[0] <= 0 or any(later <= earlier for earlier, later in pairwise(steps)):
        complaints.append(
            ("LOOK_UP_SCHEDULE", "Rising numbers of seconds, separated by commas: 120,600,3600.")
        )
    return [Error(f"{name} makes no sense.", hint=hint, id="accounts.E006") for name, hint in complaints]


@register(Tags.compatibility)
def sandbox_url(**_kwargs: Any) -> list[CheckMessage]:
    """E007: the sandbox has a web address."""
    address = urlsplit(settings.SANDBOX_URL)
    if address.scheme in {"http", "https"} and address.hostname:
        return []
    hint = "Such as SANDBOX_URL=http://127.0.0.1:8078."
    return [Error("SANDBOX_URL is no http or https address.", hint=hint, id="accounts.E007")]


@register(Tags.compatibility)
def broker_url(**_kwargs: Any) -> list[CheckMessage]:
    """E008: Celery knows the kind of broker."""
    scheme = settings.CELERY_BROKER_URL.partition("://")[0]
    if scheme in BROKERS:
        return []
    hint = "Such as redis://127.0.0.1:6379/0, amqp://user:password@host// or filesystem://."
    return [Error("CELERY_BROKER_URL begins with an unknown word.", hint=hint, id="accounts.E008")]


@register(Tags.caches)
def shared_cache(**_kwargs: Any) -> list[CheckMessage]:
    """W001: the limits on sign-in tries count over all processes."""
    backend = settings.CACHES["default"]["BACKEND"]
    if not settings.PRODUCTION or not backend.endswith(("LocMemCache", "DummyCache")):
        return []
    hint = "Set CACHE_URL=redis://127.0.0.1:6379/1, or limits on sign-in tries are counted per process."
    return [Warning("The cache is not shared by the processes.", hint=hint, id="accounts.W001")]
