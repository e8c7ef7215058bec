"""The environment is used only when it is whole, and belongs to the lock and the Python that ask for it."""

import json
import os
import subprocess
import sys

import pytest

import bootstrap


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """Return an empty folder in which bootstrap believes its environment stands."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    for name, path in {
        "VENV": "",
        "PYTHON": "bin/python",
        "STAMP": ".ready",
        "UNFINISHED": ".unfinished",
    }.items():
        monkeypatch.setattr(bootstrap, name, folder / path)
    return folder


def test_an_environment_without_a_stamp_is_not_ready(venv):
    assert not bootstrap.is_ready("runtime")


def test_a_stamp_cut_short_is_no_stamp(venv):
    bootstrap.write_stamp("runtime")
    stamp = venv / ".ready"
    stamp.write_text(stamp.read_text()[:-5])
    assert not bootstrap.is_ready("runtime")


def test_an_environment_of_a_higher_lock_serves_the_lower_words(venv):
    bootstrap.write_stamp("dev")
    assert [bootstrap.is_ready(level) for level in ("runtime", "dev", "lint")] == [True, True, False]


def test_a_changed_lock_is_installed_anew(venv):
    bootstrap.write_stamp("runtime")
    stamp = venv / ".ready"
    stamp.write_text(json.dumps({"runtime": "of another lock"}))
    assert not bootstrap.is_ready("runtime")


def test_an_environment_whose_python_is_gone_is_not_ready(venv):
    bootstrap.write_stamp("runtime")
    (venv / "bin" / "python").unlink()
    assert not bootstrap.is_ready("runtime")


def test_a_folder_that_is_no_environment_is_left_alone(venv):
    (venv / "letter.txt").write_text("to keep")
    with pytest.raises(SystemExit, match="left alone"):
        bootstrap.make_empty()
    assert (venv / "letter.txt").read_text() == "to keep"


def test_an_old_python_without_a_newer_one_gets_a_sentence(monkeypatch):
    monkeypatch.setattr(bootstrap, "starts", lambda _python: False)
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        bootstrap.newer_python()


def test_a_newer_python_is_preferred(monkeypatch):
    monkeypatch.setattr(bootstrap, "starts", lambda python: python.name in {"python3.11", "python3.12"})
    assert bootstrap.newer_python().name == "python3.12"


def test_a_second_start_waits_for_the_first(venv, capfd):
    fcntl = pytest.importorskip("fcntl")
    folder = os.open(venv.parent, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    waiting = subprocess.Popen(
        [sys.executable, "-c", "import bootstrap\nwith bootstrap.only_one_at_a_time(): print('in')"],
        env={**os.environ, "ROPO_VENV": str(venv)},
        cwd=bootstrap.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "waiting" in waiting.stderr.readline()
    os.close(folder)
    assert waiting.communicate(timeout=20)[0] == "in\n"


def test_another_word_without_an_environment_gets_a_friendly_sentence(tmp_path):
    """-I keeps the packages of this very run out of sight."""
    program = (
        f"import sys; sys.path.insert(0, {str(bootstrap.ROOT)!r}); sys.path[:] = [p for p in sys.path if 'site-packages' not in p];"
        "import bootstrap; bootstrap.enter_existing()"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env={"ROPO_VENV": str(tmp_path / "none"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "manage.py demo" in done.stderr) == (1, True)
