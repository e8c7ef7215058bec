"""Room: what rooms above want to do after news was read; they add to the list when apps are ready."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Protocol

logger = logging.getLogger(__name__)


class AfterIntake(Protocol):
    """Something to do after a round of news; it must be repeatable."""

    def __call__(self, *, at: dt.datetime) -> object:
        """Take in what is new."""


AFTER_INTAKE: list[AfterIntake] = []


def after_intake(act: AfterIntake) -> AfterIntake:
    """Add an act to the list, once."""
    if act not in AFTER_INTAKE:
        AFTER_INTAKE.append(act)
    return act


def run_after_intake(*, clock: Callable[[], dt.datetime]) -> None:
    """Run them all; one that fails is logged, is run again next time, and keeps none of the others."""
    for act in AFTER_INTAKE:
        try:
            act(at=clock())
        except Exception:
            logger.exception("an act after the intake of news failed")
