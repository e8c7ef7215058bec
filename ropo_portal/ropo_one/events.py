"""From a pushed batch of events to our typed words; the envelope is a guess, so nothing in it is required."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ropo_portal.ropo_one import answers
from ropo_portal.ropo_one.strict_json import parsed
from ropo_portal.ropo_one.values import date_of, decimal_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_IDS = ("id", "eventid", "messageid", "statusid")
_KINDS = ("type", "eventtype", "statustype", "event")


@dataclass(frozen=True)
class EventBatch:
    """One pushed batch. docs/ropo-one/contract.md, "Events"."""

    messages: tuple[answers.StatusUpdate, ...]
    unreadable: int


def event_batch(body: bytes) -> EventBatch:
    """The messages of a batch, found as the array of objects that have an id; raises `NotJson`."""
    found = _messages(parsed(body))
    messages = tuple(_message(entry) for entry in found if isinstance(entry, dict))
    return EventBatch(messages, unreadable=len(found) - len(messages))


def _messages(content: Any) -> list[Any]:
    arrays = list(_arrays(content, depth=3))
    with_ids = [array for array in arrays if any(_has_id(entry) for entry in array)]
    if with_ids or arrays:
        return max(with_ids or arrays, key=len)
    return [content] if _has_id(content) else []


def _arrays(content: Any, depth: int) -> Iterator[list[Any]]:
    """Every array of objects near the top, outermost first."""
    if isinstance(content, list):
        if any(isinstance(entry, dict) for entry in content):
            yield content
    elif isinstance(content, dict) and depth:
        for value in content.values():
            yield from _arrays(value, depth - 1)


def _has_id(entry: Any) -> bool:
    return isinstance(entry, dict) and any(text_of(entry.get(name)) for name in _IDS)


def _message(entry: Mapping[str, Any]) -> answers.StatusUpdate:
    inner: dict[str, Any] = {}
    for value in entry.values():
        if isinstance(value, dict):
            inner |= value
    whole = {**inner, **entry}
    return answers.StatusUpdate(
        update_id=_first(entry, _IDS) or _fingerprint(entry),
        job_id=text_of(whole.get("jobid")),
        number=text_of(whole.get("billnum")),
        kind=_first(whole, _KINDS).lower(),
        code=text_of(whole.get("statuscode")),
        heading=text_of(whole.get("statusref")),
        text=text_of(whole.get("statustext")),
        time_text=text_of(whole.get("statustime") or whole.get("created_at")),
        paid_date=date_of(whole.get("paydate")),
        amount=decimal_of(whole.get("amount")),
        members=entry,
    )


def _first(members: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := text_of(members.get(name)))), "")


def _fingerprint(entry: Mapping[str, Any]) -> str:
    """An id for a message that came without one: the same words are the same news."""
    words = json.dumps(entry, sort_keys=True, default=str)
    return "sha256:" + hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
