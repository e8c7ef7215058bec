"""Room: the child processes: each in a group of its own, and none of them outlives the command."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

PATIENCE = 10.0
# Events leave every other second; a token outlives every month that is played.
SANDBOX_HABITS = ("--push-every", "2", "--token-seconds", str(400 * 86_400))
TAIL_LINES = 25
# Reads process groups until told that all is done; when its input ends without that, their owner was killed.
GUARDIAN = """
while read -r word; do [ "$word" = done ] && exit 0; groups="$groups -$word"; done
[ -n "$groups" ] || exit 0
for group in $groups; do kill -TERM $group; done
sleep 2
for group in $groups; do kill -KILL $group; done
"""


class ChildEnded(Exception):
    """A process that should run has ended; the message holds the end of its log."""


@dataclass
class Child:
    """A process and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tail(self) -> str:
        """Return the end of the log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])


class Troop:
    """The children of one demonstration; leaving the block ends them all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        self.guardian = subprocess.Popen(
            ["/bin/sh", "-c", GUARDIAN], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd="/", start_new_session=True,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, *words: str) -> None:
        """Start a Python module with its words; what it says goes into its log."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=settings.ROOT, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.children.append(Child(name, process, log))
        self._tell_guardian(f"{process.pid}\n")

    def check(self) -> None:
        """Raise `ChildEnded` when one of them is gone."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                message = f"The {child.name} ended by itself (code {code}). The end of {child.log}:\n\n{child.tail()}"
                raise ChildEnded(message)

    def stop(self) -> None:
        """Ask everybody to end, then make sure; nothing interrupts this."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                child.process.terminate()
        end = time.monotonic() + PATIENCE
        for child in self.children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(end - time.monotonic(), 0.1))
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self._tell_guardian("done\n")
        self.guardian.communicate()

    def _tell_guardian(self, line: str) -> None:
        if self.guardian.stdin:
            self.guardian.stdin.write(line.encode())
            self.guardian.stdin.flush()


def start_all(troop: Troop, *, sandbox_port: int, web_port: int) -> None:
    """Start the stand-in, the worker with its beat, and the web."""
    folder = troop.folder
    troop.start(
        "sandbox",
        "ropo_portal.sandbox",
        "--port",
        str(sandbox_port),
        "--ledger",
        str(folder / "sandbox.sqlite3"),
        *SANDBOX_HABITS,
    )
    troop.start(
        "web", "gunicorn", "ropo_portal.wsgi", "--bind", f"127.0.0.1:{web_port}", "--threads", "8", "--workers", "1",
        "--no-control-socket", "--log-level", "warning",
    )  # fmt: skip
    troop.start(
        "worker", "celery", "-A", "ropo_portal", "worker", "-B", "-s", settings.CELERY_BEAT_SCHEDULE_FILENAME,
        "-c", "2", "-n", "demo@%h", "--loglevel", "WARNING",
    )  # fmt: skip
