"""From the members of an answer to our typed words: shape only, no judgement. docs/ropo-one/contract.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ropo_portal.ropo_one import answers
from ropo_portal.ropo_one.errors import kept_headers
from ropo_portal.ropo_one.strict_json import parsed_object
from ropo_portal.ropo_one.values import date_of, decimal_of, listed, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ropo_portal.ropo_one.transport import RawAnswer

Members = Mapping[str, Any]

_RESULT_LISTS = ("jobs", "row", "rows", "errors", "rejected")
_REFUSING_LISTS = frozenset({"errors", "rejected"})
_ERROR_MEMBERS = ("error", "errors", "errorText", "commonerror")
# Only in an answer that is an error anyway: a success may well carry a friendly title or message.
_PROBLEM_MEMBERS = ("detail", "title", "Message", "message")
_FALSY = frozenset({"0", "false"})
_TRUTHY = frozenset({"1", "true"})
_NO_UPDATES = "no statusupdates"


class UnknownShape(ValueError):
    """The answer is JSON, but not of a shape from which anything may be concluded."""


def jobs_answer(raw: RawAnswer) -> answers.JobsAnswer:
    """The results of a delivery, whichever of the candidate shapes they come in."""
    content = parsed_object(raw.body)
    found = tuple(_job_results(content))
    own = (text for source in _levels(content) for text in _own_errors(source))
    return answers.JobsAnswer(
        **_kept(raw),
        accepted_count=_accepted_count(content),
        results=tuple(result for result in found if result is not None),
        errors=_unique([*own, *(result.error for result in found if result is not None and result.error)]),
    )


def payment_answer(raw: RawAnswer) -> answers.PaymentAnswer:
    """The echo of a bypass payment."""
    content = parsed_object(raw.body)
    echo = _echo(content)
    return answers.PaymentAnswer(
        **_kept(raw),
        **_keys(echo),
        paid_date=date_of(echo.get("paydate")),
        amount=decimal_of(echo.get("amount")),
        errors=error_texts(content),
    )


def credit_answer(raw: RawAnswer) -> answers.CreditAnswer:
    """The echo of a credit note's allocation."""
    content = parsed_object(raw.body)
    echo = _echo(content)
    return answers.CreditAnswer(
        **_kept(raw),
        **_keys(echo),
        credit_date=date_of(echo.get("date")),
        amount=decimal_of(echo.get("amount")),
        errors=error_texts(content),
    )


def job_info(raw: RawAnswer) -> answers.JobInfo:
    """One job as it stands."""
    members = _echo(parsed_object(raw.body))
    return answers.JobInfo(
        **_kept(raw),
        **_keys(members),
        status_code=text_of(members.get("currentstatus")),
        status_text=text_of(members.get("currentstatustext")),
        next_status_code=text_of(members.get("nextstatus")),
        next_status_text=text_of(members.get("nextstatustext")),
        next_status_date=date_of(members.get("nextstatusdate")),
        current_due_date=date_of(members.get("currentpaydate")),
        received_date=date_of(members.get("origjobdate")),
        original_text=text_of(members.get("origjobtext")),
        members=members,
    )


def status_page(raw: RawAnswer) -> answers.StatusPage | None:
    """A page of changes, or None when the answer says in one of its ways that there are none."""
    if not raw.body.strip():
        return None
    content = parsed_object(raw.body)
    errors = error_texts(content)
    found = [entry for level in _levels(content) for entry in listed(level.get("status"))]
    if not found and (
        any(_NO_UPDATES in text.lower() for text in errors) or (not errors and _is_empty(content))
    ):
        return None
    if not found:
        raise UnknownShape("the answer holds neither changes nor the word that there are none")
    updates = [
        _update(entry) for entry in found if isinstance(entry, dict) and text_of(entry.get("statusid"))
    ]
    return answers.StatusPage(**_kept(raw), updates=tuple(updates), unreadable=len(found) - len(updates))


def _is_empty(content: Members) -> bool:
    """An empty list of changes, or an empty result, is said out loud; a missing one proves nothing."""
    said = any("status" in level for level in _levels(content))
    return said or ("result" in content and not content["result"])


def customer_invoices(raw: RawAnswer) -> answers.CustomerInvoices:
    """A debtor's invoices. "None" counts only when it is said by an empty list: people decide on it."""
    content = parsed_object(raw.body)
    lists = [level["jobs"] for level in _levels(content) if level.get("jobs") is not None]
    found = [entry for single in lists for entry in listed(single)]
    readable = all(isinstance(entry, dict) and text_of(entry.get("invoice_number")) for entry in found)
    if not lists or not readable or error_texts(content):
        raise UnknownShape("the answer holds no list of invoices that can be read")
    return answers.CustomerInvoices(**_kept(raw), invoices=tuple(_customer_invoice(entry) for entry in found))


