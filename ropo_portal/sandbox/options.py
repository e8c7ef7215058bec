"""What the stand-in was told at its start, and what the control page may change afterwards."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

PROFILES = ("guessed", "xml", "single", "counts", "strings", "comma")
ERROR_SHAPES = ("rotate", "error", "auth", "problem", "profile")
DUPLICATES = ("asked", "always", "never")
VAT_ROUNDINGS = ("group", "row")
CURRENCIES = {"FI": "EUR", "SE": "SEK", "NO": "NOK"}
FIRST_OPENED = 8_000_001
ZONES = {"FI": ("Europe/Helsinki", 2), "SE": ("Europe/Stockholm", 1), "NO": ("Europe/Oslo", 1)}


@dataclass(frozen=True)
class Account:
    """One known pair of customer number and API code, in one country."""

    cid: str
    apicode: str
    country: str

    @property
    def currency(self) -> str:
        return CURRENCIES[self.country]

    @property
    def zone(self) -> dt.tzinfo:
        name, hours = ZONES[self.country]
        try:
            return ZoneInfo(name)
        except ZoneInfoNotFoundError:  # a machine without time zone data: standard time will do
            return dt.timezone(dt.timedelta(hours=hours))


DEFAULT_ACCOUNTS = (
    Account("1099001", "Pihlaja-7421", "FI"),
    Account("2099001", "Lavskrika-5530", "SE"),
    Account("3099001", "Multebaer-6184", "NO"),
)


class WrongOption(ValueError):
    """A switch was set to something it does not know."""


@dataclass
class Options:
    """The switches of the stand-in; every uncertain answer of Ropo One has one."""

    accounts: tuple[Account, ...] = DEFAULT_ACCOUNTS
    profile: str = "guessed"
    error_shape: str = "rotate"
    rejected_status: int = 201
    vat_rounding: str = "group"
    duplicates: str = "asked"
    pdf_delay: float = 0.0
    lookup_lag: float = 0.0
    token_seconds: int = 7200
    max_datasets: int = 1000
    max_body: int = 20_000_000
    unknown_codes: bool = False
    # Fees and interest are told as updates of kinds of their own; the kinds and the sums are invented.
    costs: bool = True
    seed: int = 0
    rate: float = 0.0
    pool: tuple[str, ...] = field(default=())
    # Accounts opened while it ran; the ledger remembers them.
    opened: tuple[Account, ...] = field(default=())

    CHOICES: ClassVar[dict[str, tuple[object, ...]]] = {
        "profile": PROFILES,
        "error_shape": ERROR_SHAPES,
        "vat_rounding": VAT_ROUNDINGS,
        "duplicates": DUPLICATES,
        "rejected_status": (201, 400),
    }

    def __post_init__(self) -> None:
        for name, choices in self.CHOICES.items():
            if getattr(self, name) not in choices:
                raise WrongOption(f"{name} must be one of {', '.join(map(str, choices))}")

    @property
    def all_accounts(self) -> tuple[Account, ...]:
        return self.accounts + self.opened

    def account(self, cid: str) -> Account | None:
        return next((account for account in self.all_accounts if account.cid == cid), None)

    def open_account(self, country: str) -> Account:
        """Make an account that nobody has yet."""
        if country not in ZONES:
            raise WrongOption(f"the country must be one of {', '.join(ZONES)}")
        taken = [int(one.cid) for one in self.all_accounts if one.cid.isdigit()]
        account = Account(str(max([FIRST_OPENED - 1, *taken]) + 1), secrets.token_urlsafe(12), country)
        self.opened += (account,)
        return account

    def change(self, values: dict[str, Any]) -> None:
        """Set the named switches, all or none of them."""
        known = {each.name for each in fields(self)} - {"accounts", "opened"}
        if unknown := set(values) - known:
            raise WrongOption(f"no such switch: {', '.join(sorted(unknown))}")
        typed = {name: _like(getattr(self, name), value) for name, value in values.items()}
        Options(**(vars(self) | typed))
        vars(self).update(typed)


def _like(sample: object, value: Any) -> Any:
    if isinstance(sample, bool):
        return value in (True, "true", "1", "on", 1)
    if isinstance(sample, tuple):
        return tuple(value.split(",")) if isinstance(value, str) else tuple(value)
    if isinstance(sample, int | float | str):
        return type(sample)(value)
    raise WrongOption("this switch cannot be changed")


def accounts_from(path: Path) -> tuple[Account, ...]:
    """Read accounts from a JSON list of {cid, apicode, country}."""
    return listed_accounts(path.read_text(encoding="utf-8"))


def listed_accounts(text: str) -> tuple[Account, ...]:
    """Read accounts from the text of such a list."""
    listed = json.loads(text)
    return tuple(
        Account(str(each["cid"]), str(each["apicode"]), str(each["country"]).upper()) for each in listed
    )
