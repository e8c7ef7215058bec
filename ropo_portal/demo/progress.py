"""Room: how far it has come, as a bar in a terminal and as a line now and then elsewhere."""

import time
from typing import Protocol

WIDTH = 30
LINE_EVERY = 5.0


class Output(Protocol):
    """Where it is written."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...
    def isatty(self) -> bool: ...


class Bar:
    """Redraws itself in place when a person watches."""

    def __init__(self, output: Output, label: str) -> None:
        self.output, self.label = output, label
        self.started = self.last_line = time.monotonic()
        self.is_drawn = False

    def show(self, done: int, total: int, note: str = "") -> None:
        """Show how many of them are done."""
        if self.output.isatty():
            filled = WIDTH * done // max(total, 1)
            text = f"{self.label} [{'#' * filled}{'.' * (WIDTH - filled)}] {done} of {total}  {note}"
            self.output.write(f"\r{text[:100]:<100}")
            self.is_drawn = True
        elif time.monotonic() - self.last_line >= LINE_EVERY:
            self.output.write(f"{self.label}: {done} of {total}  {note}".rstrip() + "\n")
            self.last_line = time.monotonic()
        self.output.flush()

    def end(self) -> None:
        """Leave the line."""
        if self.is_drawn:
            self.output.write("\r" + " " * 100 + "\r")
            self.output.flush()
