"""Room: named points of the sending protocol at which a test may kill the worker; silent outside test mode."""

import os
import signal
from pathlib import Path

from django.conf import settings


def point(name: str) -> None:
    """Die here by SIGKILL when a file `<name>.*` lies in the kill folder; each file kills once."""
    if not settings.KILL_FOLDER:
        return
    for order in sorted(Path(settings.KILL_FOLDER).glob(f"{name}.*")):
        try:
            order.unlink()
        except FileNotFoundError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)
