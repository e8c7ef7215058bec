"""Which error a complete answer proves that is no success: the closed table of answer classes."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ropo_portal.ropo_one.errors import Phase, Refused, Rejected, Unclear
from ropo_portal.ropo_one.reading import jobs_answer, problem_texts
from ropo_portal.ropo_one.strict_json import NotJson, parsed_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ropo_portal.ropo_one.errors import RopoError
    from ropo_portal.ropo_one.transport import RawAnswer

REFUSING = frozenset({401, 403, 404, 405, 413, 415, 429})
REJECTING = frozenset({400, 422})
_LONGEST_WAIT = 24 * 60 * 60


def refusal(raw: RawAnswer) -> RopoError:
    """The error this answer stands for; what is not in the table is unclear."""
    if raw.status in REFUSING:
        return Refused(
            "Ropo turned the call away",
            status=raw.status,
            headers=raw.headers,
            body=raw.body,
            retry_after=_retry_after(raw.headers),
        )
    if raw.status in REJECTING and (texts := _texts(raw)):
        return Rejected(status=raw.status, texts=texts, headers=raw.headers, body=raw.body)
    return unclear(raw, "the answer proves nothing")


def unclear(raw: RawAnswer, reason: str) -> Unclear:
    """A complete answer that cannot be believed."""
    return Unclear(reason, phase=Phase.ANSWERED, status=raw.status, headers=raw.headers, body=raw.body)


def _texts(raw: RawAnswer) -> tuple[str, ...]:
    """The words of a rejection; none when the same answer also speaks of something accepted."""
    try:
        content = parsed_object(raw.body)
        answer = jobs_answer(raw)
    except NotJson:
        return ()
    if answer.accepted or answer.accepted_count:
        return ()
    return problem_texts(content)


def _retry_after(headers: Mapping[str, str]) -> int | None:
    """The pause Ropo asks for, in seconds, within a day."""
    lowered = {name.lower(): value.strip() for name, value in headers.items()}
    text = lowered.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _LONGEST_WAIT)
    until, now = _moment(text), _moment(lowered.get("date", "")) or dt.datetime.now(dt.UTC)
    if until is None:
        return None
    return min(max(int((until - now).total_seconds()), 0), _LONGEST_WAIT)


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