def problem_texts(content: Members) -> tuple[str, ...]:
    """What an answer with an error's status says, in any of the four documented shapes."""
    texts = [text for name in _PROBLEM_MEMBERS for text in _worded(content.get(name))]
    return _unique([*error_texts(content), *texts])


def error_texts(content: Members) -> tuple[str, ...]:
    """Every text of an answer that says something went wrong."""
    texts: list[str] = []
    for level in _levels(content):
        texts.extend(_own_errors(level))
        for name in _RESULT_LISTS:
            for entry in listed(level.get(name)):
                if isinstance(entry, dict):
                    texts.extend(_own_errors(entry))
                elif name in _REFUSING_LISTS:
                    texts.extend(_worded(entry))
    return _unique(texts)


def _kept(raw: RawAnswer) -> dict[str, Any]:
    return {
        "status": raw.status,
        "headers": kept_headers(raw.headers),
        "body": raw.body,
        "elapsed": raw.elapsed,
    }


def _keys(members: Members) -> dict[str, Any]:
    return {
        "job_id": text_of(members.get("jobid")),
        "number": text_of(members.get("billnum")),
        "reference": text_of(members.get("reference") or members.get("billcode")),
    }


def _levels(content: Members) -> list[Members]:
    """The answer itself and what stands one level inside `result`."""
    return [content, *(entry for entry in listed(content.get("result")) if isinstance(entry, dict))]


def _echo(content: Members) -> Members:
    levels = _levels(content)
    return next((level for level in levels if "jobid" in level or "billnum" in level), content)


def _job_results(content: Members) -> Iterator[answers.JobResult | None]:
    levels = _levels(content)
    found = [(name, entry) for level in levels for name in _RESULT_LISTS for entry in listed(level.get(name))]
    for name, entry in found:
        if isinstance(entry, dict):
            yield _job_result(entry, refusing=name in _REFUSING_LISTS)
        elif name in _REFUSING_LISTS and (text := text_of(entry)):
            yield _job_result({"error": text}, refusing=True)
    # One job may come unwrapped: its members stand where the list would be.
    for level in levels if not found else ():
        if text_of(level.get("jobid")):
            yield _job_result(level, refusing=False)


def _job_result(entry: Members, *, refusing: bool) -> answers.JobResult | None:
    error = "; ".join(_own_errors(entry))
    said = text_of(entry.get("accepted")).lower() if "accepted" in entry else ""
    if not (error or said or text_of(entry.get("jobid")) or text_of(entry.get("billnum"))):
        return None
    accepted = (
        not error
        and not refusing
        and said not in _FALSY
        and (bool(text_of(entry.get("jobid"))) or said in _TRUTHY)
    )
    return answers.JobResult(
        **_keys(entry), amount=decimal_of(entry.get("amount")), accepted=accepted, error=error
    )


def _own_errors(members: Members) -> list[str]:
    texts: list[str] = []
    for name in _ERROR_MEMBERS:
        for value in listed(members.get(name)):
            texts.extend(_worded(value))
    return texts


def _worded(value: object) -> list[str]:
    """The words of an error; a no or a zero in its place says that there is none."""
    text = text_of(value)
    return [text] if text and text.lower() not in _FALSY else []


def _unique(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _accepted_count(content: Members) -> int | None:
    """The count beside the lists, never the yes or no of a single result."""
    for level in _levels(content):
        value = level.get("accepted")
        if isinstance(value, bool) or value is None or ("jobid" in level and level is not content):
            continue
        text = text_of(value)
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
    return None


def _update(entry: Members) -> answers.StatusUpdate:
    return answers.StatusUpdate(
        update_id=text_of(entry.get("statusid")),
        job_id=text_of(entry.get("jobid")),
        number=text_of(entry.get("billnum")),
        kind=text_of(entry.get("statustype")).lower(),
        code=text_of(entry.get("statuscode")),
        heading=text_of(entry.get("statusref")),
        text=text_of(entry.get("statustext")),
        time_text=text_of(entry.get("statustime")),
        paid_date=date_of(entry.get("paydate")),
        amount=decimal_of(entry.get("amount")),
        members=entry,
    )


def _customer_invoice(entry: Members) -> answers.CustomerInvoice:
    return answers.CustomerInvoice(
        job_id=text_of(entry.get("case_number")),
        number=text_of(entry.get("invoice_number")),
        invoice_date=date_of(entry.get("original_invoice_date")),
        state=text_of(entry.get("status")).lower(),
        open_amount=decimal_of(entry.get("open_amount")),
        is_group=text_of(entry.get("group_job")) in _TRUTHY,
        group_job_ids=tuple(text_of(number) for number in listed(entry.get("group_case_numbers"))),
        group_total=decimal_of(entry.get("group_total_payable")),
        link=text_of(entry.get("my_ropo_link")),
    )
