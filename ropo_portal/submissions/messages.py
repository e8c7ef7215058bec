"""Room: what was sent and what came back, fit for a person's eyes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ropo_portal.ropo_one.messages import mask, read_back, without_address

LONGEST_VALUE = 2000


@dataclass(frozen=True)
class Difference:
    """One field that two messages do not share, in our words."""

    field: str
    before: str
    after: str


def shown(body: bytes | None, *, everything: bool = False, hides_address: bool = False) -> str:
    """Return a message or an answer as indented text; identity codes are masked unless everything is asked for."""
    content = bytes(body or b"")
    if not everything:
        return mask(without_address(content) if hides_address else content)
    try:
        return json.dumps(_shortened(json.loads(content)), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return content.decode("utf-8", errors="replace")


def _shortened(value: Any) -> Any:
    """Cut files, which nobody reads as text."""
    if isinstance(value, dict):
        return {name: _shortened(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_shortened(member) for member in value]
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{value[:60]}… ({len(value)} characters)"
    return value


def differences(before: bytes, after: bytes, *, hides_address: bool = False) -> list[Difference]:
    """Return what changed from one message to the next, by our names and masked."""
    if hides_address:
        before, after = without_address(before), without_address(after)
    old, new = dict(_leaves(_only(before))), dict(_leaves(_only(after)))
    changed = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    return [Difference(name, old.get(name, ""), new.get(name, "")) for name in changed]


def _only(body: bytes) -> Any:
    """Return the one document of a message."""
    content = read_back(body)
    jobs = content.get("jobs")
    return jobs[0] if jobs and len(jobs) == 1 else content


def has_hidden_change(before: bytes, after: bytes) -> bool:
    """Tell whether the messages differ although their masked texts do not: an identity code was corrected."""
    return before != after and mask(before) == mask(after)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            words = str(name).replace("_", " ")
            yield from _leaves(member, f"{path} · {words}" if path else words)
    elif isinstance(value, list):
        for place, member in enumerate(value, start=1):
            yield from _leaves(member, path if len(value) == 1 else f"{path} {place}")
    else:
        yield path, str(value)
