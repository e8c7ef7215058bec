"""`manage.py lint`: every tool that reads the source without running it, one after the other; all are heard."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str | Path]] = {
    "ruff": [BIN / "ruff", "check"],
    "ruff format": [BIN / "ruff", "format", "--check"],
    "mypy": [BIN / "mypy"],
    "djlint": [BIN / "djlint", "--lint", "--quiet", "templates"],
    "import contracts": [BIN / "lint-imports", "--no-logo", "--no-cache"],
    "secrets and machine names": [
        *(sys.executable, "-m", "pytest", "-q", "--noconftest", "tests/architecture/test_tracked.py"),
    ],
}


def main() -> int:
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    print(
        f"\n{len(CHECKS) - len(failed)} checks clean, {len(failed)} not{': ' if failed else '.'}{', '.join(failed)}"
    )
    return 1 if failed else 0


def passes(name: str, command: list[str | Path]) -> bool:
    print(f"\n--- {name}", flush=True)
    started = time.monotonic()
    # mypy asks Django for its models, so settings must load; no check reads a row.
    environment = {**os.environ, "ROPO_MODE": "test", "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    print(
        f"{'clean' if done.returncode == 0 else 'NOT CLEAN'}, {time.monotonic() - started:.1f} s", flush=True
    )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
