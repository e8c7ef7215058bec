"""Room: what is to be said of each invoice of a file: new, existing, or wrong, with every error at its cell."""

import datetime as dt
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers import check_invoice_number, normalized_number
from ropo_portal.imports import columns, creditable
from ropo_portal.imports.columns import Fault, Group
from ropo_portal.imports.finding import COLUMN_OF, ONLY_NAMED, Finder, Found, Identity
from ropo_portal.imports.models import Verdict
from ropo_portal.invoices import numbering, refusals
from ropo_portal.invoices.content import MOST_ROWS, InvoiceContent
from ropo_portal.invoices.numbering import CreditNoteTaken, NumberTaken
from ropo_portal.parties.models import Debtor

COLUMN = {name: column for column, name in columns.HEAD.items()} | {
    f"row_{name}": column for column, name in columns.ROW.items()
} | {"rows": "row_price", "debtor": "debtor_name"}  # fmt: skip


@dataclass(slots=True)
class Judgement:
    """What came of one invoice of the file."""

    group: Group
    who: Identity
    verdict: str = Verdict.NEW
    faults: list[Fault] = field(default_factory=list)
    content: InvoiceContent | None = None
    credit: creditable.Credit | None = None
    found: Found = field(default_factory=Found)
    number: str = ""
    reference: str = ""
    is_credit: bool = False

    @property
    def total(self) -> Decimal | None:
        """The total, where the rows could be read; below zero for a credit note."""
        if self.credit:
            return -self.credit.total
        return self.content.sums.total if self.content else None


@dataclass
class Others:
    """What other invoices of the same file claim already: references, and what they say of new debtors."""

    references: dict[str, str] = field(default_factory=dict)
    prints: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def load(self, references: Collection[str]) -> None:
        """Recall what other invoices with these references say; here all of that stands ready."""

    def are_one(self, key: str, told: str, who: Identity) -> bool:
        """Tell whether nothing else in the file speaks of the same new debtor in other words."""
        owners = [self.prints.setdefault(key, told) == told]
        if token := who.business_id or who.national_hash:
            owners.append(self.ids.setdefault(token, key) == key)
        if who.name:
            first = self.names.setdefault(f"{who.name}\0{who.postcode}", key)
            # Two of one name may have two numbers, but one with a number or an id and one without may be the same.
            owners.append(first == key or (first[0] != ONLY_NAMED and key[0] != ONLY_NAMED))
        return all(owners)


