"""Keys of our own rows: time-ordered, so that indexes stay narrow and lists stay in order."""

import os
import time
import uuid
from collections.abc import Iterator

_NANOSECONDS = 1_000_000


def new_id() -> uuid.UUID:
    """Return a version 7 UUID: milliseconds, then the fraction of the millisecond, then chance."""
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS)
    fraction = rest * 4096 // _NANOSECONDS
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (fraction << 64) | (0b10 << 62) | chance)


def new_keys(count: int) -> Iterator[str]:
    """Yield keys such as `new_id` makes, as texts, each later than the one before."""
    moment, chance = time.time_ns() * 4096 // _NANOSECONDS, os.urandom(8 * count)
    for place in range(count):
        milliseconds, fraction = divmod(moment + place, 4096)
        rest = int.from_bytes(chance[8 * place : 8 * place + 8], "big") >> 2
        key = f"{(milliseconds << 80) | (7 << 76) | (fraction << 64) | (0b10 << 62) | rest:032x}"
        yield f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
