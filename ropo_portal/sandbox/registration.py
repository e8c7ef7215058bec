"""The desk that takes deliveries: POST /jobs and its siblings that print."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from . import answers, pdf
from .answers import Result
from .contract import code, problems
from .exchange import PDF, NotJson, Reply, json_reply
from .ledger import stamp
from .pricing import price
from .records import NewJob, Settlement

if TYPE_CHECKING:
    from .records import Job
    from .world import Visit

LAG_SECONDS = 6 * 3600.0


class Unreadable(ValueError):
    """The delivery as a whole cannot be taken; its text is a key of `texts`."""


def deliver(visit: Visit) -> Reply:
    """Register every dataset that passes and tell what became of each."""
    try:
        datasets = _datasets(visit)
    except Unreadable as error:
        return visit.refuse(413 if str(error) == "too-many" else 400, str(error), "JSON")
    with visit.booking():
        results = [
            result for _ in range(visit.times) for result in [_taken(visit, each) for each in datasets]
        ]
    results = results[: len(datasets)]
    accepted = any(each.is_accepted for each in results)
    status = 201 if accepted else visit.world.options.rejected_status
    return json_reply(status, answers.delivery(visit.profile, results))


def preview(visit: Visit) -> Reply:
    """The first dataset as a document; nothing is registered."""
    try:
        dataset = _datasets(visit)[0]
    except Unreadable as error:
        return visit.refuse(400, str(error), "JSON")
    if found := problems(dataset, visit.account.country):
        return visit.world.errors.any(visit.world.options.error_shape, 400, "; ".join(found))
    return Reply(200, pdf.draft(new_job(visit, dataset), visit.account.country), PDF)


def local_print(visit: Visit) -> Reply:
    """Register the one dataset and give its document back to be delivered by the sender."""
    try:
        dataset = _datasets(visit)[0]
    except Unreadable as error:
        return visit.refuse(400, str(error), "JSON")
    with visit.booking():
        result = _taken(visit, dataset)
        document = visit.world.ledger.job(result.jobid) if result.is_accepted else None
    if document is None:
        return visit.world.errors.any(visit.world.options.error_shape, 400, result.error)
    return Reply(201, pdf.original(document, visit.account.country), PDF)


def _datasets(visit: Visit) -> list[dict[str, Any]]:
    try:
        stream = visit.request.json().get("datastream")
    except NotJson as error:
        raise Unreadable("unreadable") from error
    datasets = stream.get("dataset") if isinstance(stream, dict) else None
    if not isinstance(datasets, list) or not datasets or not all(isinstance(each, dict) for each in datasets):
        raise Unreadable("unreadable")
    if len(datasets) > visit.world.options.max_datasets:
        raise Unreadable("too-many")
    return datasets


def _taken(visit: Visit, dataset: dict[str, Any]) -> Result:
    billnum = code(dataset, "billnum")
    found = problems(dataset, visit.account.country)
    if not found and visit.times == 1 and _is_duplicate(visit, dataset):
        found = [visit.text("duplicate", billnum)]
    if found:
        return Result(billnum, error="; ".join(found))
    job = visit.world.ledger.add_job(
        new_job(visit, dataset), visit.delivery, visible_at=_visible_at(visit), veil=visit.veil
    )
    _announce(visit, job)
    _credit_target(visit, job)
    return Result(job.billnum, job.jobid, _reference(job), job.amount)


def _is_duplicate(visit: Visit, dataset: dict[str, Any]) -> bool:
    policy, billnum = visit.world.options.duplicates, code(dataset, "billnum")
    if not billnum or policy == "never" or (policy == "asked" and code(dataset, "checkbillnum") != "1"):
        return False
    return bool(visit.jobs("billnum = ? AND jobtype = ?", billnum, code(dataset, "jobtype")))


def new_job(visit: Visit, dataset: dict[str, Any]) -> NewJob:
    return NewJob(
        jobtype=code(dataset, "jobtype"),
        billnum=code(dataset, "billnum"),
        billcode=code(dataset, "billcode"),
        amount=price(dataset, rounding=visit.world.options.vat_rounding).all.total,
        currency=visit.account.currency,
        debtor=code(dataset, "company" if code(dataset, "customertype") == "1" else "person"),
        custnum=code(dataset, "custnum"),
        govid=code(dataset, "govid"),
        billdate=code(dataset, "billdate"),
        paydate=code(dataset, "paydate"),
        dataset=dataset,
    )


def _visible_at(visit: Visit) -> str:
    name, _, seconds = visit.veil.partition(":")
    lag = visit.world.options.lookup_lag
    if name == "lookup-lag":
        lag = float(seconds or LAG_SECONDS)
    return stamp(visit.now + dt.timedelta(seconds=lag))


def _announce(visit: Visit, job: Job) -> None:
    columns = {"statustype": "comment", "statustime": visit.local_time()}
    registered = visit.text("registered", job.billnum)
    visit.world.ledger.add_update(
        job, **columns, statusref=visit.text("log"), statustext=registered, statuscode="98"
    )
    if visit.world.options.unknown_codes:
        text = visit.text("unknown-event")
        visit.world.ledger.add_update(job, **columns, statusref=text, statustext=text, statuscode="7731")


def _credit_target(visit: Visit, job: Job) -> None:
    """A crediting invoice takes its own sum off the job it names."""
    jobid, billnum = code(job.dataset, "refundtojobid"), code(job.dataset, "refundtobillnum")
    targets = (
        visit.jobs("(jobid = ? OR billnum = ?) AND jobid <> ?", jobid, billnum, job.jobid)
        if jobid or billnum
        else []
    )
    if targets and job.amount < 0:
        credit = Settlement("credit", -job.amount, job.billdate, {"by_jobid": job.jobid})
        visit.world.ledger.add_settlement(credit, targets[-1], visit.delivery)


def _reference(job: Job) -> str:
    """Whole-life jobs get a reference of Ropo One's own; the others keep the creditor's."""
    if job.jobtype != "0" and job.billcode:
        return job.billcode
    digits = str(job.jobid)
    total = sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"
