"""Faults of the answer: it arrives, but its status or its body is not what happened."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

from .exchange import JSON, Reply, json_reply
from .stage import Stage

HTML = b"<!doctype html><html><head><title>Huoltokatko</title></head><body><h1>Maintenance</h1></body></html>"
TEXTS = {400: "Pyyntöä ei voitu käsitellä", 422: "Tietoja ei voitu käsitellä"}
GATEWAY = (502, 504)
REFUSED = "Työ hylätty: osoite puuttuu"
DUPLICATE = "Laskunumero {0} on jo järjestelmässä (duplicate)"
MEGABYTE = 1_000_000
DEPTH = 100_000
Play = Callable[[Stage], None]
Change = Callable[[dict[str, Any], Stage], dict[str, Any]]


def status(number: int) -> Play:
    def play(stage: Stage) -> None:
        if number in {200, 202}:
            stage.answer(replace(stage.reply, status=number))
        elif number in TEXTS:
            stage.answer(json_reply(number, {"error": TEXTS[number]}))
        elif number in GATEWAY:
            stage.answer(Reply(number, HTML, "text/html; charset=utf-8"))
        else:
            stage.answer(Reply(number))

    return play


def redirect(number: int) -> Play:
    def play(stage: Stage) -> None:
        stage.answer(Reply(number, headers=(("Location", stage.argument or "/trap"),)))

    return play


def wait(number: int) -> Play:
    return lambda stage: stage.answer(Reply(number, headers=(("Retry-After", str(int(stage.number(2)))),)))


def wait_until(number: int) -> Play:
    def play(stage: Stage) -> None:
        then = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=stage.number(2))
        stage.answer(Reply(number, headers=(("Retry-After", format_datetime(then, usegmt=True)),)))

    return play


def wait_absurdly(number: int) -> Play:
    return lambda stage: stage.answer(
        Reply(number, headers=(("Retry-After", stage.argument or "99999999999"),))
    )


def malformed(stage: Stage) -> None:
    stage.answer(stage.reply.with_body(b'{"accepted": 1, "jobs": [{"jobid": 44'))


def empty(stage: Stage) -> None:
    stage.answer(replace(stage.reply, body=b"", headers=(("Content-Type", JSON),)))


def html(stage: Stage) -> None:
    stage.answer(replace(stage.reply, body=HTML, content_type="text/html; charset=utf-8"))


def truncated(stage: Stage) -> None:
    stage.answer(stage.reply.with_body(stage.reply.body[: len(stage.reply.body) // 2]))


def huge(stage: Stage) -> None:
    """Sent piece by piece: the stand-in needs no memory for it."""
    size = int(stage.number(50)) * MEGABYTE
    start, end = b'{"accepted": 1, "padding": "', b'"}'
    length = len(start) + size + len(end)
    head = f"HTTP/1.1 201 Created\r\nContent-Type: {JSON}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    stage.connection.send(head.encode() + start)
    for _ in range(size // MEGABYTE):
        stage.connection.send(b"x" * MEGABYTE)
    stage.connection.send(end)
    stage.connection.close()


def gzip_bomb(stage: Stage) -> None:
    """Many members in one gzip stream, each a megabyte of blanks."""
    member = gzip.compress(b" " * MEGABYTE, compresslevel=9)
    bomb = member * int(stage.number(1000))
    stage.answer(replace(stage.reply, status=201, body=bomb, headers=(("Content-Encoding", "gzip"),)))


def deep(stage: Stage) -> None:
    stage.answer(stage.reply.with_body(b'{"accepted": 1, "jobs": ' + b"[" * DEPTH + b"]" * DEPTH + b"}"))


def nan(stage: Stage) -> None:
    stage.answer(stage.reply.with_body(b'{"accepted": 1, "jobs": [{"jobid": 4410001, "amount": NaN}]}'))


def bom(stage: Stage) -> None:
    stage.answer(stage.reply.with_body(b"\xef\xbb\xbf" + stage.reply.body))


def latin(stage: Stage) -> None:
    content = _content(stage) | {"message": "Työ hyväksytty"}
    stage.answer(stage.reply.with_body(json.dumps(content, ensure_ascii=False).encode("latin-1", "replace")))


def twice_keys(stage: Stage) -> None:
    stage.answer(
        replace(stage.reply, status=201, body=b'{"accepted": 0, "accepted": 1, "jobs": [], "errors": []}')
    )


def array(stage: Stage) -> None:
    stage.answer(stage.reply.with_body(b"[" + (stage.reply.body or b"1") + b"]"))


def changing(change: Change) -> Play:
    """A fault that answers 201 with the due content, changed."""
    return lambda stage: stage.answer(json_reply(201, change(_content(stage), stage)))


def count(value: object) -> Play:
    return changing(lambda content, _: content | {"accepted": value})


def _content(stage: Stage) -> dict[str, Any]:
    try:
        content = json.loads(stage.reply.body)
    except ValueError:
        return {"accepted": 1}
    return content if isinstance(content, dict) else {"accepted": 1}


def _without_count(content: dict[str, Any], _: Stage) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "accepted"}


def _foreign(content: dict[str, Any], stage: Stage) -> dict[str, Any]:
    told = json.dumps(content)
    if stage.billnum:
        told = told.replace(json.dumps(stage.billnum), '"FOREIGN-1"')
    changed: dict[str, Any] = json.loads(told)
    return changed


count_missing = changing(_without_count)
count_zero = changing(lambda _content, _: {"accepted": 0, "jobs": [], "errors": []})
accepted_with_error = changing(lambda content, _: content | {"accepted": 1, "errors": [{"error": REFUSED}]})
zero_without_text = changing(
    lambda _, stage: {"accepted": 0, "jobs": [], "errors": [{"billnum": stage.billnum}]}
)
foreign_number = changing(_foreign)
refused = changing(
    lambda _, stage: {"accepted": 0, "jobs": [], "errors": [{"billnum": stage.billnum, "error": REFUSED}]}
)
refused_duplicate = changing(
    lambda _, stage: {
        "accepted": 0,
        "jobs": [],
        "errors": [{"billnum": stage.billnum, "error": DUPLICATE.format(stage.billnum)}],
    }
)
