"""Room: what was found in order when the file was read, and still is: only the world around it is asked again."""

import datetime as dt
import hashlib
import json
import sys
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.copying import among
from ropo_portal.identifiers import new_id
from ropo_portal.imports import lines
from ropo_portal.imports.finding import Finder, Identity
from ropo_portal.imports.judging import Judgement
from ropo_portal.imports.models import Import, ImportedLines, Verdict
from ropo_portal.invoices.content import PlainInvoice
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.operations import DEBTOR_FIELDS

# Where the rules stand by which an invoice of a file is judged.
RULES: Final = ("days", "money", "identifiers", "parties", "invoices", "imports", "accounts.models")
# What changes from day to day and decides nothing about an invoice.
VOLATILE: Final = frozenset(
    {"next_number", "last_checked_at", "last_check_ok", "blocked_until", "sending_paused", "paused_reason"}
)
FACTS: Final = tuple(sorted(DEBTOR_FIELDS - {"national_id"}))
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@cache
def rules_print() -> str:
    """Return a fingerprint of the rules as they are written: another version of the portal judges for itself."""
    names = tuple(f"ropo_portal.{room}" for room in RULES)
    files = {
        str(module.__file__)
        for name, module in list(sys.modules.items())
        if name.startswith(names) and getattr(module, "__file__", None)
    }
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def basis(environment: CreditorEnvironment, today: dt.date) -> str:
    """Return a fingerprint of all that a judgement rests on but the file, the debtors and other invoices."""
    told = [rules_print(), today.isoformat(), str(environment.allows_test_ids)]
    for row in (environment, environment.creditor):
        told += [
            f"{one.attname}={getattr(row, one.attname)}"
            for one in row._meta.concrete_fields
            if one.attname not in VOLATILE
        ]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def noted(one: Judgement, who: Identity, told: set[str]) -> tuple[str, str]:
    """
    Write down an invoice that is in order, and the personal id of its new debtor, which is to be sealed.

    `told` holds the new debtors whose facts were written down with an earlier invoice.
    """
    debtor = one.found.debtor
    if one.verdict != Verdict.NEW or one.content is None or debtor is None:
        return "", ""
    invoice = PlainInvoice.of(one.content).to_list()
    if not one.found.is_new:
        return _encoded([invoice, who.words, [str(debtor.pk), debtor.revision], None]), ""
    if one.found.key in told:
        return _encoded([invoice, who.words, None, None]), ""
    told.add(one.found.key)
    facts = {name: getattr(debtor, name) for name in FACTS}
    return _encoded([invoice, who.words, None, facts]), debtor.national_id


class Standee(NamedTuple):
    """What of a stored debtor the steps of finding look at."""

    pk: uuid.UUID
    customer_number: str
    business_id: str
    national_id_hash: str
    search_name: str
    postcode: str
    name: str
    revision: int
    merged_into_id: uuid.UUID | None

    @property
    def current(self) -> "Standee":
        """Itself; a double never stands."""
        return self

    def is_as_it_was(self, pk: object, revision: int) -> bool:
        """Whether it is this debtor, unchanged and no double."""
        return self.merged_into_id is None and self.revision == revision and str(self.pk) == str(pk)


class Lookout(Finder):
    """Finds by the same steps, among rows that hold no more than these need."""

    def rows(self, debtors: Any) -> Iterable[Any]:
        """Read rows."""
        return (Standee(*row) for row in debtors.select_related(None).values_list(*Standee.__annotations__))


class Waiting(NamedTuple):
    """One staged invoice that shall be created."""

    pk: uuid.UUID
    debtor_key: str
    ready: str
    identities: str


@dataclass(slots=True)
class Chosen:
    """Invoices that stand, and the new debtors they bring."""

    ids: list[uuid.UUID] = field(default_factory=list)
    invoices: list[PlainInvoice] = field(default_factory=list)
    debtors: dict[str, Debtor] = field(default_factory=dict)


class Standing:
    """Tells, block by block of one run, which staged invoices stand as they were judged."""

    def __init__(self, batch: Import, environment: CreditorEnvironment) -> None:
        self.batch, self.environment = batch, environment
        self.finder = Lookout(environment)
        # The debtors this import has created, by what its lines say of them.
        self.mine: dict[str, uuid.UUID] = {}
        if batch.created_count:
            made = batch.invoices.exclude(invoice=None).exclude(debtor_key="")
            self.mine = dict(made.values_list("debtor_key", "invoice__debtor_id"))

    def waiting(self, size: int) -> list[Waiting]:
        """Return the next invoices that shall be created."""
        rows = self.batch.invoices.ready().order_by("position", "pk")
        chosen = dict(rows.values_list("pk", "debtor_key")[:size])
        # Asked by key: a join could be answered by reading the lines of the whole file for every block.
        kept = ImportedLines.objects.filter(among("imported", chosen))
        found = {pk: texts for pk, *texts in kept.values_list("imported_id", "ready", "identities")}
        return [Waiting(pk, key, *found.get(pk, ("", ""))) for pk, key in chosen.items()]

    def holds(self, environment: CreditorEnvironment, at: dt.datetime) -> bool:
        """Tell whether rules, day and creditor are what they were when the file was judged."""
        return self.batch.judged_under == basis(environment, environment.today(at))

    def first(self, rows: Sequence[Waiting]) -> Chosen:
        """Return those of the first invoices that stand without a gap."""
        documents = {row.pk: json.loads(row.ready) for row in rows if row.ready}
        whos = {pk: Identity(*document[1]) for pk, document in documents.items()}
        self.finder.load(whos.values())
        chosen = Chosen()
        for row in rows:
            if row.pk not in documents or not self._takes(chosen, row, documents.pop(row.pk), whos[row.pk]):
                break
        return chosen

    def _takes(self, chosen: Chosen, row: Waiting, document: list[Any], who: Identity) -> bool:
        """Take an invoice in when its debtor is the one it was judged with."""
        values, _who, stored, facts = document
        found, fault = self.finder.stored(who)
        if fault:
            return False
        debtor_id: object
        if stored:
            debtor_id = stored[0]
            stands = found is not None and found.is_as_it_was(*stored)  # type: ignore[attr-defined]
        elif found is not None:
            debtor_id = self.mine.get(row.debtor_key)
            stands = found.is_as_it_was(debtor_id, 1)  # type: ignore[attr-defined]
        else:
            debtor_id = self._new(chosen, row, facts)
            stands = debtor_id is not None
        if stands:
            chosen.ids.append(row.pk)
            chosen.invoices.append(PlainInvoice(str(debtor_id), *values[1:]))
        return stands

    def _new(self, chosen: Chosen, row: Waiting, facts: dict[str, str] | None) -> uuid.UUID | None:
        """Return the key of a debtor who comes with this block."""
        if row.debtor_key not in chosen.debtors and facts:
            hidden = lines.opened(row.pk, row.identities).get(lines.OF_DEBTOR, "")
            chosen.debtors[row.debtor_key] = Debtor(
                id=new_id(), creditor=self.environment.creditor, national_id=hidden, **facts
            )
        known = chosen.debtors.get(row.debtor_key)
        return known.pk if known else None

    def created(self, chosen: Chosen) -> None:
        """Remember whom a block has brought, once it is written."""
        self.mine |= {key: debtor.pk for key, debtor in chosen.debtors.items()}
