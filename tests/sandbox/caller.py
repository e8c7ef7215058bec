"""A plain HTTP client of the stand-in, and the datasets it sends."""

import datetime as dt
import zlib
from itertools import count
from typing import Any, Self

import requests

from ropo_portal.sandbox.options import DEFAULT_ACCOUNTS
from ropo_portal.sandbox.server import Sandbox

KEYS = {account.country: (account.cid, account.apicode) for account in DEFAULT_ACCOUNTS}
NUMBERS = count(20260001)
RECIPIENT = {"address": "Rantakatu 14 B 3", "postcode": "00560", "city": "HELSINKI"}
PERSON = {"customertype": "2", "person": "Aino Esimerkki", **RECIPIENT}
COMPANY = {"customertype": "1", "company": "Kuusamon Lumityö Oy", "govid": "9999990-9", **RECIPIENT}
DAYS = {"billdate": "2026-03-02", "paydate": "2026-03-16"}
ROW = {"desc": "Nuohous", "count": "2", "itemtype": "h", "amount": "48.00", "taxpr": "25.5"}
GROSS = 120.48


def day_at(sandbox: Sandbox, country: str = "FI") -> dt.date:
    """Return the day it is for the stand-in's account of that country; near midnight not that of UTC."""
    [account] = (account for account in DEFAULT_ACCOUNTS if account.country == country)
    return sandbox.clock.now().astimezone(account.zone).date()


def number() -> str:
    return str(next(NUMBERS))


def invoice(**changes: Any) -> dict[str, Any]:
    """An information logistics invoice that is fit to be taken; a change to None leaves the field out."""
    whole = {
        "jobtype": "300",
        **PERSON,
        **DAYS,
        "billnum": number(),
        "billcode": "202601171",
        "payrow": [ROW],
    }
    return without_none(whole | changes)


def reminder(**changes: Any) -> dict[str, Any]:
    whole = {
        "jobtype": "1",
        **PERSON,
        **DAYS,
        "billnum": number(),
        "billcode": "202601171",
        "amount": "250.00",
    }
    return without_none(whole | changes)


def collection(**changes: Any) -> dict[str, Any]:
    return reminder(jobtype="2") | without_none({**COMPANY, "noticedate": "2026-03-24"} | changes)


def letter(**changes: Any) -> dict[str, Any]:
    image = {"filename": "kirje.pdf", "file": "JVBERi0="}
    whole = {"jobtype": "301", **PERSON, "sendtype": "post", "addresscountry": "FIN", "countryname": "Suomi"}
    return without_none(whole | {"image": image} | changes)


def without_none(whole: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if value is not None}


class Caller:
    """Logs in when first asked and keeps its token."""

    def __init__(self, sandbox: Sandbox, country: str = "FI") -> None:
        self.sandbox, self.country = sandbox, country
        self.session = requests.Session()
        self.session.trust_env = False
        self.headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.headers = {"Authorization": f"Bearer {self.log_in().json()['token']}"}
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def log_in(self, **changes: Any) -> requests.Response:
        cid, apicode = KEYS[self.country]
        return self.ask("POST", "/token", json={"cid": cid, "apicode": apicode} | changes)

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> requests.Response:
        address = self.sandbox.url + (path if path.startswith("/control") else f"/rest{path}")
        more = {"timeout": 10, "allow_redirects": False} | more
        return self.session.request(method, address, headers=self.headers | (headers or {}), **more)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.ask("GET", path, params=query)

    def post(self, path: str, body: object, **more: Any) -> requests.Response:
        return self.ask("POST", path, json=body, **more)

    def deliver(self, *datasets: dict[str, Any], **more: Any) -> requests.Response:
        return self.post("/jobs", {"datastream": {"dataset": list(datasets)}}, **more)


def deliver(caller: Caller, fault: str = "", **changes: Any) -> tuple[requests.Response | None, str]:
    """Send one invoice; what the client saw, or nothing, and the number it sent."""
    dataset = invoice(**changes)
    headers = {"X-Sandbox-Fault": fault} if fault else {}
    try:
        answer = caller.deliver(dataset, headers=headers | {"Connection": "close"}, timeout=15)
    except (requests.RequestException, UnicodeError, zlib.error):
        return None, dataset["billnum"]
    return answer, dataset["billnum"]


def booked(sandbox: Sandbox, billnum: str) -> int:
    return len(sandbox.jobs(billnum=billnum))
