"""The table of routes as the suite reads it, and the routes as Django has them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

TABLE = Path(__file__).with_name("table.toml")
# Rooms of others: each has a list of its own in test_of_others.py.
OF_OTHERS = ("admin", "account_", "mfa_")
# For developers: it answers only where nobody works for real.
FOR_DEVELOPERS = frozenset({"ui:gallery", "ui:gallery_options"})
# For Ropo One: these ask for credentials of their own (tests/submissions/test_webhook.py).
FOR_MACHINES = frozenset({"doors:events", "doors:token"})
NAMELESS = frozenset({""})


@dataclass(frozen=True)
class Route:
    """One row of the table."""

    name: str
    methods: list[str]
    action: str
    rows: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    house: Mapping[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    anywhere: bool = False
    hidden: bool = False

    @property
    def names_a_row(self) -> bool:
        """Whether a creditor's row is named by the request."""
        return bool(self.rows or self.data)

    def __str__(self) -> str:
        return self.name


def table() -> list[Route]:
    """Return every row of the table."""
    return [Route(name, **facts) for name, facts in tomllib.loads(TABLE.read_text()).items()]


def walked(
    resolver: URLResolver | None = None, space: str = "", prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield name and pattern of every address there is."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or ''}", f"{prefix}{pattern.pattern}"
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from walked(pattern, inner, f"{prefix}{pattern.pattern}")


def ours() -> set[str]:
    """Return the names of our own routes."""
    names = {name for name, _address in walked() if not name.startswith(OF_OTHERS)}
    return names - FOR_DEVELOPERS - FOR_MACHINES - NAMELESS


def unnamed() -> list[str]:
    """Return the addresses without a name, which no table can hold."""
    return [address for name, address in walked() if not name and not address.startswith("support/")]


def required(callback: Any) -> str:
    """Return what a view asks for by its own decorator."""
    return "public" if getattr(callback, "is_public", False) else getattr(callback, "required_action", "")
