"""Lists: what a room says of a list of its own, for those who narrow, keep and take away lists of every kind."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Column:
    """One column: its name in addresses, its heading, and what a row has in it. Never an address or a personal id."""

    name: str
    label: Words
    value: Callable[[Any], Any]
    is_fixed: bool = False  # cannot be hidden
    is_usual: bool = True  # shown to those who have chosen nothing
    is_on_screen: bool = True  # some stand in files alone


@dataclass(frozen=True)
class Listing:
    """One list: where it stands, how an address narrows it, and its columns in their order."""

    name: str
    route: str
    title: Words
    columns: tuple[Column, ...]
    form: Callable[[Mapping[str, str], Any], Any]  # of an address and an environment
    rows: Callable[[Any, Any, dt.date], QuerySet[Any]]  # of a form, an environment and its day
    order: tuple[str, ...]

    @property
    def choosable(self) -> list[Column]:
        """The columns a reader may show or hide."""
        return [column for column in self.columns if column.is_on_screen and not column.is_fixed]


LISTINGS: dict[str, Listing] = {}


def register(listing: Listing) -> None:
    """Make a list known; a room does it where its list is drawn."""
    LISTINGS[listing.name] = listing
