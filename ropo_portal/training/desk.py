"""Room: what the stand-in says of one account."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

# How often one fault can be ordered at once.
MOST_TIMES = 20


@dataclass(frozen=True)
class Played:
    """A fault that has happened: which, to which invoice number ("" for none), and when."""

    fault: str
    number: str
    at: dt.datetime


@dataclass(frozen=True)
class Desk:
    """What the stand-in says of one account: how often each fault will still happen, and what happened, newest first."""

    waiting: Mapping[str, int]
    played: tuple[Played, ...]
