"""Room: the one judgement on what Ropo's answers prove; whatever is not named here is unconfirmed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from ropo_portal.ropo_one import answers, errors
from ropo_portal.submissions.models import Attempt, Evidence, Submission

State = Submission.State
Outcome = Attempt.Outcome
Finding = Evidence.Finding
HeldReason = Submission.HeldReason

CREATED: Final = frozenset({200, 201})
# Readers of PDF accept a few bytes after the end.
PDF_TAIL = 1024
# Refusals that only a person can mend; the line stops until somebody has looked.
CONFIGURATION: Final = frozenset({403, 404, 405, 413, 415})
REST_DEFAULT, REST_LEAST, REST_MOST = 60.0, 1.0, 3600.0
# A refusal that speaks of a duplicate may speak of our own first try: en, fi, sv, nb.
DUPLICATE: Final = re.compile(
    r"duplicate|already|"
    r"\bon jo\b|\bjo (?:olemassa|käytössä|rekisteröity|järjestelmässä)|kaksoiskappale|"
    r"dubblett|\bredan\b|finnes fra før|\ballerede\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Verdict:
    """What an answer, or its absence, proves about one submission."""

    state: State
    outcome: Outcome
    finding: Finding
    cause: str
    trouble: str = ""
    held_reason: str = ""
    job_id: str = ""
    reference: str = ""
    amount: Decimal | None = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    # Stop the environment's line until a person opens it; or let it rest for some seconds.
    stop: bool = False
    rest_seconds: float = 0.0
    # An answer arrived, so a look-up at once is likely to settle the matter.
    look_up_now: bool = False


@dataclass(frozen=True)
class NeverLeft:
    """A failure before the hook that stands right before the first byte: whatever it was, nothing was written."""

    error: Exception


@dataclass(frozen=True)
class Case:
    """One row of the table: when it applies, what it means, and why."""

    why: str
    applies: Callable[[Any, str], bool]
    judge: Callable[[Any], Verdict]


def verdict(result: object, *, number: str) -> Verdict:
    """Judge what `Client` returned or raised for the registration of one document with this number."""
    for case in CASES:
        if case.applies(result, number):
            return case.judge(result)
    return _unconfirmed(result)


def _about(result: Any) -> dict[str, Any]:
    """Return what is kept of an answer, whether it came as a value or as an exception."""
    return {
        "status": getattr(result, "status", None),
        "headers": dict(getattr(result, "headers", {})),
        "body": getattr(result, "body", b""),
    }


def _unsent(result: errors.RopoError) -> Verdict:
    return Verdict(State.QUEUED, Outcome.UNSENT, Finding.NOTHING, cause=str(result), **_about(result))


def _never_left(result: NeverLeft) -> Verdict:
    if isinstance(result.error, errors.LoginRefused):
        return _login_refused(result.error)
    if isinstance(result.error, errors.RopoError):
        return _unsent(result.error)
    return Verdict(State.QUEUED, Outcome.UNSENT, Finding.NOTHING, cause=type(result.error).__name__)


def _login_refused(result: errors.LoginRefused) -> Verdict:
    return Verdict(
        State.QUEUED, Outcome.UNSENT, Finding.NOTHING, cause=str(result), stop=True, **_about(result)
    )


def _refused(result: errors.Refused) -> Verdict:
    configuration = result.status in CONFIGURATION
    asked = result.retry_after if result.retry_after is not None else REST_DEFAULT
    return Verdict(
        State.HELD,
        Outcome.REFUSED,
        Finding.NOTHING,
        cause=str(result),
        held_reason=HeldReason.NEVER_SENT,
        stop=configuration,
        rest_seconds=0.0 if configuration else min(max(float(asked), REST_LEAST), REST_MOST),
        look_up_now=True,
        **_about(result),
    )


def _rejected(result: errors.Rejected) -> Verdict:
    return _refusal(result, result.texts)


def _rejected_job(result: answers.JobsAnswer) -> Verdict:
    return _refusal(result, result.errors)


def _refusal(result: Any, texts: Iterable[str]) -> Verdict:
    return Verdict(
        State.REJECTED,
        Outcome.REJECTED,
        Finding.REFUSED,
        cause="rejected",
        trouble="\n".join(dict.fromkeys(text for text in texts if text)),
        **_about(result),
    )


def _accepted_job(result: answers.JobsAnswer) -> Verdict:
    job = result.accepted[0] if result.accepted else None
    return Verdict(
        State.ACCEPTED,
        Outcome.ACCEPTED,
        Finding.THERE,
        cause="accepted",
        job_id=job.job_id if job else "",
        reference=job.reference if job else "",
        amount=job.amount if job else None,
        **_about(result),
    )


def _accepted_entry(result: answers.PaymentAnswer | answers.CreditAnswer) -> Verdict:
    return Verdict(
        State.ACCEPTED,
        Outcome.ACCEPTED,
        Finding.THERE,
        cause="accepted",
        job_id=result.job_id,
        reference=result.reference,
        amount=result.amount,
        **_about(result),
    )


def _accepted_print(result: answers.LocalPrintAnswer) -> Verdict:
    """The document is the whole answer: it names no job, which news will."""
    return Verdict(State.ACCEPTED, Outcome.ACCEPTED, Finding.THERE, cause="accepted", **_about(result))


def _unconfirmed(result: object) -> Verdict:
    cause = str(result) if isinstance(result, errors.RopoError) else type(result).__name__
    return Verdict(
        State.UNCONFIRMED,
        Outcome.UNKNOWN,
        Finding.NOTHING,
        cause=cause[:200],
        look_up_now=getattr(result, "status", None) is not None,
        **_about(result),
    )


def speaks_of_duplicate(texts: Iterable[str]) -> bool:
    """Tell whether a refusal may mean our own earlier try."""
    return any(DUPLICATE.search(text) for text in texts)


def _is_accepted_job(result: object, number: str) -> bool:
    """One job counted, no word of an error, and the number echoed (if any) is ours."""
    if not isinstance(result, answers.JobsAnswer) or result.status not in CREATED:
        return False
    clean = not result.errors and not result.rejected and len(result.accepted) <= 1
    echoed = [job.number for job in result.accepted if job.number]
    return result.accepted_count == 1 and clean and all(text == number for text in echoed)


def _is_rejected_job(result: object, number: str) -> bool:
    """None counted, a word of what is wrong, and nothing that speaks of an earlier try."""
    if not isinstance(result, answers.JobsAnswer) or result.status not in CREATED:
        return False
    ours = all(not job.number or job.number == number for job in result.results)
    nothing_taken = result.accepted_count == 0 and not result.accepted and any(result.errors)
    return nothing_taken and ours and not speaks_of_duplicate(result.errors)


def _is_accepted_entry(result: object, number: str) -> bool:
    if not isinstance(result, answers.PaymentAnswer | answers.CreditAnswer) or result.status not in CREATED:
        return False
    return not result.errors and result.number in {"", number}


def _is_accepted_print(result: object, _number: str) -> bool:
    return (
        isinstance(result, answers.LocalPrintAnswer)
        and result.status in CREATED
        and is_whole_pdf(result.body)
    )


def is_whole_pdf(body: bytes) -> bool:
    """Tell whether a file begins and ends as a PDF does; half of one may have lost its pages."""
    return body.startswith(b"%PDF-") and b"%%EOF" in body[-PDF_TAIL:]


def _is(kind: type) -> Callable[[object, str], bool]:
    return lambda result, _number: isinstance(result, kind)


def _is_plain_rejection(result: object, _number: str) -> bool:
    return isinstance(result, errors.Rejected) and any(result.texts) and not speaks_of_duplicate(result.texts)


CASES: Final = (
    Case("it failed before the first byte", _is(NeverLeft), _never_left),
    Case("nothing left us: safe to try again", _is(errors.NotSent), _unsent),
    Case(
        "the credentials do not work: nothing left us, the line stops",
        _is(errors.LoginRefused),
        _login_refused,
    ),
    Case("turned away at the door: not registered, but a person repeats it", _is(errors.Refused), _refused),
    Case("400 or 422 that says what is wrong", _is_plain_rejection, _rejected),
    Case("one job counted accepted, nothing contradicts it", _is_accepted_job, _accepted_job),
    Case("no job accepted, and Ropo says why", _is_rejected_job, _rejected_job),
    Case("a payment or credit is echoed without an error", _is_accepted_entry, _accepted_entry),
    Case("the whole document of a job that we deliver ourselves", _is_accepted_print, _accepted_print),
)


@dataclass(frozen=True)
class Fate:
    """What a whole round of look-ups proves."""

    finding: Finding
    detail: str
    job_id: str = ""


def fate(seen: Iterable[tuple[str, str, str]], *, amount: Decimal, silent: Iterable[str]) -> Fate:
    """
    Judge a round: `seen` are (source, job id, open amount) under our number, `silent` the sources without answer.

    One sighting that agrees is enough; two jobs or another amount are a contradiction; and "not found" counts
    only when every source has answered.
    """
    rows = list(seen)
    jobs = sorted({job for _source, job, _amount in rows if job})
    amounts = {Decimal(text) for _source, _job, text in rows if text}
    if len(jobs) > 1:
        return Fate(Finding.DIFFERS, f"more than one job: {', '.join(jobs)}")
    if any(known not in {amount, Decimal(0)} for known in amounts):
        return Fate(Finding.DIFFERS, f"another amount: {', '.join(map(str, sorted(amounts)))}", *jobs)
    if rows:
        return Fate(Finding.THERE, ", ".join(sorted({source for source, _job, _amount in rows})), *jobs)
    if unanswered := sorted(silent):
        return Fate(Finding.NOTHING, f"no answer from: {', '.join(unanswered)}")
    return Fate(Finding.NOT_THERE, "no source knows it")


def refusal_of_read(error: Exception) -> str:
    """Return a short word for a read that failed, for a clerk's sentence: never a body, never a secret."""
    if isinstance(error, errors.LoginRefused):
        return "login"
    if isinstance(error, errors.Rejected):
        return "\n".join(error.texts) or "rejected"
    if isinstance(error, errors.NotSent):
        return "unreachable"
    return "unclear"
