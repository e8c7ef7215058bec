"""Checks answers against the contract as written down in docs/ropo-one/openapi.yaml."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PAPER = Path(__file__).parents[2] / "docs" / "ropo-one" / "openapi.yaml"


@cache
def paper() -> dict[str, Any]:
    return yaml.safe_load(PAPER.read_text(encoding="utf-8"))


@cache
def registry() -> Registry:
    return Registry().with_resource(
        "urn:paper", Resource.from_contents(paper(), default_specification=DRAFT202012)
    )


def check(content: object, *steps: str) -> None:
    """The content must fit the schema found by these steps."""
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    schema = {"$ref": f"urn:paper#/{pointer}"}
    jsonschema.Draft202012Validator(schema, registry=registry()).validate(content)


def check_request(content: object, method: str, path: str) -> None:
    check(content, "paths", path, method.lower(), "requestBody", "content", "application/json", "schema")


def check_answer(answer: Any, method: str, path: str) -> None:
    """Status, media type and body must be among those the contract knows for the call."""
    responses = paper()["paths"][path][method.lower()]["responses"]
    assert str(answer.status_code) in responses, f"{answer.status_code} is not in the contract of {path}"
    place = ["paths", path, method.lower(), "responses", str(answer.status_code)]
    known = responses[str(answer.status_code)]
    if "$ref" in known:
        place = known["$ref"].removeprefix("#/").split("/")
        known = paper()["components"]["responses"][place[-1]]
    if "content" not in known:
        assert answer.content == b""
        return
    media = (
        answer.headers["Content-Type"]
        .partition(";")[0]
        .replace("application/problem+json", "application/json")
    )
    assert media in known["content"]
    if media == "application/json":
        check(answer.json(), *place, "content", media, "schema")
    else:
        assert answer.content.startswith(b"%PDF-")
