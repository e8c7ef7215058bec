"""Room: how an invoice of a file finds its debtor: customer number, then id, then exact name and post code; never a guess."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import LANGUAGES, Creditor, CreditorEnvironment
from ropo_portal.copying import among
from ropo_portal.encryption import keyed_hash
from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers import check_business_id, new_id
from ropo_portal.imports.columns import DEBTOR
from ropo_portal.parties import refusals
from ropo_portal.parties.models import LONGEST_SEARCH, NATIONAL_ID_PURPOSE, Channel, Debtor

COLUMN_OF: Final = {name: column for column, name in DEBTOR.items()} | {
    "business_id": "debtor_id", "national_id": "debtor_id", "kind": "debtor_kind", "channel": "einvoice_address",
}  # fmt: skip
KINDS: Final = {
    **dict.fromkeys(
        ("company", "yritys", "företag", "foretak", "bedrift", "1", "c", "b2b"), Debtor.Kind.COMPANY
    ),
    **dict.fromkeys(
        ("person", "private", "henkilö", "kuluttaja", "privatperson", "consumer", "2", "p", "b2c"),
        Debtor.Kind.PERSON,
    ),
}
# How many new debtors are kept in mind between two blocks.
MOST_KEPT = 4000
# How the key of a debtor begins who has neither number nor id.
ONLY_NAMED: Final = "~"


@dataclass(slots=True)
class Identity:
    """Who a line says the debtor is: what the three steps of the rule look for."""

    number: str = ""
    business_id: str = ""
    national_id: str = ""
    national_hash: str = ""
    name: str = ""
    postcode: str = ""
    refusal: DomainError | None = None
    _key: str = ""

    @property
    def words(self) -> list[str]:
        """What the steps look for, and `Identity(*words)` looks for again; an id of a person only as its hash."""
        return [self.number, self.business_id, "", self.national_hash, self.name, self.postcode]

    @property
    def key(self) -> str:
        """What tells one new debtor of a file from another."""
        if not self._key:
            first = self.number or self.business_id or self.national_hash
            kind, told = ("number" if self.number else "id", first) if first else (self.name, self.postcode)
            self._key = ("=" if first else ONLY_NAMED) + _digest(kind, told)[1:]
        return self._key


@dataclass(slots=True)
class Found:
    """The debtor of an invoice, stored or new; or why there is none, by column."""

    debtor: Debtor | None = None
    is_new: bool = False
    key: str = ""
    print: str = ""
    faults: list[tuple[str, DomainError]] = field(default_factory=list)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@lru_cache(maxsize=20_000)
def business_id_or_blank(country: str, text: str) -> str:
    """Return a business id as it is stored, or nothing when the text is none of that country."""
    try:
        return check_business_id(country, text)
    except DomainError:
        return ""


class Finder:
    """Finds the debtors of one creditor, a block of invoices at a time."""

    def __init__(self, environment: CreditorEnvironment) -> None:
        self.creditor: Creditor = environment.creditor
        self.allow_test = environment.allows_test_ids
        self.by: dict[str, dict[Any, list[Debtor]]] = {
            name: defaultdict(list) for name in ("number", "id", "name")
        }
        self.made: dict[str, Found] = {}
        self._identities: dict[tuple[str, ...], Identity] = {}

    def identity(self, cells: Mapping[str, str]) -> Identity:
        """Read who a line speaks of; the same words are read once."""
        names = ("debtor_number", "debtor_id", "debtor_name", "post_code", "debtor_country", "debtor_kind")
        words = tuple(cells.get(name, "") for name in names)
        known = self._identities.get(words)
        if known is None:
            known = self._identities[words] = self._read(*words)
        return known

    def _read(self, number: str, text: str, name: str, postcode: str, country: str, kind: str) -> Identity:
        country = (country or self.creditor.country).upper()
        compact = postcode.replace(" ", "")
        found = Identity(number=number, name=name.casefold()[:LONGEST_SEARCH], postcode=compact)
        if not text:
            return found
        if KINDS.get(kind.casefold()) != Debtor.Kind.PERSON:
            found.business_id = business_id_or_blank(country, text)
        if not found.business_id:
            try:
                found.national_id = refusals.personal_id(
                    text, country, self.creditor, allow_test=self.allow_test
                )
                found.national_hash = keyed_hash(NATIONAL_ID_PURPOSE, found.national_id)
            except DomainError as refusal:
                found.refusal = _id_refusal(country, text, kind, refusal)
        return found

    def load(self, identities: Iterable[Identity]) -> None:
        """Ask the database, once a block, for everybody these may be."""
        wanted = list(identities)
        for rows in self.by.values():
            rows.clear()
        if len(self.made) > MOST_KEPT:
            self.made.clear()
        if len(self._identities) > MOST_KEPT:
            self._identities.clear()
        for row in self._chosen("customer_number", {one.number for one in wanted}):
            self.by["number"][row.customer_number].append(row)
        for row in self._chosen("business_id", {one.business_id for one in wanted}):
            self.by["id"][row.business_id].append(row)
        for row in self._chosen("national_id_hash", {one.national_hash for one in wanted}):
            self.by["id"][row.national_id_hash].append(row)
        nameless = {one.name for one in wanted if one.name}
        for row in self._chosen("search_name", nameless):
            self.by["name"][row.search_name, row.postcode].append(row)

    def _chosen(self, name: str, values: set[str]) -> Iterable[Any]:
        """Read the creditor's debtors with these values; a double's number is still taken, and means what it became."""
        values.discard("")
        debtors = Debtor.objects.filter(creditor=self.creditor).select_related("merged_into")
        return self.rows(debtors.filter(among(name, values))) if values else ()

    def rows(self, debtors: Any) -> Iterable[Any]:
        """Read rows."""
        found: Iterable[Any] = debtors
        return found

    def find(self, cells: Mapping[str, str], who: Identity) -> Found:
        """Return the debtor of a line, and of whom it speaks, by the written rule."""
        if who.refusal:
            return Found(faults=[("debtor_id", who.refusal)])
        stored, fault = self.stored(who)
        if fault:
            return Found(faults=[fault])
        if stored:
            return Found(debtor=self._with_creditor(stored))
        return self._new(who, cells)

    def stored(self, who: Identity) -> tuple[Debtor | None, tuple[str, DomainError] | None]:
        """Walk the three steps; several, or one that contradicts the line, is an error and never a choice."""
        steps = (
            ("debtor_number", self.by["number"].get(who.number, ()) if who.number else ()),
            ("debtor_id", self.by["id"].get(who.business_id or who.national_hash or None, ())),
            ("debtor_name", [row for row in self.by["name"].get((who.name, who.postcode), ())
                             if not _contradicts(row, who)] if who.name else ()),
        )  # fmt: skip
        for column, rows in steps:
            if count := len({row.current.pk for row in rows}):
                return _only(rows, count, who, column)
        return None, None

    def _new(self, who: Identity, cells: Mapping[str, str]) -> Found:
        """Return the debtor the line would create; two lines about one new debtor must say the same."""
        key, told = who.key, _print(cells)
        known = self.made.get(key)
        if known and known.print == told:
            return known
        values, faults = self._values(who, cells)
        facts, refused = refusals.facts(values, creditor=self.creditor, allow_test=self.allow_test)
        faults += [(COLUMN_OF.get(one.field or "", "debtor_name"), one) for one in refused]
        if faults:
            return Found(key=key, print=told, faults=faults)
        made = Found(Debtor(id=new_id(), creditor=self.creditor, **facts), is_new=True, key=key, print=told)
        if not known:
            self.made[key] = made
        return made

    def _values(
        self, who: Identity, cells: Mapping[str, str]
    ) -> tuple[dict[str, str], list[tuple[str, DomainError]]]:
        country = (cells.get("debtor_country") or self.creditor.country).upper()
        kind = _kind(who, cells.get("debtor_kind", ""))
        values = {name: cells.get(column, "") for column, name in DEBTOR.items()}
        values |= {
            "country": country,
            "language": (values["language"] or LANGUAGES.get(country, "en")).lower(),
            "business_id": who.business_id,
            "national_id": who.national_id,
        }
        pair = values["einvoice_address"] and values["einvoice_operator"]
        values["channel"] = Channel.EINVOICE if pair and kind == Debtor.Kind.COMPANY else Channel.POST
        if kind:
            return values | {"kind": kind}, []
        message = _("Say whether this new debtor is a company or a private person, or give the id.")
        return values, [("debtor_kind", DomainError(message, code="kind_unknown"))]

    def _with_creditor(self, debtor: Debtor) -> Debtor:
        debtor.creditor = self.creditor
        return debtor


def _only(
    rows: Sequence[Debtor], count: int, who: Identity, column: str
) -> tuple[Debtor | None, tuple[str, DomainError] | None]:
    """Return the one debtor these rows are, or became; several, or one with another number, is an error."""
    if count > 1:
        message = sentence(_("%(count)s debtors fit. Write the customer number."), count=count)
        return None, (column, DomainError(message, code="several_debtors"))
    fitting = [row for row in rows if not _contradicts(row, who)]
    if fitting:
        return fitting[0].current, None
    message = _another(rows[0], who)
    return None, (column, DomainError(message, code="debtor_contradicts"))


def _another(row: Debtor, who: Identity) -> Any:
    """Say what a found debtor has differently; a customer number is told, an id is not."""
    if who.number and row.customer_number and row.customer_number != who.number:
        words = _("%(name)s is found by this, but has the customer number %(number)s.")
        return sentence(words, name=row.name, number=row.customer_number)
    words = _("%(name)s is found by this, but has another %(what)s.")
    return sentence(words, name=row.name, what=_contradicts(row, who))


def _kind(who: Identity, text: str) -> str:
    if who.business_id or who.national_id:
        return Debtor.Kind.COMPANY if who.business_id else Debtor.Kind.PERSON
    return KINDS.get(text.strip().casefold(), "")


def _contradicts(row: Debtor, who: Identity) -> Any:
    """Return the word for what a stored debtor and a line both have, and differently."""
    if who.number and row.customer_number and row.customer_number != who.number:
        return _("customer number")
    if who.business_id and (row.national_id_hash or row.business_id not in ("", who.business_id)):
        return _("business id")
    if who.national_hash and (row.business_id or row.national_id_hash not in ("", who.national_hash)):
        return _("personal identity code")
    return None


def _id_refusal(country: str, text: str, kind: str, personal: DomainError) -> DomainError:
    """Return the refusal of the kind of id the text was meant to be: a company's, unless the line says a person."""
    if KINDS.get(kind.casefold()) == Debtor.Kind.PERSON or country not in LANGUAGES:
        return personal
    if KINDS.get(kind.casefold()) == Debtor.Kind.COMPANY:
        try:
            check_business_id(country, text)
        except DomainError as refusal:
            return refusal
    message = _(
        "This is neither a business id nor a personal identity code: its check digit or form does not fit."
    )
    return DomainError(message, code="not_an_id")


def _print(cells: Mapping[str, str]) -> str:
    """Return a fingerprint of what a line says about its debtor."""
    return _digest(*(cells.get(column, "") for column in DEBTOR), cells.get("debtor_id", ""))[:32]
