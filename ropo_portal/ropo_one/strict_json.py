"""JSON as we are willing to believe it: nothing doubled, nothing endless, nothing that is not a number."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

NESTING = 20


class NotJson(ValueError):
    """These bytes are no JSON we believe."""


def parsed(body: bytes) -> Any:
    """The value in the bytes; numbers with a point as Decimal, whole numbers as int."""
    try:
        text = body.decode("utf-8")  # a byte order mark is a sign of a proxy that rewrites: not believed
        value = json.loads(
            text, object_pairs_hook=_without_doubles, parse_constant=_refused, parse_float=Decimal
        )
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise NotJson("the body is not strict JSON") from error
    _check_nesting(value)
    return value


def parsed_object(body: bytes) -> dict[str, Any]:
    """The object in the bytes; anything else is refused."""
    value = parsed(body)
    if not isinstance(value, dict):
        raise NotJson("the body is not a JSON object")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotJson("a member is there twice")
    return members


def _refused(constant: str) -> NoReturn:
    raise NotJson(f"{constant} is not a number")


def _check_nesting(value: object) -> None:
    level = [value]
    for _ in range(NESTING + 1):
        level = [member for outer in level for member in _members(outer)]
        if not level:
            return
    raise NotJson("the body is nested too deeply")


def _members(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
