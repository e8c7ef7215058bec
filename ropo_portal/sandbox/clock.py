"""The stand-in's own clock, which a test or the control page can move."""

from __future__ import annotations

import datetime as dt
import threading


class Clock:
    """The machine's time plus an offset; tokens, due dates and delays all ask it."""

    def __init__(self, offset: dt.timedelta = dt.timedelta()) -> None:
        self._offset = offset
        self._lock = threading.Lock()

    @property
    def offset(self) -> dt.timedelta:
        return self._offset

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self._offset

    def advance(self, **amount: float) -> dt.datetime:
        """Move by days, hours, minutes or seconds, as `timedelta` names them; back when negative."""
        with self._lock:
            self._offset += dt.timedelta(**amount)
        return self.now()

    def set(self, moment: dt.datetime) -> dt.datetime:
        with self._lock:
            self._offset = moment - dt.datetime.now(dt.UTC)
        return self.now()

    def reset(self) -> dt.datetime:
        with self._lock:
            self._offset = dt.timedelta()
        return self.now()
