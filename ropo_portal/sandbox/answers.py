"""The shapes in which Ropo One may answer; where its papers are silent there are several."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

from .exchange import PROBLEM, Reply, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Result:
    """What became of one dataset of a delivery."""

    billnum: str
    jobid: int = 0
    reference: str = ""
    amount: Decimal = Decimal(0)
    error: str = ""

    @property
    def is_accepted(self) -> bool:
        return not self.error

    def taken(self) -> dict[str, Any]:
        amount = float(self.amount)
        return {
            "jobid": self.jobid,
            "billnum": self.billnum,
            "reference": self.reference,
            "amount": amount,
            "accepted": 1,
        }

    def refused(self) -> dict[str, Any]:
        return {"billnum": self.billnum, "error": self.error}


def _guessed(results: list[Result]) -> dict[str, Any]:
    jobs = [each.taken() for each in results if each.is_accepted]
    return {
        "accepted": len(jobs),
        "jobs": jobs,
        "errors": [each.refused() for each in results if not each.is_accepted],
    }


def _xml(results: list[Result]) -> dict[str, Any]:
    rows = [
        {"billnum": each.billnum, "accepted": "1", "jobid": str(each.jobid), "reference": each.reference}
        if each.is_accepted
        else {"billnum": each.billnum, "accepted": "0", "error": each.error}
        for each in results
    ]
    return {"accepted": sum(each.is_accepted for each in results), "result": {"row": rows}}


def _single(results: list[Result]) -> dict[str, Any]:
    return {name: unwrapped(value) for name, value in _guessed(results).items()}


def _counts(results: list[Result]) -> dict[str, Any]:
    return {"accepted": sum(each.is_accepted for each in results)}


def _strings(results: list[Result]) -> dict[str, Any]:
    told: dict[str, Any] = stringed(_guessed(results))
    return told


def _comma(results: list[Result]) -> dict[str, Any]:
    told = _guessed(results)
    for job in told["jobs"]:
        job["amount"] = f"{job['amount']:.2f}".replace(".", ",")
    return told


DELIVERY: dict[str, Callable[[list[Result]], dict[str, Any]]] = {
    "guessed": _guessed,
    "xml": _xml,
    "single": _single,
    "counts": _counts,
    "strings": _strings,
    "comma": _comma,
}


def delivery(profile: str, results: list[Result]) -> dict[str, Any]:
    return DELIVERY[profile](results)


def unwrapped(value: Any) -> Any:
    """A list of one becomes its element, as converted XML does."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def stringed(value: Any) -> Any:
    """Every number becomes a string; amounts keep two decimals."""
    if isinstance(value, dict):
        return {name: stringed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [stringed(each) for each in value]
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def updates(profile: str, items: list[dict[str, Any]]) -> Reply:
    """A page of status updates; the XML-like profile says so when there is none."""
    if not items and profile == "xml":
        return json_reply(200, {"result": {"commonerror": "No statusupdates"}})
    if not items:
        return Reply(204)
    listed = items if profile not in {"single", "xml"} else unwrapped(items)
    content = {"result": {"status": listed}}
    return json_reply(200, stringed(content) if profile == "strings" else content)


class Errors:
    """Error bodies; where the shape is unknown the four documented ones take turns."""

    def __init__(self) -> None:
        self._turn = count()

    def any(self, shape: str, status: int, message: str) -> Reply:
        shapes = {"error": plain, "auth": auth, "problem": problem, "profile": profile_error}
        names = list(shapes)
        chosen = names[next(self._turn) % len(names)] if shape == "rotate" else shape
        return shapes[chosen](status, message)


def plain(status: int, message: str) -> Reply:
    return json_reply(status, {"error": message})


def auth(status: int, message: str) -> Reply:
    return json_reply(status, {"errorId": 900 + len(message), "errorText": message})


def problem(status: int, message: str, *, content_type: str = PROBLEM) -> Reply:
    body = {
        "status": status,
        "type": "https://sandbox.example/problem",
        "title": "Sandbox",
        "detail": message,
    }
    return json_reply(status, body, content_type)


def profile_error(status: int, message: str) -> Reply:
    return json_reply(status, {"Code": 7000 + len(message), "Message": message})
