"""Pytest plugin: a test says by its marker what it needs; what this machine lacks is skipped with the reason."""

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {marker: reason for marker, reason in shortages().items() if reason}
    for item in items:
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


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
