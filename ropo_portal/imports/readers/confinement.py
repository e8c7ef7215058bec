"""Room: what the child may use: little memory, little time, no network, no other program."""

import ctypes
import platform
import resource
import struct
import sys
from collections.abc import Mapping
from typing import Any

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.spawn",
    "os.posix_spawn",
    "os.system",
    "ctypes.",
)
# Per processor: the kernel's name for it, and the calls that open a network, start or meddle with a program:
# socket, connect, bind, clone, fork, vfork, execve, ptrace, kill, io_uring_setup, execveat, clone3.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 49, 56, 57, 58, 59, 101, 62, 425, 322, 435)),
    "aarch64": (0xC00000B7, (198, 203, 200, 220, 221, 117, 129, 425, 281, 435)),
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


def confine(limits: Mapping[str, int]) -> None:
    """Give up everything that reading a file does not need; it cannot be taken back."""
    memory, seconds = limits["memory_mb"] << 20, limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits["open_files"], limits["open_files"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _filter_calls()
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _filter_calls() -> None:
    """Ask the kernel to refuse the calls; where it has no such filter, the other limits stand alone."""
    known = _CALLS.get(platform.machine()) if sys.platform == "linux" else None
    if known is None:
        return
    architecture, calls = known
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 0, len(calls) + 2, architecture), (_LOAD, 0, 0, 0)]
    # x86_64 has a second set of numbers, from this one up.
    steps.append((_AT_LEAST, len(calls) + 1, 0, 0x40000000))
    steps += [(_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    steps[1] = (_EQUAL, 0, len(steps) - 3, architecture)
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(buffer))
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    system.prctl(_SECCOMP, _FILTER, ctypes.c_char_p(program), 0, 0)
