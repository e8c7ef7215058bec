"""Keys of our own rows: time-ordered, so that indexes stay narrow and lists stay in order."""

import os
import time
import uuid

_NANOSECONDS = 1_000_000


def new_id() -> uuid.UUID:
    """Return a version 7 UUID: milliseconds, then the fraction of the millisecond, then chance."""
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS)
    fraction = rest * 4096 // _NANOSECONDS
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (fraction << 64) | (0b10 << 62) | chance)
