"""Faults of the wire: the answer was right, but it does not arrive, or not as it should."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .stage import Stage

NEVER_SECONDS = 600.0
LATE_SECONDS = 5.0
DRIP_SECONDS = 1.0
CUT_BYTES = 12


def behave(stage: Stage) -> None:
    stage.answer(stage.reply)


def reset(stage: Stage) -> None:
    stage.connection.reset()


def close(stage: Stage) -> None:
    stage.connection.close()


def never(stage: Stage) -> None:
    stage.connection.hold(stage.number(NEVER_SECONDS))
    stage.connection.close()


def late(stage: Stage) -> None:
    stage.connection.hold(stage.number(LATE_SECONDS))
    stage.answer(stage.reply)


def drip(stage: Stage) -> None:
    stage.connection.drip(stage.reply.encoded(keep_alive=False), pause=stage.number(DRIP_SECONDS))
    stage.connection.close()


def blanks(stage: Stage) -> None:
    """Blanks before the JSON are JSON: only a total deadline helps against them."""
    head = stage.reply.with_body(b" " * 40 + stage.reply.body)
    encoded = head.encoded(keep_alive=False)
    start = encoded.index(b"\r\n\r\n") + 4
    stage.connection.send(encoded[:start])
    stage.connection.drip(b" " * 40, pause=stage.number(DRIP_SECONDS))
    stage.connection.send(stage.reply.body)
    stage.connection.close()


def cut(stage: Stage) -> None:
    stage.connection.send(stage.reply.encoded(keep_alive=False)[: int(stage.number(CUT_BYTES))])
    stage.connection.close()


def cut_body(stage: Stage) -> None:
    whole = stage.reply.encoded(keep_alive=False)
    stage.connection.send(whole[: len(whole) - max(1, len(stage.reply.body) // 2)])
    stage.connection.close()


def keep_then_close(stage: Stage) -> None:
    stage.connection.send(stage.reply.encoded(keep_alive=True))
    stage.connection.close()


def garbage(stage: Stage) -> None:
    stage.connection.send(b"\x15\x03\x01\x00\x02\x02\x16 this is not HTTP\r\n\r\n")
    stage.connection.close()


def event_first(stage: Stage) -> None:
    stage.push_events()
    time.sleep(stage.number(0))
    stage.answer(stage.reply)
