"""The places where a Ropo One answers, and the paths it answers on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


class Stage(StrEnum):
    """How serious a call to an environment is."""

    SANDBOX = "sandbox"
    TEST = "test"
    PRODUCTION = "production"


class Endpoint(StrEnum):
    """Every call the client can make."""

    TOKEN = "token"  # noqa: S105 - the name of a path, not a secret
    JOBS = "jobs"
    JOB = "job"
    PAYMENT = "payment"
    CREDIT_NOTE = "creditnote"
    PDF = "pdf"
    PREVIEW = "preview"
    LOCAL_PRINT = "localprint"
    STATUS_UPDATES = "statusupdates"
    CUSTOMER_INVOICES = "findbyendcustomer"


# Preview, local print and the path of a single job are guesses of the contract; see docs/ropo-one/contract.md.
PATHS: Mapping[Endpoint, str] = MappingProxyType(
    {
        Endpoint.TOKEN: "/token",
        Endpoint.JOBS: "/jobs",
        Endpoint.JOB: "/jobs",
        Endpoint.PAYMENT: "/jobs/payment",
        Endpoint.CREDIT_NOTE: "/jobs/creditnote",
        Endpoint.PDF: "/jobs/pdf",
        Endpoint.PREVIEW: "/jobs/preview",
        Endpoint.LOCAL_PRINT: "/jobs/localprint",
        Endpoint.STATUS_UPDATES: "/jobs/statusupdates",
        Endpoint.CUSTOMER_INVOICES: "/jobs/findbyendcustomer",
    }
)

REGISTERING: frozenset[Endpoint] = frozenset(
    {Endpoint.JOBS, Endpoint.PAYMENT, Endpoint.CREDIT_NOTE, Endpoint.LOCAL_PRINT}
)


@dataclass(frozen=True)
class Environment:
    """One country's Ropo One at one stage; every pair of credentials belongs to exactly one."""

    name: str
    country: str
    stage: Stage
    base_url: str
    currency: str
    time_zone: str


class UnknownEnvironment(ValueError):
    """No Ropo One goes by this name, or its address cannot be used."""


_COUNTRIES = {
    "FI": ("EUR", "Europe/Helsinki"),
    "SE": ("SEK", "Europe/Stockholm"),
    "NO": ("NOK", "Europe/Oslo"),
}
_HOSTS = {Stage.TEST: "https://rc.ropo24.{}/rest", Stage.PRODUCTION: "https://ropo24.{}/rest"}


def _remote(country: str, stage: Stage) -> Environment:
    currency, time_zone = _COUNTRIES[country]
    domain = country.lower()
    return Environment(
        name=f"{domain}-{stage}",
        country=country,
        stage=stage,
        base_url=_HOSTS[stage].format(domain),
        currency=currency,
        time_zone=time_zone,
    )


ENVIRONMENTS: Mapping[str, Environment] = MappingProxyType(
    {found.name: found for country in _COUNTRIES for stage in _HOSTS for found in [_remote(country, stage)]}
)


def environment(name: str, *, sandbox_url: str | None = None, country: str | None = None) -> Environment:
    """Find an environment by name; the sandbox needs its address and takes any of the three countries."""
    if name != Stage.SANDBOX:
        if name not in ENVIRONMENTS:
            raise UnknownEnvironment(f"There is no Ropo One environment called {name!r}.")
        return ENVIRONMENTS[name]
    home = (country or "FI").upper()
    if home not in _COUNTRIES:
        raise UnknownEnvironment(f"The sandbox does not know the country {home!r}.")
    currency, time_zone = _COUNTRIES[home]
    return Environment(
        name=Stage.SANDBOX.value,
        country=home,
        stage=Stage.SANDBOX,
        base_url=_checked_url(sandbox_url),
        currency=currency,
        time_zone=time_zone,
    )


def _checked_url(url: str | None) -> str:
    parts = urlsplit(url or "")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise UnknownEnvironment("The sandbox needs an http or https address without query or fragment.")
    if parts.username or parts.password:
        raise UnknownEnvironment("The address of the sandbox must not hold a user name or password.")
    return (url or "").rstrip("/")
