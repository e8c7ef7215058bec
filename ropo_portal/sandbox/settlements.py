"""The desk that takes bypass payments and allocated credit notes for jobs it already has."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .contract import code, is_date, is_number
from .exchange import NotJson, json_reply
from .pricing import money
from .records import Settlement

if TYPE_CHECKING:
    from .exchange import Reply
    from .records import Job
    from .world import Visit

DETAILS = ("identifier", "type", "creditnotebillnum", "description")
BYPASS_KIND = "1"
RECEIVED_KIND = "2"  # made up: the papers only know 1 and 8
RECEIVED = "received"
KEYS = ("billcode", "jobid", "billnum")


def pay(visit: Visit) -> Reply:
    return _settle(visit, "payment", "paydate")


def credit(visit: Visit) -> Reply:
    return _settle(visit, "credit", "date")


def receive(visit: Visit, job: Job, amount: Decimal, on_date: str) -> None:
    """The debtor pays to Ropo One itself: no call of the creditor's, but the same updates."""
    with visit.booking():
        _booked(visit, job, Settlement("payment", amount, on_date, {"type": RECEIVED}))


def _settle(visit: Visit, kind: str, date_field: str) -> Reply:
    try:
        asked = visit.request.json()
    except NotJson:
        return visit.refuse(400, "unreadable", "JSON")
    if problem := _problem(asked, date_field):
        return visit.refuse(400, *problem)
    job = _job(visit, asked)
    if job is None:
        return visit.refuse(400, "no-job")
    details = {name: asked[name] for name in DETAILS if name in asked}
    settlement = Settlement(kind, money(Decimal(str(asked["amount"]))), asked[date_field], details)
    with visit.booking():
        overpaid, *_ = [_booked(visit, job, settlement) for _ in range(visit.times)]
    return json_reply(201, _echo(visit, job, settlement, date_field, overpaid))


def _problem(asked: dict[str, Any], date_field: str) -> tuple[str, ...]:
    for name in ("amount", date_field):
        if asked.get(name) in (None, ""):
            return "missing", name
    if not is_number(asked["amount"]) or Decimal(str(asked["amount"])) <= 0:
        return "bad-number", "amount", str(asked["amount"])
    if not is_date(asked[date_field]):
        return "bad-date", date_field, str(asked[date_field])
    if not any(code(asked, name) for name in KEYS):
        return "missing", " / ".join(KEYS)
    return ()


def _job(visit: Visit, asked: dict[str, Any]) -> Job | None:
    """Looked up by reference first, then job, then number; the newest wins."""
    for name in KEYS:
        if (value := code(asked, name)) and (found := visit.jobs(f"{name} = ?", value)):
            return found[-1]
    return None


def _booked(visit: Visit, job: Job, settlement: Settlement) -> Decimal:
    ledger = visit.world.ledger
    overpaid = ledger.add_settlement(settlement, ledger.job(job.jobid), visit.delivery)
    _announce(visit, ledger.job(job.jobid), settlement, overpaid)
    return overpaid


def _announce(visit: Visit, job: Job, settlement: Settlement, overpaid: Decimal) -> None:
    """Three updates as in the one captured reply: the payment, who booked what, and "capital paid"."""
    ledger, now, amount = visit.world.ledger, visit.local_time(), str(settlement.amount)
    comment = {"statustype": "comment", "statustime": now, "statusref": visit.text("log")}
    if settlement.kind == "payment":
        ledger.add_update(
            job,
            statustype="payment",
            statustime=f"{settlement.on_date} 00:00:00",
            statusref=visit.text("paid"),
            statustext=RECEIVED_KIND if settlement.details.get("type") == RECEIVED else BYPASS_KIND,
            paydate=settlement.on_date,
            amount=amount,
        )
    told = visit.text(settlement.kind, amount)
    if overpaid:
        told += "\n" + visit.text("overpaid", overpaid)
    ledger.add_update(job, **comment, statustext=told, statuscode="98")
    if job.is_paid:
        ledger.add_update(job, **comment, statustext=visit.text("paid-up"), statuscode="101")


def _echo(
    visit: Visit, job: Job, settlement: Settlement, date_field: str, overpaid: Decimal
) -> dict[str, Any]:
    amount: object = float(settlement.amount)
    if visit.profile == "strings":
        amount = str(settlement.amount)
    elif visit.profile == "comma":
        amount = str(settlement.amount).replace(".", ",")
    echo = {
        "jobid": job.jobid,
        "billnum": job.billnum,
        "billcode": job.billcode,
        date_field: settlement.on_date,
    }
    extra = {"overpaid": float(overpaid)} if overpaid else {}
    return echo | {"amount": amount} | settlement.details | extra
