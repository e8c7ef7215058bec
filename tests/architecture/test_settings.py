"""Every setting is written down where a newcomer looks for it."""

import ast
import re

import pytest
import yaml

from tests.architecture import tree

EXAMPLE = tree.ROOT / ".env.example"
PAGE = tree.ROOT / "docs" / "configuration.md"
COMPOSE = tree.ROOT / "docker-compose.yml"
READERS = {"env", "_key"}


def settings_read() -> set[str]:
    """Return every name that settings.py asks the environment for."""
    names = set()
    for node in ast.walk(tree.parsed(tree.PACKAGE / "settings.py")):
        if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
            continue
        function = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        if isinstance(function, ast.Name) and function.id in READERS:
            names.add(node.args[0].value)
    return names


def settings_shown() -> set[str]:
    return set(re.findall(r"^([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text(), flags=re.MULTILINE))


def test_the_reader_finds_settings():
    assert {"DATABASE_URL", "SECRET_KEY", "CELERY_BROKER_URL"} <= settings_read()


def test_the_example_shows_every_setting_and_no_other():
    assert settings_shown() == settings_read()


def test_the_page_explains_every_setting_and_no_other():
    explained = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", PAGE.read_text(), flags=re.MULTILINE))
    assert explained == settings_read()


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(COMPOSE.read_text())


def test_compose_has_every_part(compose):
    assert set(compose["services"]) == {"web", "worker", "beat", "db", "redis", "sandbox", "migrate"}
    behind_a_profile = {
        name: part["profiles"] for name, part in compose["services"].items() if "profiles" in part
    }
    assert behind_a_profile == {"sandbox": ["dev"]}


def test_compose_runs_exactly_one_beat(compose):
    beating = [name for name, part in compose["services"].items() if "beat" in str(part.get("command", ""))]
    assert beating == ["beat"]
    assert compose["services"]["beat"]["deploy"]["replicas"] == 1


def test_compose_sets_only_known_settings(compose):
    foreign = {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"}  # the words of the database's own image
    given = {name for part in compose["services"].values() for name in part.get("environment", {})}
    asked = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text()))
    assert (given | asked) - foreign <= settings_read()


def test_compose_checks_the_health_of_what_others_wait_for(compose):
    services = compose["services"]
    awaited = {
        name
        for part in services.values()
        for name, rule in part.get("depends_on", {}).items()
        if rule["condition"] == "service_healthy"
    }
    assert {name for name in awaited if "healthcheck" not in services[name]} == set()
    assert {"db", "redis"} <= awaited
