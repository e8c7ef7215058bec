"""How a message becomes bytes, and how our values become the texts Ropo reads."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from ropo_portal.ropo_one.environments import Endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Every wire member stands in this shape: text, or lists and objects of text.
Wire = dict[str, Any]

_ALPHA_3 = {
    "FI": "FIN", "SE": "SWE", "NO": "NOR", "DK": "DNK", "IS": "ISL", "AX": "ALA", "EE": "EST", "LV": "LVA",
    "LT": "LTU", "DE": "DEU", "PL": "POL", "NL": "NLD", "BE": "BEL", "LU": "LUX", "FR": "FRA", "GB": "GBR",
    "IE": "IRL", "ES": "ESP", "PT": "PRT", "IT": "ITA", "AT": "AUT", "CH": "CHE", "CZ": "CZE", "SK": "SVK",
    "HU": "HUN", "RO": "ROU", "BG": "BGR", "GR": "GRC", "HR": "HRV", "SI": "SVN", "CY": "CYP", "MT": "MLT",
    "FO": "FRO", "GL": "GRL", "UA": "UKR", "US": "USA", "CA": "CAN", "AU": "AUS", "SJ": "SJM", "LI": "LIE",
}  # fmt: skip
_LANGUAGES = {"fi": "fin", "sv": "swe", "nb": "nor", "nn": "nor", "no": "nor", "en": "eng"}
ALPHA_3 = frozenset(_ALPHA_3.values())


class MessageError(ValueError):
    """These values cannot become a message that Ropo would take."""


@dataclass(frozen=True)
class Message:
    """One call's content, ready to be frozen as bytes. The content is never changed once built."""

    endpoint: Endpoint
    content: Mapping[str, Any] = field(repr=False)

    def to_bytes(self) -> bytes:
        """Compact UTF-8 JSON; the same message always gives the same bytes."""
        text = json.dumps(self.content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise MessageError("A text holds half of a character pair, which cannot be sent.") from error


def jobs_message(dataset: Wire) -> Message:
    """Put one job into the envelope of a delivery."""
    return Message(Endpoint.JOBS, {"datastream": {"dataset": [dataset]}})


def combined(messages: Sequence[Message]) -> Message:
    """One delivery of several print invoices; only type 300 may travel together."""
    datasets: list[Wire] = []
    for message in messages:
        if message.endpoint is not Endpoint.JOBS:
            raise MessageError("Only jobs can share a delivery.")
        datasets.extend(message.content["datastream"]["dataset"])
    if not datasets or any(dataset["jobtype"] != "300" for dataset in datasets):
        raise MessageError("Only print invoices can share a delivery.")
    return Message(Endpoint.JOBS, {"datastream": {"dataset": datasets}})


def without_empty(members: Mapping[str, Any]) -> Wire:
    """Leave out what was not given; an empty text would ask Ropo for a default we did not choose."""
    return {name: value for name, value in members.items() if value not in ("", None, [], {})}


def decimal_of(value: Decimal | int | str) -> Decimal:
    """Our number as a finite Decimal; floats are never money."""
    if isinstance(value, float | bool):
        raise MessageError("A number must be given as Decimal, int or text.")
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError) as error:
        raise MessageError("This is not a number.") from error
    if not number.is_finite():
        raise MessageError("A number must be finite.")
    return number


def amount_text(value: Decimal | int | str | None) -> str:
    """Money with a point and exactly two decimals; a third decimal is refused, never rounded away."""
    if value is None:
        return ""
    number = decimal_of(value)
    cents = number.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    if cents != number:
        raise MessageError("An amount has at most two decimals.")
    return f"{abs(cents) if cents == 0 else cents:f}"


def number_text(value: Decimal | int | str | None, *, least_decimals: int = 0) -> str:
    """A quantity, percentage or unit price: as precise as given, without exponent or idle zeros."""
    if value is None:
        return ""
    number = decimal_of(value).normalize()
    exponent = number.as_tuple().exponent
    decimals = max(least_decimals, -exponent if isinstance(exponent, int) else 0, 0)
    text = f"{number:.{decimals}f}"
    return text.removeprefix("-") if number == 0 else text


def date_text(value: dt.date | str | None) -> str:
    """A day as Ropo writes it, YYYY-MM-DD."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        raise MessageError("A day is needed, not a moment.")
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError as error:
            raise MessageError("This day does not exist.") from error
    return value.isoformat()


def flag_text(value: bool | int | str | None) -> str:  # noqa: FBT001 - a flag is what it writes
    """Yes as 1 and no as 0."""
    if value is None or value == "":
        return ""
    if value in (True, "1", "true"):
        return "1"
    if value in (False, "0", "false"):
        return "0"
    raise MessageError("This can only be yes or no.")


def country_text(alpha_2: str) -> str:
    """A country in three letters; three letters are passed on as they are."""
    code = alpha_2.strip().upper()
    if not code or code in ALPHA_3:
        return code
    if code not in _ALPHA_3:
        raise MessageError(f"The country {code} has no three-letter code here.")
    return _ALPHA_3[code]


def language_text(language: str) -> str:
    """A language in three letters."""
    code = language.strip().lower().partition("-")[0].partition("_")[0]
    if not code or code in _LANGUAGES.values():
        return code
    if code not in _LANGUAGES:
        raise MessageError(f"Ropo is not known to write in {code}.")
    return _LANGUAGES[code]
