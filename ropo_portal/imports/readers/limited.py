"""Room: files read in a child process with limits; whatever happens to the child is one sentence here."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Generator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ropo_portal.imports.readers import frames
from ropo_portal.imports.readers.layouts import Layout, Line, Survey
from ropo_portal.imports.readers.refusals import CannotRead
from ropo_portal.imports.readers.words import REFUSALS

DOOR = Path(__file__).with_name("__main__.py")
_CHUNK = 1 << 20
_JUNK = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Limits:
    """What one file may cost. `idle_seconds` is how long the child may be silent."""

    memory_mb: int = 1024
    cpu_seconds: int = 120
    idle_seconds: int = 60
    open_files: int = 32


USUAL = Limits()


def survey_limited(
    path: Path,
    *,
    name: str,  # noqa: ARG001 (the same call as `survey`)
    layout: Layout | None = None,
    limits: Limits = USUAL,
) -> Survey:
    """Look at a file, in a child."""
    found: Survey | None = None
    try:
        for kind, body in _frames(path, "survey", layout, limits):
            if kind == frames.SURVEY:
                found = Survey.from_dict(json.loads(body))
    except _JUNK as error:
        raise CannotRead("crash") from error
    if found is None:
        raise CannotRead("crash")
    return found


def run_limited(
    path: Path, *, layout: Layout, limits: Limits = USUAL, key: str = "", own: Collection[str] = ()
) -> Iterator[Line]:
    """
    Yield the lines of a file, read in a child. What was yielded before a refusal is a part of a refused file.

    With `key` and `own`, lines that only repeat the line before but for their own cells say so (`Line.is_more`).
    """
    unpacking = frames.Unpacking(())
    stream = _frames(path, "lines", layout, limits)
    try:
        for kind, body in stream:
            if kind == frames.NAMES:
                unpacking = frames.Unpacking([str(name) for name in json.loads(body)], key=key, own=own)
            elif kind == frames.LINES:
                yield from unpacking.lines(body)
    except _JUNK as error:
        raise CannotRead("crash") from error
    finally:
        stream.close()


def _frames(
    path: Path, verb: str, layout: Layout | None, limits: Limits
) -> Generator[tuple[bytes, bytes], None, None]:
    """Start the child and yield what it says, until it says that this is the end."""
    asked = {
        "verb": verb,
        "path": str(path.resolve()),
        "layout": layout.to_dict() if layout else None,
        "limits": asdict(limits),
    }
    with _child(json.dumps(asked)) as child:
        try:
            pipe = _Pipe(child, limits.idle_seconds)
            while (said := pipe.frame())[0] != frames.END:
                if said[0] == frames.REFUSED:
                    raise _refusal(json.loads(said[1]))
                yield said
        except EOFError:
            raise CannotRead(_end_of(child.wait())) from None
        finally:
            child.kill()


def _child(asked: str) -> subprocess.Popen[bytes]:
    """Start the child with nothing of ours: no variables, no open files, no working folder."""
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", str(DOOR), asked],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )


def _refusal(said: Any) -> CannotRead:
    code, values = said
    if code not in REFUSALS:
        return CannotRead("crash")
    return CannotRead(code, **{name: value for name, value in values.items() if isinstance(value, str | int)})


def _end_of(status: int) -> str:
    """Say why a child ended that had not finished."""
    if -status in {signal.SIGXCPU, signal.SIGKILL}:
        return "time"
    return "memory" if -status == signal.SIGABRT else "crash"


class _Pipe:
    """What the child says, waited for no longer than the limit."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: int) -> None:
        self.file = child.stdout.fileno() if child.stdout else -1
        self.seconds = seconds
        self.poll = select.poll()
        self.poll.register(self.file, select.POLLIN | select.POLLHUP)
        self.rest = bytearray()

    def frame(self) -> tuple[bytes, bytes]:
        """Return the next frame."""
        deadline = time.monotonic() + self.seconds
        kind, length = frames.HEAD.unpack(self._take(frames.HEAD.size, deadline))
        if length > frames.LONGEST:
            raise CannotRead("crash")
        return kind, self._take(length, deadline)

    def _take(self, size: int, deadline: float) -> bytes:
        while len(self.rest) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not self.poll.poll(left * 1000):
                raise CannotRead("time")
            chunk = os.read(self.file, _CHUNK)
            if not chunk:
                raise EOFError
            self.rest += chunk
        taken = bytes(self.rest[:size])
        del self.rest[:size]
        return taken
