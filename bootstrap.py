"""Makes `.venv` from a hashed lock file with nothing but the standard library, then carries on inside it.

Written so that Python 3.8 can still read it: an old interpreter must get as far as finding a newer one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("ROPO_VENV") or ROOT / ".venv").absolute()
ON_WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if ON_WINDOWS else "bin/python")
STAMP = VENV / ".ready"
UNFINISHED = VENV / ".unfinished"

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)
LEVELS = ("runtime", "dev", "lint")  # each lock contains the one before it


def enter(level: str) -> None:
    """Return inside an environment that holds this lock; make or mend the environment first when needed."""
    if sys.version_info < OLDEST_PYTHON:
        start_again_with(newer_python())
    if not is_ready(level):
        with only_one_at_a_time():
            if not is_ready(level):  # another start may have done it while this one waited
                make(level)
        start_again_with(PYTHON)
    if not is_inside():
        start_again_with(PYTHON)


def enter_existing() -> None:
    """Return where Django can be imported: in the environment, or in this Python if it brings its own."""
    if is_inside():
        return
    if os.access(PYTHON, os.X_OK):
        start_again_with(PYTHON)
    try:
        import django  # noqa: F401, PLC0415 -- only a question: an image may carry its packages without a .venv
    except ImportError:
        stop('There is no environment yet. "python3 manage.py demo" makes one and starts the portal.')


def is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_ready(level: str) -> bool:
    """Tell whether a finished install of exactly this lock, with this Python, stands there."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return stamp.get(level) == fingerprint(level) and os.access(PYTHON, os.X_OK)


def fingerprint(level: str) -> str:
    python = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}"
    return hashlib.sha256(lock_file(level).read_bytes() + python.encode()).hexdigest()


def lock_file(level: str) -> Path:
    return ROOT / "requirements" / f"{level}.lock"


# ------------------------------------------------------------------------------------------------- making it


def make(level: str) -> None:
    started = time.monotonic()
    lock = lock_file(level)
    count = sum("==" in line for line in lock.read_text().splitlines())
    say(f"Setting up {VENV} with Python {sys.version.split()[0]}, about {count} packages: ")
    try:
        if UNFINISHED.exists() or not is_usable():
            make_empty()
        UNFINISHED.touch()  # a start that finds it begins anew, so nothing half-made is ever used
        STAMP.unlink(missing_ok=True)
    except OSError as error:
        stop(f"\n{VENV} cannot be written ({error}). ROPO_VENV=FOLDER names another place for it.")
    install(lock, count)
    write_stamp(level)
    UNFINISHED.unlink()
    say(f"done in {time.monotonic() - started:.0f} s.\n")


def is_usable() -> bool:
    """Tell whether the environment's own Python starts and is of the same version as this one."""
    try:
        question = [str(PYTHON), "-c", "import sys; print(*sys.version_info[:2])"]
        answer = subprocess.run(question, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]


def make_empty() -> None:
    if VENV.exists():
        if any(VENV.iterdir()) and not (VENV / "pyvenv.cfg").exists():
            stop(f"\n{VENV} exists and is no Python environment, so it is left alone.")
        shutil.rmtree(VENV)
    VENV.parent.mkdir(parents=True, exist_ok=True)
    base = getattr(sys, "_base_executable", None) or sys.executable
    with_pip = subprocess.run([base, "-m", "venv", str(VENV)], capture_output=True, check=False)
    if (
        with_pip.returncode
    ):  # some distributions leave ensurepip out; a pip from outside can fill the folder too
        shutil.rmtree(VENV, ignore_errors=True)
        without_pip = [base, "-m", "venv", "--without-pip", str(VENV)]
        bare = subprocess.run(without_pip, capture_output=True, text=True, check=False)
        if bare.returncode:
            stop(f"\nPython could not make {VENV}:\n{bare.stderr}")


def install(lock: Path, count: int) -> None:
    said = []
    for command in installers():
        returncode, output = run_with_progress([*command, "--require-hashes", "-r", str(lock)], count)
        if returncode == 0:
            return
        said.append(" ".join(command) + "\n" + "".join(output[-15:]))
    UNFINISHED.unlink()  # the installer ended by itself: the next start may go on from here
    stop("\nThe packages could not be installed.\n" + "\n".join(said or ["Neither pip nor uv was found."]))


def installers() -> Iterator[list[str]]:
    """Yield what can install a lock file, the fastest first; pip alone is always enough."""
    from_wheels = ["--only-binary", ":all:"]
    uv = shutil.which("uv")
    if uv:
        yield [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *from_wheels]
    quiet = ["install", "--disable-pip-version-check", "--no-input", *from_wheels]
    for python, target in ((str(PYTHON), []), (sys.executable, ["--python", str(PYTHON)])):
        has_pip = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
        if has_pip.returncode == 0:
            yield [python, "-m", "pip", *target, *quiet]


def run_with_progress(command: list[str], count: int) -> tuple[int, list[str]]:
    """Run an installer and print every further tenth of the packages it names; keep what it said."""
    output, seen, shown = [], 0, 0
    environment = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            output.append(line)
            seen += line.startswith(("Collecting ", "Requirement already satisfied: "))
            while shown < min(10, seen * 10 // count):
                shown += 1
                say(f"{shown}0% ")
            if line.startswith("Installing collected"):
                say("installing ")
    return process.returncode, output


def write_stamp(level: str) -> None:
    """Record this lock and every lower one, which it contains; written aside and moved, so never in part."""
    contained = LEVELS[: LEVELS.index(level) + 1]
    aside = STAMP.with_suffix(".new")
    aside.write_text(json.dumps({name: fingerprint(name) for name in contained}))
    aside.replace(STAMP)


# ------------------------------------------------------------------------------------------- around making it


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Hold the folder that will contain the environment; a second start waits until the first is done."""
    try:
        import fcntl  # noqa: PLC0415 -- exists on POSIX only
    except ImportError:
        yield
        return
    VENV.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(VENV.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another start is setting up the same environment; waiting for it.\n")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def newer_python() -> Path:
    """Find the newest Python on this machine that is new enough, wherever the usual tools put one."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 -- Path.home() raises where a user has no home
    places = [Path(place) for place in os.get_exec_path()]
    places += sorted(home.glob(".pyenv/versions/*/bin"), reverse=True)
    places += sorted(home.glob(".local/share/uv/python/*/bin"), reverse=True)
    places += [Path("/usr/local/bin"), Path("/opt/python/bin")]
    for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1):
        for place in places:
            if starts(place / f"python3.{minor}"):
                return place / f"python3.{minor}"
    return stop(
        f"Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer is needed. "
        f"This is {sys.version.split()[0]}, and no newer one was found."
    )


def starts(python: Path) -> bool:
    try:
        trial = subprocess.run(
            [str(python), "-c", "import venv, sqlite3, ssl"], capture_output=True, check=False
        )
    except OSError:
        return False
    return trial.returncode == 0


def start_again_with(python: Path) -> NoReturn:
    command = [str(python), *sys.argv]
    if ON_WINDOWS:
        raise SystemExit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(command[0], command)


def say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def stop(sentence: str) -> NoReturn:
    raise SystemExit(sentence)
