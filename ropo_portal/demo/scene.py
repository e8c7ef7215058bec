"""Room: what must stand in the environment before the settings are read; standard library only."""

import argparse
import base64
import json
import os
import secrets
import socket
from collections.abc import MutableMapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SANDBOX_PORT, WEB_PORT = 8078, 8000
KEYS = "keys.json"

# Minutes and days of the real portal become seconds. What the environment says already wins.
HABITS = {
    "DEBUG": "off", "ALLOWED_HOSTS": "127.0.0.1,localhost", "SECURE_SSL_REDIRECT": "off", "BEHIND_TLS_PROXY": "off",
    "LOG_LEVEL": "WARNING", "CELERY_BROKER_URL": "filesystem://", "CACHE_URL": "locmemcache://", "EMAIL_URL": "consolemail://",
    "SEND_DEADLINE": "8", "SWEEP_INTERVAL": "1", "SWEEP_GRACE": "3",
    "LOOK_UP_SCHEDULE": "3,6,10,15,20,25,30", "LOOK_UP_PROMISE": "15",
    "POLL_INTERVAL": "15", "REFRESH_INTERVAL": "15", "REFRESH_REST": "10",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what may follow the word `demo`."""
    parser.add_argument(
        "--check", action="store_true", help="run it through, compare with the ledger, and stop"
    )
    parser.add_argument(
        "--empty", action="store_true", help="no creditors and nobody but support: a first day"
    )
    parser.add_argument("--keep", action="store_true", help="go on with the data of the last time")
    parser.add_argument("--port", type=int, default=0, help=f"of the web pages; {WEB_PORT} when it is free")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "demo", help="where everything is kept")


def prepare(arguments: Sequence[str], environment: MutableMapping[str, str]) -> None:
    """Complete the environment, which the settings and all child processes read."""
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    options, _others = parser.parse_known_args(arguments)
    if environment.setdefault("ROPO_MODE", "demo") != "demo":
        parser.exit(
            1,
            f"ROPO_MODE is {environment['ROPO_MODE']}: unset it, the demonstration runs in mode demo only.\n",
        )
    folder = options.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    places = {
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "CELERY_BELL_FOLDER": str(folder / "bell"),
        "CELERY_BEAT_FILE": str(folder / "beat"),
        "STATIC_ROOT": str(folder / "static"),
    }
    for name, value in {**HABITS, **places, **keys(folder)}.items():
        environment.setdefault(name, value)
    if "SANDBOX_URL" not in environment:
        environment["SANDBOX_URL"] = f"http://127.0.0.1:{free_port(SANDBOX_PORT)}"


def keys(folder: Path) -> dict[str, str]:
    """Return the keys of this installation, made at its first start."""
    file = folder / KEYS
    if not file.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(64),
            "SEARCH_KEY": secrets.token_urlsafe(48),
            "ENCRYPTION_KEYS": f"demo:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        }
        scratch = file.with_suffix(f".{os.getpid()}")
        scratch.touch(mode=0o600)
        scratch.write_text(json.dumps(made), encoding="utf-8")
        scratch.replace(file)
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def free_port(wanted: int) -> int:
    """Return the wanted port, or another one when somebody listens there."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free")
