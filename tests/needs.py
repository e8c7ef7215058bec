"""Pytest plugin: a test says by its marker what it needs; what this machine lacks is skipped with the reason.

With ROWS_ONLY=1, as in the second leg of the whole suite, only tests that ask the database run: the others would
prove the same thing twice.
"""

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


# Rooms of the tests whose databases are a stage, not the subject: pages and roles do not depend on its kind.
ON_A_STAGE = ("permissions", "security", "ui", "architecture")
FIXTURES = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("ROWS_ONLY") == "1":
        left_out = [item for item in items if not asks_rows(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if asks_rows(item)]
    missing = {marker: reason for marker, reason in shortages().items() if reason}
    for item in items:
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def asks_rows(item: pytest.Item) -> bool:
    """Tell whether a test says something about the database."""
    if item.get_closest_marker("process"):
        return True
    room = item.path.relative_to(item.config.rootpath / "tests").parts[0]
    asks = item.get_closest_marker("django_db") or FIXTURES & set(getattr(item, "fixturenames", ()))
    return bool(asks) and (room not in ON_A_STAGE or item.path.name == "test_races.py")


def shortages() -> dict[str, str]:
    """Return, for each marker, why its tests cannot run here; empty where they can."""
    database = os.environ.get("DATABASE_URL", "")
    has_browser = any(shutil.which(name) for name in BROWSERS)
    return {
        "pg": "" if database.startswith("postgres") else "this run uses SQLite",
        "browser": ""
        if has_browser or os.environ.get("REQUIRE_BROWSER") == "1"
        else "no Chromium is installed",
        "process": "" if hasattr(os, "killpg") else "this system has no process groups",
    }