class Judge:
    """Checks invoices by the rules of the forms, a block at a time; asks the database a fixed number of questions."""

    def __init__(
        self,
        environment: CreditorEnvironment,
        *,
        at: dt.datetime,
        has_numbers: bool = True,
        others: Others | None = None,
    ) -> None:
        self.environment, self.has_numbers = environment, has_numbers
        self.today = environment.today(at)
        self.finder = Finder(environment)
        self.credits = creditable.Credits(environment, self.today)
        self.others = others or Others()
        self.term = dt.timedelta(days=environment.creditor.payment_term_days)
        self.taken: Mapping[str, DomainError] = {}
        self.used: Mapping[str, DomainError] = {}

    def block(self, groups: Sequence[Group]) -> list[Judgement]:
        """Judge invoices, in their order."""
        return list(self.each(groups))

    def each(self, groups: Sequence[Group]) -> Iterator[Judgement]:
        """Ask the database all there is to ask; then judge invoices one by one, as they are taken."""
        found = self._asked(groups)
        # What a credit note credits is asked for one by one; the others have all their answers.
        is_asking = any(one.is_credit for one in found)
        return iter([self._judged(one) for one in found]) if is_asking else self._drained(deque(found))

    def _drained(self, found: deque[Judgement]) -> Iterator[Judgement]:
        """Judge one after the other, and let each go when the next is asked for."""
        while found:
            yield self._judged(found.popleft())

    def _asked(self, groups: Sequence[Group]) -> list[Judgement]:
        found = [self._named(group) for group in groups]
        keys = {normalized_number(one.number) for one in found if one.number}
        self.taken = numbering.taken_numbers(keys, environment=self.environment)
        references = {one.reference for one in found if one.reference}
        self.used = numbering.taken_references(references, environment=self.environment)
        self.others.load(references)
        self.finder.load(one.who for one in found)
        self.credits.load(groups)
        return found

    def _named(self, group: Group) -> Judgement:
        """Read number and reference, which must be known before the database is asked."""
        found = Judgement(group, self.finder.identity(group.head), is_credit=creditable.is_credit(group))
        text = group.cell("invoice_number")
        if text and "invoice_number" not in group.lines[0].problems:
            try:
                found.number = check_invoice_number(text)
            except DomainError as refusal:
                found.faults.append(group.refusal("invoice_number", refusal))
        try:
            if (given := group.cell("reference")) and not found.is_credit:
                found.reference = numbering.stored_reference(given)
            elif found.number:
                found.reference = numbering.made_reference(found.number, self.environment)
        except DomainError as refusal:
            found.faults.append(group.refusal("reference", refusal))
        return found

    def _judged(self, one: Judgement) -> Judgement:
        taken = self.taken.get(normalized_number(one.number)) if one.number else None
        if isinstance(taken, CreditNoteTaken if one.is_credit else NumberTaken):
            one.verdict, one.faults = Verdict.EXISTING, []
            return one
        group = one.group
        if taken:
            one.faults.append(group.refusal("invoice_number", taken))
        one.faults += [
            *columns.unreadable(group),
            *columns.disagreements(group),
            *self._scope(group, is_credit=one.is_credit),
        ]
        self._reference(one)
        if one.is_credit:
            self._credit(one)
        else:
            self._debtor(one)
            self._content(one)
        if one.faults:
            one.verdict = Verdict.ERROR
        return one

    def _credit(self, one: Judgement) -> None:
        """Read a credit note; its debtor is that of the invoice, and never a new one."""
        found = self.finder.find(one.group.head, one.who)
        stored = found.debtor if found.debtor and not found.is_new else None
        one.credit = self.credits.judge(one.group, one.number, stored, one.faults)
        one.found = Found(debtor=one.credit.invoice.debtor if one.credit else stored)

    def _scope(self, group: Group, *, is_credit: bool) -> Iterable[Fault]:
        """Refuse what this environment does not take: other currencies, invoices that credit, too many rows."""
        currency = group.cell("currency")
        if currency and currency.upper() != self.environment.currency:
            message = sentence(_("Amounts here are in %(currency)s."), currency=self.environment.currency)
            yield group.fault("currency", "currency", message)
        if not is_credit and group.cell("credits_number"):
            message = _("This says that it is an invoice, and names one that it credits.")
            yield group.fault("credits_number", "credit_note", message)
        if not group.cell("invoice_date") and "invoice_date" not in group.lines[0].problems:
            yield group.fault("invoice_date", "required", _("Enter the invoice date."))
        if self.has_numbers and not group.cell("invoice_number"):
            yield group.fault("invoice_number", "required", _("Enter the invoice number."))
        if len(group.lines) > MOST_ROWS:
            message = sentence(_("An invoice has at most %(most)s rows."), most=MOST_ROWS)
            yield group.fault("row_description", "too_many_rows", message)

    def _reference(self, one: Judgement) -> None:
        if not one.reference:
            return
        if refusal := self.used.get(one.reference):
            one.faults.append(one.group.refusal("reference", refusal))
        other = self.others.references.setdefault(one.reference, one.group.key)
        if other != one.group.key:
            message = sentence(_("Invoice %(number)s of this file has the same reference."), number=other)
            one.faults.append(one.group.fault("reference", "reference_twice", message))

    def _debtor(self, one: Judgement) -> None:
        group = one.group
        one.found = self.finder.find(group.head, one.who)
        one.faults += [group.refusal(column, refusal) for column, refusal in one.found.faults]
        if one.found.is_new and not self.others.are_one(one.found.key, one.found.print, one.who):
            message = _("Another line of this file says something else about the same new debtor.")
            one.faults.append(group.fault("debtor_name", "debtor_told_twice", message))

    def _content(self, one: Judgement) -> None:
        """Read the invoice, and ask the rules of the forms."""
        group, before = one.group, len(one.faults)
        head = columns.read(group, 0, columns.HEAD, one.faults)
        rows = [columns.row(group, place, one.faults) for place in range(min(len(group.lines), MOST_ROWS))]
        extras = columns.extras(group, one.faults)
        debtor = one.found.debtor or Debtor(creditor=self.environment.creditor, country="")
        if len(one.faults) > before or None in rows or "invoice_date" not in head:
            return
        values: dict[str, Any] = {columns.HEAD[column]: value for column, value in head.items()}
        values["number"] = one.number
        values["reference"] = one.reference if one.number else values.get("reference", "")
        values.setdefault("due_date", values["invoice_date"] + self.term)
        values.setdefault("channel", debtor.channel)
        one.content = InvoiceContent(
            debtor=debtor, rows=tuple(row for row in rows if row), extras=extras, **values
        )
        one.faults += self._rules(one, one.content, has_debtor=one.found.debtor is not None)

    def _rules(self, one: Judgement, content: InvoiceContent, *, has_debtor: bool) -> Iterable[Fault]:
        refused = refusals.saving(content, creditor=self.environment.creditor, today=self.today)
        if has_debtor and not refused:
            refused = [*refusals.posting(content), *refusals.person(content.debtor, self.environment)]
        for refusal in refused:
            yield _placed(one.group, refusal)
        yield from _sums(one.group, content, self.environment.currency)


def _placed(group: Group, refusal: DomainError) -> Fault:
    """Put a refusal of an invoice at its line and column."""
    name = refusal.field or ""
    if name.startswith("rows-"):
        _rows, place, name = name.split("-", 2)
        return group.refusal(COLUMN.get(f"row_{name}", "row_description"), refusal, int(place))
    column = COLUMN.get(name) or COLUMN_OF.get(name) or name
    return group.refusal(column, refusal)


def _sums(group: Group, content: InvoiceContent, currency: str) -> Iterable[Fault]:
    """Compare what the file states with what its rows add up to."""
    sums = content.sums
    computed = {"stated_net": sums.net, "stated_vat": sums.vat, "stated_total": sums.total}
    for column, amount in computed.items():
        text = group.cell(column)
        if not text:
            continue
        try:
            stated = columns.amount(text)
            if column == "stated_total":
                refusals.check_sums(content, total=stated, currency=currency)
            elif stated != amount:
                message = sentence(_("The rows add up to %(amount)s."), amount=amount)
                yield group.fault(column, "sums_differ", message)
        except DomainError as refusal:
            yield group.refusal(column, refusal)
