"""The desk that answers questions: one job, its document, status updates, a debtor's jobs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from . import answers, life, pdf
from .contract import is_date
from .exchange import JSON, PDF, NotJson, Reply, json_reply
from .ledger import stamp
from .texts import text

if TYPE_CHECKING:
    from .records import Job
    from .world import Visit

PAGE = 1000
PLACE = ("address", "addressaddline1", "addressaddline2", "postcode", "city", "country")
ECHOED = (*PLACE, "company", "person", "govid")
REMEMBERED = dt.timedelta(days=730)


def job_info(visit: Visit) -> Reply:
    jobid = visit.request.query.get("jobid", "")
    if not jobid.isdigit():
        return visit.refuse(400, "missing", "jobid")
    found = visit.seen(visit.jobs("jobid = ?", int(jobid)))
    if not found:
        return visit.refuse(400, "no-job")
    return json_reply(200, _info(visit, found[0]))


def _info(visit: Visit, job: Job) -> dict[str, object]:
    now = life.standing(job, visit.today, visit.account.zone)
    country = visit.account.country
    data = job.dataset
    info: dict[str, object] = {name: str(data[name]) for name in ECHOED if data.get(name)}
    first = {"1": life.REMINDER, "2": life.COLLECTION}.get(job.jobtype, life.INVOICING)
    return info | {
        "jobid": job.jobid,
        "billnum": job.billnum,
        "billcode": job.billcode,
        "custnum": job.custnum,
        "accountdate": life.registered_on(job, visit.account.zone).isoformat(),
        "currentpaydate": now.pay_by.isoformat(),
        "currentstatus": now.status,
        "currentstatustext": text(country, f"stage-{now.status}"),
        "nextstatus": now.next_status,
        "nextstatusdate": now.next_on.isoformat() if now.next_on else "",
        "nextstatustext": text(country, f"stage-{now.next_status}"),
        "origjobdate": life.registered_on(job, visit.account.zone).isoformat(),
        "origjobtext": text(country, f"stage-{first}"),
    }


def document(visit: Visit) -> Reply:
    """The stored document; it exists only once the job was processed."""
    query = visit.request.query
    keys = {"jobid": query.get("jobid", ""), "billnum": query.get("billnum", "")}
    named = {name: value for name, value in keys.items() if value}
    if not named and not query.get("contractnum"):
        return answers.plain(400, visit.text("missing", "jobid / billnum / contractnum"))
    sets = [visit.jobs(f"{name} = ?", value) for name, value in named.items()]
    ids = [{job.jobid for job in jobs} for jobs in sets]
    if all(ids) and not set.intersection(*ids or [{0}]):
        return answers.plain(400, visit.text("different-documents"))
    found = visit.seen([job for job in sets[0] if all(job.jobid in each for each in ids)] if sets else [])
    processed = stamp(visit.now - dt.timedelta(seconds=visit.world.options.pdf_delay))
    ready = [job for job in found if job.clock_at <= processed]
    if not ready:
        return answers.plain(400, visit.text("no-document"))
    render = pdf.current if query.get("origdata") == "0" else pdf.original
    return Reply(200, render(ready[-1], visit.account.country), PDF)


def status_updates(visit: Visit) -> Reply:
    """Without a filter the next page of the queue, which is then gone; with one, everything and nothing consumed."""
    visit.world.catch_up(visit.account)
    date, billnum = visit.request.query.get("date", ""), visit.request.query.get("billnum", "")
    if date and billnum:
        return visit.refuse(400, "not-allowed", "date + billnum")
    if date and not is_date(date):
        return visit.refuse(400, "bad-date", "date", date)
    if not date and not billnum:
        with visit.booking():
            page = visit.world.ledger.take_updates(visit.account.cid, PAGE)
        return answers.updates(visit.profile, [update.told() for update in page])
    jobs = visit.seen(visit.jobs("billnum = ?", billnum)) if billnum else visit.seen([])
    found = [update for job in jobs for update in visit.world.ledger.updates_of(job)]
    if date:
        found = visit.world.ledger.updates_on(visit.account.cid, date)
    return answers.updates(visit.profile, [update.told() for update in found])


def find_by_end_customer(visit: Visit) -> Reply:
    try:
        asked = visit.request.json()
    except NotJson:
        return answers.problem(400, visit.text("unreadable", JSON), content_type=JSON)
    column = "govid" if asked.get("ssn") else "custnum"
    value = str(asked.get("ssn") or asked.get("custnum") or "")
    if not value:
        return answers.problem(400, visit.text("missing", "ssn / custnum"), content_type=JSON)
    jobs = visit.seen(visit.jobs(f"{column} = ?", value))
    wanted = [job for job in jobs if not job.is_paid or (_all(asked) and _is_recent(visit, job))]
    return json_reply(200, {"jobs": [_found(visit, job) for job in wanted]})


def _all(asked: dict[str, object]) -> bool:
    return asked.get("all_invoices") in (1, "1", True)


def _is_recent(visit: Visit, job: Job) -> bool:
    paid = visit.world.ledger.rows("SELECT MAX(on_date) AS day FROM payments WHERE jobid = ?", job.jobid)[0][
        "day"
    ]
    return not paid or dt.date.fromisoformat(paid) > visit.today - REMEMBERED


def _found(visit: Visit, job: Job) -> dict[str, object]:
    return {
        "case_number": job.jobid,
        "invoice_number": job.billnum,
        "original_invoice_date": job.billdate,
        "status": life.word(job, visit.today, visit.account.zone),
        "open_amount": float(max(job.open_amount, type(job.amount)(0))),
        "group_job": 0,
    }
