"""Room: a fresh database at every start, copied from one that was migrated once."""

import hashlib
import shutil
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from ropo_portal.accounts.models import Creditor

LEFTOVERS = ("portal.sqlite3*", "sandbox.sqlite3*", "beat*")
FOLDERS = ("bell/messages", "bell/control")


def make_ready(folder: Path, *, keep: bool) -> None:
    """Leave a migrated database; without `keep` an empty one, unless DATABASE_URL names one that is not ours."""
    if not is_ours(folder):
        call_command("migrate", verbosity=0)
        if not Creditor.objects.exists():
            throw_away(folder)  # the ledger belongs to other data
        return
    if not keep:
        throw_away(folder)
    _migrate(folder)


def is_ours(folder: Path) -> bool:
    """Tell whether the settings point to the file in this folder."""
    return Path(str(settings.DATABASES["default"]["NAME"])) == folder / "portal.sqlite3"


def throw_away(folder: Path) -> None:
    """Remove what the last demonstration left, but neither keys nor templates nor static files."""
    for pattern in LEFTOVERS:
        for path in folder.glob(pattern):
            path.unlink()
    for name in FOLDERS:
        for path in (folder / name).glob("*"):
            path.unlink()


def _migrate(folder: Path) -> None:
    database, template = folder / "portal.sqlite3", folder / f"migrated-{fingerprint()}.sqlite3"
    if template.exists() and not database.exists():
        shutil.copy(template, database)
        return
    is_empty = not database.exists()
    call_command("migrate", verbosity=0)
    connection.close()  # the last one to close writes the journal into the file
    if is_empty:
        for old in folder.glob("migrated-*"):
            old.unlink()
        shutil.copy(database, template)


def fingerprint() -> str:
    """Name the migrations of all apps, ours by their content."""
    seen = hashlib.sha256(django.get_version().encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            seen.update(
                str(path).encode() + (path.read_bytes() if app.name.startswith("ropo_portal.") else b"")
            )
    return seen.hexdigest()[:16]
