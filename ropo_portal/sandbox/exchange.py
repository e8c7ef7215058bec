"""One HTTP request and one HTTP reply, as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

JSON = "application/json"
PDF = "application/pdf"
PROBLEM = "application/problem+json"


class NotJson(ValueError):
    """The body is not a JSON object."""


@dataclass(frozen=True)
class Request:
    """What a client asked; header names are lower case."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise NotJson(str(error)) from error
        if not isinstance(found, dict):
            raise NotJson("an object was expected")
        return found

    def fields(self) -> dict[str, Any]:
        """The body of a control call, whether a form or JSON sent it."""
        if self.headers.get("content-type", "").startswith(JSON):
            return self.json()
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def keep_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


@dataclass(frozen=True)
class Reply:
    """What the stand-in means to answer; a fault may still change or withhold it."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self, *, keep_alive: bool) -> bytes:
        return self.head(keep_alive=keep_alive) + self.body

    def head(self, *, keep_alive: bool) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {reason(self.status)}"]
        if self.body:
            lines.append(f"Content-Type: {self.content_type}")
        if self.status not in {204, 304}:
            lines.append(f"Content-Length: {len(self.body)}")
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def with_body(self, body: bytes) -> Reply:
        return replace(self, body=body)


def reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def json_reply(status: int, content: object, content_type: str = JSON) -> Reply:
    return Reply(status, json.dumps(content, ensure_ascii=False).encode(), content_type)
