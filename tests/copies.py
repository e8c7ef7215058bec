"""One process of a run migrates, every other gets a copy: of PostgreSQL by CREATE DATABASE, of SQLite in memory.

Copies live as long as the run. Their names are made of every migration's content, and each process still migrates
what a copy lacks, so none can be stale. `python -m tests.copies` makes the copy before anybody asks.
"""

import atexit
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

FOLDER, SERVER = "TEST_COPIES_FOLDER", "TEST_COPIES_SERVER"
POSTGRESQL = (
    "SELECT pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
    """SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT concat_ws(' ', table_name, column_name, data_type, column_default, is_nullable)
    FROM information_schema.columns WHERE table_schema = 'public'""",
)
SQLITE = ("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",)


def offer(server: str = "") -> None:
    """Give this run a folder for its copies; `server` is thrown away with the run, so copies may stay on it."""
    if server:
        os.environ[SERVER] = server
    if not os.environ.get(FOLDER):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="copies-")
        atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)


def folders() -> list[Path]:
    """Return where the migrations of every installed room lie."""
    found = []
    for label in sorted({app.label for app in apps.get_app_configs()}):
        name, _is_chosen = MigrationLoader.migrations_module(label)
        if name and find_spec(name):
            found.append(Path(import_module(name).__path__[0]))
    return found


def key(places: list[Path]) -> str:
    """Return a name that changes with every migration, and with Django itself."""
    found = hashlib.sha256(f"{connection.vendor} {django.VERSION}".encode())
    for path in (path for place in places for path in sorted(place.glob("*.py"))):
        found.update(f"{path.parent.parent.name}/{path.name}".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def schema() -> list[str]:
    """Return every trigger, function, constraint, index and column of the database, each as its own definition."""
    found = []
    with connection.cursor() as cursor:
        for question in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(question)
            found += [text for (text,) in cursor.fetchall()]
    return sorted(found)


class Copy:
    """The copy of one kind of database, as one process meets it; between begin and finish others wait."""

    def __init__(self) -> None:
        self.folder = Path(os.environ[FOLDER])
        self.name = f"copy_{key(folders())}"
        self.record = self.folder / f"{self.name}.json"
        self.file = self.folder / f"{self.name}.sqlite3"
        self.was_there = False
        self._lock: Any = None
        self._memory: sqlite3.Connection | None = None

    def begin(self) -> None:
        """Wait for whoever makes it; then let Django begin with the copy."""
        self._lock = (self.folder / f"{self.name}.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.was_there = self.record.exists()
        if not self.was_there:
            return
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = self.name
        else:
            # Held open until Django has a connection of its own: memory is gone with the last one.
            self._memory = sqlite3.connect(_memory_name(), uri=True)
            with sqlite3.connect(self.file) as file:
                file.backup(self._memory)
            file.close()

    def finish(self) -> None:
        """Keep what Django migrated, if nobody did before, and let the others in."""
        if not self.was_there:
            found = schema()
            self._keep()
            self.record.write_text(json.dumps(found))
        elif lacks := set(json.loads(self.record.read_text())) ^ set(schema()):
            message = f"the copied database differs from the migrated one: {sorted(lacks)[:3]}"
            raise RuntimeError(message)
        if self._memory:
            self._memory.close()
        self._lock.close()

    def _keep(self) -> None:
        if connection.vendor == "postgresql":
            name = connection.settings_dict["NAME"]
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{name}"')
            return
        with sqlite3.connect(self.file) as file:
            connection.connection.backup(file)
        file.close()


def may_copy() -> bool:
    """Tell whether copies may be made here: never on a server that outlives the run, nor of a file somebody keeps."""
    if not os.environ.get(FOLDER):
        return False
    if connection.vendor == "postgresql":
        return os.environ.get(SERVER) == os.environ.get("DATABASE_URL")
    return connection.vendor == "sqlite" and "mode=memory" in _memory_name()


def _memory_name() -> str:
    creation: Any = connection.creation
    return str(creation._get_test_db_name())


def main() -> None:
    """Migrate a database of this process alone, and leave the copy."""
    django.setup()
    if not may_copy():
        return
    copy = Copy()
    copy.begin()
    if not copy.was_there:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    copy.finish()


if __name__ == "__main__":
    main()
