"""What the environment holds before the settings are read."""

import json
import socket

import pytest

from ropo_portal.demo import scene


def test_the_environment_is_completed(tmp_path):
    environment = {}
    scene.prepare(["--folder", str(tmp_path / "demo"), "--check"], environment)
    assert environment["ROPO_MODE"] == "demo"
    assert environment["DATABASE_URL"] == f"sqlite:///{tmp_path}/demo/portal.sqlite3"
    assert environment["CELERY_BROKER_URL"] == "filesystem://"
    assert environment["SANDBOX_URL"].startswith("http://127.0.0.1:")


def test_what_is_there_already_wins(tmp_path):
    environment = {"SEND_DEADLINE": "20", "DATABASE_URL": "postgres://portal@db/portal"}
    scene.prepare(["--folder", str(tmp_path)], environment)
    assert environment["SEND_DEADLINE"] == "20"
    assert environment["DATABASE_URL"] == "postgres://portal@db/portal"


@pytest.mark.parametrize("mode", ["production", "development"])
def test_another_mode_is_left_alone(tmp_path, mode, capsys):
    with pytest.raises(SystemExit) as ended:
        scene.prepare(["--folder", str(tmp_path)], {"ROPO_MODE": mode})
    assert ended.value.code == 1
    assert mode in capsys.readouterr().err


def test_keys_are_made_once_and_read_by_nobody_else(tmp_path):
    first, second = scene.keys(tmp_path), scene.keys(tmp_path)
    assert first == second == json.loads((tmp_path / "keys.json").read_text())
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_a_port_in_use_is_not_chosen():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert scene.free_port(port) not in {port, 0}
