"""Room: telling the stand-in Ropo One what to do: its clock, its payers, and where its events go."""

import json
from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings

SECONDS = 30.0


def ledger() -> dict[str, Any]:
    """Return everything that is registered there."""
    with urlopen(f"{settings.SANDBOX_URL}/control/ledger", timeout=SECONDS) as answer:  # noqa: S310 (our own child)
        told: dict[str, Any] = json.load(answer)
    return told


def go_back(*, days: int) -> None:
    """Set its clock back by so many days; what is registered then has come that far today."""
    _tell("clock", {"reset": "yes", "days": -days})


def come_back() -> None:
    """Set its clock right again; everything between happens now."""
    _tell("clock", {"reset": "yes"})


def pay(job_id: str) -> None:
    """Let the debtor pay all that is open to Ropo One itself."""
    _tell("pay", {"jobid": job_id})


def push_to(address: str, *, name: str, secret: str, cid: str) -> None:
    """Send one account's events to an address from now on."""
    _tell("events", {"url": address, "username": name, "password": secret, "cid": cid})


def _tell(word: str, values: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    body = json.dumps(values).encode()
    request = Request(f"{settings.SANDBOX_URL}/control/{word}", body, headers)  # noqa: S310 (our own child)
    urlopen(request, timeout=SECONDS).close()  # noqa: S310 (the same)
